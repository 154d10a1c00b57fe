// The most jobs that an account, or a quality of service, may have in the queue. Each task of an
// array counts, and an array that does not fit is refused as a whole.
import { SchedulerError } from '../../base/errors.js';

/** What sbatch says where that limit is met, such as "AssocMaxSubmitJobLimit" or
 *  "QOSMaxSubmitJobPerUserLimit"; some versions have only the sentence. */
const LIMIT = /\w*SubmitJobs?\w*|job submit limit/;

/** Slurm's word for the limit that an error tells of; null if it tells of something else. */
export function submitLimit(error: unknown): string | null {
  return error instanceof SchedulerError ? (LIMIT.exec(error.message)?.[0] ?? null) : null;
}

/** Submits as many of `count` things as fit, from the first on, the largest parts first: about
 *  twice log2(count) calls where not all of them do.
 *  @param submit submits so many from a place on
 *  @returns null, or the limit that was met @throws what `submit` throws of other reasons */
export async function submitWhatFits(
  count: number,
  submit: (at: number, size: number) => Promise<void>,
): Promise<string | null> {
  let size = count;
  for (let at = 0; at < count;) {
    size = Math.min(size, count - at);
    try {
      await submit(at, size);
      at += size;
    } catch (error) {
      const limit = submitLimit(error);
      if (limit === null) throw error;
      if (size === 1) return limit;
      size = Math.floor(size / 2);
    }
  }
  return null;
}
