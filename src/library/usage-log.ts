// Time and memory of a run's workers, from their events; with --profile also what profile.json
// holds.
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import type { ExecutorInfo } from '../executors/executor.js';
import type { StudyEvent } from '../study/run/run-study.js';
import type { GangUsage, ProgramProfile } from '../train/events.js';
import type { Peak } from '../train/profile/peak.js';
import { ProfileSum } from '../train/profile/profile-sum.js';
import type { Seconds } from '../train/profile/stopwatch.js';

/** What one worker measured. */
export interface GangEntry extends GangUsage {
  readonly gang: string;
}

/** Sums over the gangs of a run. */
export interface UsageSum {
  readonly seconds: Seconds;
  readonly train: ProgramProfile;
  readonly test: ProgramProfile;
  /** FLOPs that training would have done in its time at the rate of each gang's loop of
   *  multiply-adds, and of its best matrix product (see `Peak`); null where a gang has none. */
  readonly loopFlops: number | null;
  readonly productFlops: number | null;
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
  const programs = (part: 'train' | 'test'): ProgramProfile => {
    const rows = new ProfileSum();
    for (const { profile } of gangs) rows.add(profile?.[part].rows ?? []);
    const flops = gangs.reduce((sum, { profile }) => sum + (profile?.[part].flops ?? 0), 0);
    return { rows: rows.get(), flops };
  };
  return {
    seconds,
    train: programs('train'),
    test: programs('test'),
    loopFlops: flopsAt(gangs, ({ loop }) =>
      'unavailable' in loop ? undefined : loop.flopsPerSecond,
    ),
    productFlops: flopsAt(gangs, ({ product }) => product.flopsPerSecond),
  };
}

function flopsAt(
  gangs: readonly GangUsage[],
  rateOf: (peak: Peak) => number | undefined,
): number | null {
  let flops = 0;
  for (const { profile, seconds } of gangs) {
    const rate = profile?.peak ? rateOf(profile.peak) : undefined;
    if (rate === undefined) return null;
    flops += rate * seconds.training;
  }
  return flops;
}

/** Writes `profile.json` beside plan.json: what the workers of the last profiled run measured, gang
 *  by gang and in sum. */
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
