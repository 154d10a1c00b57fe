// How jobs ended, by sacct, where a cluster keeps accounts.
import { SchedulerError } from '../../base/errors.js';
import type { Scheduler } from './scheduler.js';

/** Jobs that are asked for in one call: their numbers stand on one command line. */
const JOBS_A_CALL = 1000;

/** How a job ended. */
export interface AccountedEnd {
  /** In Slurm's word, such as TIMEOUT. */
  readonly state: string;
  /** What ended its script: "signal 9", "status 1"; null if nothing did. */
  readonly by: string | null;
}

/** The end of each job or task ("123_4") of these jobs; null where no accounts are kept. */
export async function accountedEnds(
  jobs: readonly string[],
  scheduler: Scheduler,
): Promise<ReadonlyMap<string, AccountedEnd> | null> {
  const ends = new Map<string, AccountedEnd>();
  try {
    for (let at = 0; at < jobs.length; at += JOBS_A_CALL) {
      const list = jobs.slice(at, at + JOBS_A_CALL).join(',');
      const form = ['--noheader', '--parsable2', '--allocations', '--format=JobID,State,ExitCode'];
      for (const [id, end] of parseAccounts(
        await scheduler.ask('sacct', [...form, `--jobs=${list}`]),
      ))
        ends.set(id, end);
    }
  } catch (error) {
    if (!(error instanceof SchedulerError)) throw error;
    return null;
  }
  return ends;
}

/** Lines such as "123_4|TIMEOUT|0:0" or "123_5|CANCELLED by 1000|0:15"; others say nothing. */
export function parseAccounts(text: string): readonly (readonly [string, AccountedEnd])[] {
  return text.split('\n').flatMap((line) => {
    const [id = '', words = '', exit = ''] = line.trim().split('|');
    const state = /^[A-Z_]+/.exec(words)?.[0];
    if (!/^\d+(_\d+)?$/.test(id) || state === undefined) return [];
    return [[id, { state, by: causeOf(exit) }] as const];
  });
}

/** "FAILED (signal 9)", "TIMEOUT". */
export function endText({ state, by }: AccountedEnd): string {
  return by === null ? state : `${state} (${by})`;
}

/** Exit status and signal, as in "0:9". */
function causeOf(exit: string): string | null {
  const [, status = '0', signal = '0'] = /^(\d+):(\d+)$/.exec(exit) ?? [];
  if (signal !== '0') return `signal ${signal}`;
  return status === '0' ? null : `status ${status}`;
}
