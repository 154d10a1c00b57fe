// What `status` says of a study's jobs: the queue beside the runs' own files.
import { SchedulerError } from '../../base/errors.js';
import { endText } from '../../launch/slurm/accounting.js';
import { lastEnds, type TaskEnd } from '../../launch/slurm/ends.js';
import { inFlight, type InFlight, nothingInFlight } from '../../launch/slurm/in-flight.js';
import type { QueuedJob } from '../../launch/slurm/queue.js';
import { Scheduler } from '../../launch/slurm/scheduler.js';
import { submissionTags } from '../../launch/slurm/submission.js';

/** The jobs of a study, as far as they can be seen from here. */
export interface QueueView {
  readonly flight: InFlight;
  /** How the last task of a network ended that is in the queue no more and left it unfinished. */
  readonly ends: ReadonlyMap<string, TaskEnd>;
  /** Why the queue cannot be seen; null if it can. */
  readonly problem: string | null;
}

/** Looks at the queue; null where nothing of the study was ever submitted.
 *  @param isOpen whether a network has neither ended nor failed with a reason */
export async function viewQueue(
  directory: string,
  isOpen: (name: string) => boolean,
): Promise<QueueView | null> {
  if (submissionTags(directory).length === 0) return null;
  const scheduler = new Scheduler();
  try {
    const flight = await inFlight(directory, scheduler);
    const isLeft = (name: string): boolean => isOpen(name) && !flight.networks.has(name);
    const ends = await lastEnds(directory, isLeft, flight, scheduler);
    return { flight, ends, problem: null };
  } catch (error) {
    if (!(error instanceof SchedulerError)) throw error;
    return { flight: nothingInFlight, ends: new Map(), problem: error.message };
  }
}

/** A network's job as `status --json` has it. */
export interface JobRow {
  readonly id: string;
  readonly standing: QueuedJob['standing'];
  /** Slurm's word; null where it remembers none. */
  readonly state: string | null;
  /** Why it waits, or what ended it, such as "signal 9". */
  readonly reason: string | null;
  readonly node: string | null;
}

/** The job of a network; null if it has none. */
export function jobOf(view: QueueView | null, name: string): JobRow | null {
  const flying = view?.flight.networks.get(name)?.job;
  if (flying !== undefined) {
    const { id, standing, state, reason, node } = flying;
    return { id, standing, state, reason, node };
  }
  const end = view?.ends.get(name);
  if (end === undefined) return null;
  return { id: end.id, standing: 'ended', state: end.state, reason: end.by, node: null };
}

/** "12_3 queued: Resources", "12_3 running on n1", "12_3 ended: FAILED (signal 9)". */
export function jobText({ id, standing, state, reason, node }: JobRow): string {
  if (standing === 'running') {
    const word = state === 'RUNNING' ? 'running' : (state ?? '').toLowerCase();
    return `${id} ${word}${node === null ? '' : ` on ${node}`}`;
  }
  const end = state === null ? null : endText({ state, by: reason });
  const why = standing === 'ended' ? end : (reason ?? (state === 'PENDING' ? null : state));
  return `${id} ${standing}${why === null ? '' : `: ${why}`}`;
}
