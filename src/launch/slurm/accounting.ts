// How jobs ended, by sacct, where a cluster keeps accounts.
import { SchedulerError } from '../../base/errors.js';
import type { Scheduler } from './scheduler.js';

/** Jobs that are asked for in one call: their numbers stand on one command line. */
const JOBS_A_CALL = 1000;

/** Last state of each job or task ("123_4") of these jobs, in Slurm's words, such as TIMEOUT; null
 *  where no accounts are kept. */
export async function accountedStates(
  jobs: readonly string[],
  scheduler: Scheduler,
): Promise<ReadonlyMap<string, string> | null> {
  const states = new Map<string, string>();
  try {
    for (let at = 0; at < jobs.length; at += JOBS_A_CALL) {
      const list = jobs.slice(at, at + JOBS_A_CALL).join(',');
      const form = ['--noheader', '--parsable2', '--allocations', '--format=JobID,State'];
      for (const [id, state] of parseAccounts(
        await scheduler.ask('sacct', [...form, `--jobs=${list}`]),
      ))
        states.set(id, state);
    }
  } catch (error) {
    if (!(error instanceof SchedulerError)) throw error;
    return null;
  }
  return states;
}

/** Lines such as "123_4|TIMEOUT" or "123_5|CANCELLED by 1000"; others say nothing. */
export function parseAccounts(text: string): readonly (readonly [string, string])[] {
  return text.split('\n').flatMap((line) => {
    const [id = '', state = ''] = line.trim().split('|');
    const word = /^[A-Z_]+/.exec(state)?.[0];
    return /^\d+(_\d+)?$/.test(id) && word !== undefined ? [[id, word] as const] : [];
  });
}
