// Bounded concurrency over a stream of items.

/** Runs `work` on every item, at most `lanes` at a time; items are taken only as lanes become free.
 *  After the first failure no further item is taken, the running ones end, the stream is closed,
 *  and that failure is thrown. */
export async function eachConcurrently<T>(
  items: AsyncGenerator<T>,
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | null = null;
  const lane = async () => {
    while (failure === null) {
      try {
        const next = await items.next();
        if (next.done === true) return;
        await work(next.value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await items.return(undefined);
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
}
