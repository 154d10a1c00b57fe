// Gangs as job arrays: gangs that wait for the same stand in one array, which waits for just the
// tasks that train their bases.
import type { SubmittedGang } from '../../study/run/launcher.js';

/** An array that is to be submitted. */
export interface PlannedArray {
  /** Number of its first task among all of the submission. */
  readonly first: number;
  readonly gangs: readonly SubmittedGang[];
  /** Numbers of the tasks before it that must have ended. */
  readonly after: readonly number[];
  /** Tasks of earlier submissions that must have ended, as Slurm takes them: "123_4". */
  readonly afterJobs: readonly string[];
}

/** Divides gangs, which stand after those that they wait for, into arrays of at most `largest`
 *  tasks.
 *  @param jobsOf tasks in flight that a gang waits for besides */
export function planArrays(
  gangs: readonly SubmittedGang[],
  largest: number,
  jobsOf: (gang: SubmittedGang) => readonly string[],
): readonly PlannedArray[] {
  const groups = new Map<string, SubmittedGang[]>();
  for (const gang of gangs) {
    const key = JSON.stringify([[...gang.after].sort(), [...jobsOf(gang)].sort()]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [gang]);
    else group.push(gang);
  }
  const numbers = new Map<string, number>();
  const arrays: PlannedArray[] = [];
  // In the order of their first members: what a group waits for stands before that.
  for (const group of groups.values()) {
    for (let at = 0; at < group.length; at += largest) {
      const members = group.slice(at, at + largest);
      const [leader] = members as [SubmittedGang];
      arrays.push({
        first: numbers.size,
        gangs: members,
        after: leader.after.flatMap((name) => numbers.get(name) ?? []),
        afterJobs: jobsOf(leader),
      });
      for (const { job } of members) numbers.set(job.name, numbers.size);
    }
  }
  return arrays;
}
