// Promises that nobody keeps: a stream that falls silent leaves Node without anything to do, and
// the process would end as if all were well.

/** What `work` gives, or `failure()` if the process runs out of things to do before `work` settles.
 *  Costs nothing until then. */
export async function orSilence<T>(work: Promise<T>, failure: () => Error): Promise<T> {
  let tell: () => void = () => undefined;
  const silence = new Promise<never>((_, reject) => {
    tell = () => reject(failure());
  });
  process.on('beforeExit', tell);
  try {
    return await Promise.race([work, silence]);
  } finally {
    process.off('beforeExit', tell);
  }
}
