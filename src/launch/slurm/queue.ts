// What squeue says of a study's jobs: one call, one line a task.
import { SchedulerError } from '../../base/errors.js';
import { type JobComment, parseComment } from './comment.js';
import { type Standing, standingOfState } from './job-states.js';
import type { Scheduler } from './scheduler.js';

/** A job or a task of an array, as the queue has it. */
export interface QueuedJob {
  /** As Slurm's commands take it: "123_4", or "123" for a job that is not an array. */
  readonly id: string;
  /** Of the whole array: "123". */
  readonly job: string;
  /** In its array; null for a job that is not one. */
  readonly index: number | null;
  readonly comment: JobComment;
  readonly standing: Standing;
  /** Slurm's own word. */
  readonly state: string;
  /** Why it waits, in Slurm's words; null if it does not say. */
  readonly reason: string | null;
  readonly node: string | null;
}

const FIELDS = ['%F', '%K', '%T', '%k', '%N', '%r'] as const;

/** The jobs of this name, of all users: those that have not ended, and those that ended in the last
 *  minutes.
 *  @throws SchedulerError if squeue is missing, refuses, or says what nobody can read */
export async function jobsNamed(name: string, scheduler: Scheduler): Promise<readonly QueuedJob[]> {
  const answer = await scheduler.ask('squeue', [
    `--name=${name}`,
    ...['--array', '--noheader', '--states=all', `--format=${FIELDS.join('|')}`],
  ]);
  return parseQueue(answer);
}

/** The jobs of ours in what squeue printed. @throws SchedulerError for a line
 *  that has not the fields that were asked for: what it hides must not be submitted again */
export function parseQueue(text: string): readonly QueuedJob[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^CLUSTER: /.test(line))
    .flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): QueuedJob | null {
  const parts = line.split('|');
  const [job = '', index = '', state = '', comment = '', node = ''] = parts;
  if (parts.length < FIELDS.length || !/^\d+$/.test(job) || !/^[A-Z_]+$/.test(state)) {
    throw new SchedulerError(
      `squeue: found the line ${JSON.stringify(line.slice(0, 120))}, wanted ${FIELDS.length} fields as ${FIELDS.join('|')}`,
      { hint: 'Nothing is submitted while the queue cannot be read. Is another squeue on PATH?' },
    );
  }
  const own = parseComment(comment);
  const standing = standingOfState(state);
  if (own === null) return null;
  const place = /^\d+$/.test(index) ? Number(index) : null;
  return {
    id: place === null ? job : `${job}_${place}`,
    job,
    index: place,
    comment: own,
    standing,
    state,
    reason: wordOf(parts.slice(FIELDS.length - 1).join('|')),
    node: wordOf(node),
  };
}

// "(Resources)" of a list of nodes, "None" and "(null)" as versions have them.
function wordOf(text: string): string | null {
  const word = text.trim().replace(/^\((.*)\)$/, '$1');
  return ['', 'None', 'null', 'N/A', 'n/a'].includes(word) ? null : word;
}
