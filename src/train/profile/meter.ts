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

/** What a profile needs besides: the executor's peak before the first iteration, and a way to ask
 *  again. */
interface Profiling {
  readonly peakBefore: Peak | null;
  readonly measurePeak: () => Promise<Peak | null>;
}

/** Measures one gang from its first iteration on. */
export class Meter {
  readonly #watch = new Stopwatch();
  readonly #executable: Executable;
  readonly #programs: GangPrograms;
  readonly #profiling: Profiling | null;
  readonly #rows = { train: new ProfileSum(), test: new ProfileSum() };
  readonly #flops = { train: 0, test: 0 };
  readonly #known = new Map<string, number>();

  private constructor(executable: Executable, programs: GangPrograms, profiling: Profiling | null) {
    this.#executable = executable;
    this.#programs = programs;
    this.#profiling = profiling;
  }

  /** A meter whose time begins now. With `job.profile` it has measured the executor's peak. */
  static async start(
    job: GangJob,
    executor: Executor,
    executable: Executable,
    programs: GangPrograms,
  ): Promise<Meter> {
    if (!(job.profile ?? false)) return new Meter(executable, programs, null);
    const measure = (): Promise<Peak | null> => measurePeak(executor, job);
    const profiling = { peakBefore: await measure(), measurePeak: measure };
    return new Meter(executable, programs, profiling);
  }

  /** Waits for `work` and counts the time until it is done. */
  measureUntil<T>(activity: Activity, work: () => T | Promise<T>): Promise<T> {
    return this.#watch.measureUntil(activity, work);
  }

  /** Counts a run of an entry, with its arithmetic when profiling. */
  async run<T>(
    entry: 'train' | 'test',
    active: readonly boolean[],
    work: () => Promise<T>,
  ): Promise<T> {
    const activity = entry === 'train' ? 'training' : 'evaluation';
    const result = await this.#watch.measureUntil(activity, work);
    if (this.#profiling) {
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
  async usage(loaders: number): Promise<GangUsage> {
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
      ...(this.#profiling ? { profile: await this.#profile(this.#profiling) } : {}),
    };
  }

  async #profile({ peakBefore, measurePeak: again }: Profiling): Promise<GangProfile> {
    return {
      train: { rows: this.#rows.train.get(), flops: this.#flops.train },
      test: { rows: this.#rows.test.get(), flops: this.#flops.test },
      // Before and after: on a machine with other work, one measurement alone may be far too low.
      peak: betterPeak(peakBefore, await again()),
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
