// Work on a stream, many items at a time, results in the order of the items.

/** Yields `work(item)` for each item, in order; at most `width` are under way or waiting to be
 *  taken, so memory is bounded however slow one of them is. The first failure ends it, after what
 *  runs has ended. */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // Whether it failed is asked when its turn comes, or never if another failed before it.
      result.catch(() => undefined);
      running.push(result);
      if (running.length >= width) yield await (running.shift() as Promise<R>);
    }
    for (let next = running.shift(); next !== undefined; next = running.shift()) yield await next;
  } finally {
    await Promise.allSettled(running);
  }
}
