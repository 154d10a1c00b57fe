// Work on a stream, many items at a time, results in the order of the items.

/** How much may be under way. */
export interface Width {
  /** Items under way or waiting to be taken. */
  readonly items: number;
  /** Their weight altogether; a single item may weigh more. */
  readonly weight?: number;
}

/** Yields `work(item)` for each item, in order; at most `width` is under way or waiting to be
 *  taken, so memory is bounded however slow one of them is, and however large they are. The first
 *  failure ends it, after what runs has ended.
 *  @param weigh weight of an item, 0 by default */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  { items: most, weight = Infinity }: Width,
  work: (item: T) => Promise<R>,
  weigh: (item: T) => number = () => 0,
): AsyncGenerator<R> {
  const running: { readonly result: Promise<R>; readonly weight: number }[] = [];
  let load = 0;
  const oldest = () => {
    const next = running.shift();
    load -= next?.weight ?? 0;
    return next?.result as Promise<R>;
  };
  try {
    for await (const item of items) {
      const own = weigh(item);
      while (running.length > 0 && load + own > weight) yield await oldest();
      const result = work(item);
      // Whether it failed is asked when its turn comes, or never if another failed before it.
      result.catch(() => undefined);
      running.push({ result, weight: own });
      load += own;
      if (running.length >= most) yield await oldest();
    }
    while (running.length > 0) yield await oldest();
  } finally {
    await Promise.allSettled(running.map(({ result }) => result));
  }
}
