// Time, memory and, if asked for, a profile of a gang at work.
import type { Executable, Executor } from '../../executors/executor.js';
import { programFlops } from '../../program/flops.js';
import type { Program } from '../../program/types.js';
import type { GangPrograms } from '../gang-program.js';
import type { GangProfile, GangUsage } from '../events.js';
import type { GangJob } from '../job.js';
import { betterPeak, measurePeak, type Peak } from './peak.js';
import { ProfileSum } from './profile-sum.js';
import { type Activity, Stopwatch } from './stopwatch.js';

/** Measures one gang from its first iteration on. */
export class Meter {
  readonly #watch: Stopwatch;
  readonly #executable: Executable;
  readonly #programs: GangPrograms;
  readonly #isProfiling: boolean;
  readonly #measurePeak: () => Peak | null;
  readonly #peakBefore: Peak | null;
  readonly #rows = { train: new ProfileSum(), test: new ProfileSum() };
  readonly #flops = { train: 0, test: 0 };
  readonly #known = new Map<string, number>();

  constructor(job: GangJob, executor: Executor, executable: Executable, programs: GangPrograms) {
    this.#executable = executable;
    this.#programs = programs;
    this.#isProfiling = job.profile ?? false;
    this.#measurePeak = () => (this.#isProfiling ? measurePeak(executor, job) : null);
    this.#peakBefore = this.#measurePeak();
    this.#watch = new Stopwatch();
  }

  /** Counts the time of `work`. */
  measure<T>(activity: Activity, work: () => T): T {
    return this.#watch.measure(activity, work);
  }

  /** Waits for `work` and counts the time until it is done. */
  measureUntil<T>(activity: Activity, work: () => T | Promise<T>): Promise<T> {
    return this.#watch.measureUntil(activity, work);
  }

  /** Counts a run of an entry, with its arithmetic when profiling. */
  run<T>(entry: 'train' | 'test', active: readonly boolean[], work: () => T): T {
    const result = this.#watch.measure(entry === 'train' ? 'training' : 'evaluation', work);
    if (this.#isProfiling) {
      this.#rows[entry].add(this.#executable.profile());
      this.#flops[entry] += this.#flopsOf(entry, active);
    }
    return result;
  }

  /** Share of the time since the first iteration that went into waiting for minibatches, 0..1. */
  get waitShare(): number {
    const { data, total } = this.#watch.seconds();
    return total > 0 ? data / total : 0;
  }

  /** All that was measured so far. @param loaders loader threads that were at work */
  usage(loaders: number): GangUsage {
    const { arenaBytes, peakLiveBytes, stateBytes } = this.#executable.footprint;
    const seconds = this.#watch.seconds();
    return {
      seconds,
      loaders,
      // Node gives kilobytes.
      peakResidentBytes: 1024 * process.resourceUsage().maxRSS,
      arenaBytes,
      stateBytes,
      ...(peakLiveBytes === undefined ? {} : { peakLiveBytes }),
      ...(this.#isProfiling ? { profile: this.#profile() } : {}),
    };
  }

  #profile(): GangProfile {
    return {
      train: { rows: this.#rows.train.get(), flops: this.#flops.train },
      test: { rows: this.#rows.test.get(), flops: this.#flops.test },
      // Before and after: on a machine with other work, one measurement alone may be far too low.
      peak: betterPeak(this.#peakBefore, this.#measurePeak()),
    };
  }

  #flopsOf(entry: 'train' | 'test', active: readonly boolean[]): number {
    const key = `${entry} ${active.join()}`;
    let flops = this.#known.get(key);
    if (flops === undefined) {
      const program: Program = this.#programs[entry];
      flops = programFlops(program, active);
      this.#known.set(key, flops);
    }
    return flops;
  }
}
