// Time and memory of a run's workers, from their events; with --profile also what profile.json holds.
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import type { ExecutorInfo, ProfileRow } from '../executors/executor.js';
import type { StudyEvent } from '../study/run-study.js';
import type { GangUsage, ProgramProfile } from '../train/job.js';
import type { Seconds } from '../train/stopwatch.js';

/** What one worker measured. */
export interface GangEntry extends GangUsage {
  readonly gang: string;
}

/** Sums over the gangs of a run. */
export interface UsageSum {
  readonly seconds: Seconds;
  readonly train: ProgramProfile;
  readonly test: ProgramProfile;
  /** FLOPs that the training runs would have done at each gang's measured peak; null where one has none. */
  readonly peakFlops: number | null;
}

/** Hears a run's events and keeps the workers' last words on time and memory. */
export class UsageLog {
  readonly gangs: GangEntry[] = [];

  on(event: StudyEvent): void {
    if (event.event === 'usage') this.gangs.push(event);
  }

  /** Largest resident memory of any worker; null if none came far enough to say it. */
  get peakResidentBytes(): number | null {
    if (this.gangs.length === 0) return null;
    return Math.max(...this.gangs.map(({ peakResidentBytes }) => peakResidentBytes));
  }
}

/** Adds up what gangs measured. */
export function sumOf(gangs: readonly GangUsage[]): UsageSum {
  const seconds = { data: 0, training: 0, evaluation: 0, saving: 0, other: 0, total: 0 };
  for (const gang of gangs) {
    for (const key of Object.keys(seconds) as (keyof Seconds)[]) seconds[key] += gang.seconds[key];
  }
  const programs = (part: 'train' | 'test'): ProgramProfile => ({
    rows: sumRows(gangs.flatMap(({ profile }) => profile?.[part].rows ?? [])),
    flops: gangs.reduce((sum, { profile }) => sum + (profile?.[part].flops ?? 0), 0),
  });
  const peaks = gangs.map(({ profile, seconds: { training } }) =>
    profile?.peak ? profile.peak.flopsPerSecond * training : null,
  );
  const peakFlops = peaks.reduce<number | null>(
    (sum, peak) => (sum === null || peak === null ? null : sum + peak),
    0,
  );
  return { seconds, train: programs('train'), test: programs('test'), peakFlops };
}

function sumRows(rows: readonly ProfileRow[]): readonly ProfileRow[] {
  const sums = new Map<string, ProfileRow>();
  for (const { op, calls, timeMs } of rows) {
    const sum = sums.get(op);
    sums.set(op, { op, calls: calls + (sum?.calls ?? 0), timeMs: timeMs + (sum?.timeMs ?? 0) });
  }
  return [...sums.values()].sort((a, b) => b.timeMs - a.timeMs);
}

/** Writes `profile.json` beside plan.json: what the workers of the last profiled run measured, gang by gang and in sum. */
export function writeProfile(
  directory: string,
  gangs: readonly GangEntry[],
  executor: ExecutorInfo,
  workers: number,
): string {
  const path = join(directory, 'profile.json');
  const content = { schema: 'selffer.profile/1', executor, workers, gangs, sum: sumOf(gangs) };
  writeFileAtomic(path, `${JSON.stringify(content, null, 2)}\n`);
  return path;
}
