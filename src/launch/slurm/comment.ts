// What a job's comment says: which submission of a study it belongs to, and where its array begins
// among the tasks of that. With it, squeue alone tells what is in flight.

/** The finishing job of a submission has no task. */
export type TaskPart = number | 'finish';

/** A job's comment. */
export interface JobComment {
  readonly tag: string;
  /** Number of the task that index 0 of the array stands for. */
  readonly part: TaskPart;
}

/** "selffer:20261127-171835-9f3c:1000". */
export function commentText({ tag, part }: JobComment): string {
  return `selffer:${tag}:${part}`;
}

/** The comment of a job; null if it is not ours. */
export function parseComment(text: string): JobComment | null {
  const [, tag, part] = /^selffer:(\d{8}-\d{6}-[0-9a-f]{4}):(\d+|finish)$/.exec(text) ?? [];
  if (tag === undefined || part === undefined) return null;
  return { tag, part: part === 'finish' ? part : Number(part) };
}
