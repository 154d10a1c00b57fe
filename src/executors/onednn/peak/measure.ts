// Measures what the cores can do at most: machine code of ours (loops.ts) on the threads that
// oneDNN computes with.
import { assert, NativeError } from '../../../base/errors.js';
import type { LoopPeak, LoopRate, Precision } from '../../executor.js';
import { NativeMemory } from '../native-memory.js';
import type { Team } from '../openmp.js';
import { ExecutableMemory } from './executable-memory.js';
import { argument, argumentBytes, codeOf, type Loop, loops } from './loops.js';

/** What the measurement depends on. */
export interface PeakSetting {
  readonly threads: number;
  /** Runs code on threads; null if nothing can. */
  readonly team: Team | null;
  /** See `processorFlags`. */
  readonly flags: ReadonlySet<string>;
  /** Whether oneDNN multiplies bf16 in AMX tiles, for which there is no loop here. */
  readonly hasTiles: boolean;
}

// Long runs, against which the start of the threads (some microseconds) is nothing, and many short
// ones, of which some keep their cores for their whole length beside other work.
const TRIALS = [
  { runMs: 0.2, runs: 200 },
  { runMs: 1, runs: 60 },
  { runMs: 8, runs: 8 },
] as const;
const FIRST_COUNT = 4096;

// f32 2 and 0.5; for bf16 the same twice, as a pair.
const FACTORS = {
  fp32: [0x4000_0000, 0x3f00_0000],
  bf16: [0x4000_4000, 0x3f00_3f00],
} as const satisfies Record<Precision, readonly [number, number]>;
const TRIAL_COUNT = 3;

/** Rate of the fastest loop of a precision that this processor can run, all threads at once; or why
 *  there is none. */
export function measureLoops(precision: Precision, setting: PeakSetting): LoopPeak {
  const { team, flags, hasTiles } = setting;
  const unavailable = (reason: string): LoopPeak => ({ unavailable: reason });
  if (process.arch !== 'x64' || process.platform !== 'linux') {
    return unavailable(`there is none for ${process.platform} on ${process.arch}`);
  }
  if (team === null) return unavailable('libgomp, which starts the threads, is not there');
  if (precision === 'bf16' && hasTiles) {
    return unavailable('the processor multiplies bf16 in AMX tiles, for which there is none');
  }
  const runnable = loops.filter(
    (loop) => loop.precision === precision && loop.needs.every((flag) => flags.has(flag)),
  );
  try {
    const rates = runnable.map((loop) => rateOf(loop, setting.threads, team));
    const best = rates.sort((a, b) => b.flopsPerSecond - a.flopsPerSecond)[0];
    return best ?? unavailable(missing(precision));
  } catch (cause) {
    if (!(cause instanceof NativeError)) throw cause;
    return unavailable(cause.message);
  }
}

function missing(precision: Precision): string {
  const known = loops.filter((loop) => loop.precision === precision);
  const wishes = known.map(({ needs }) => needs.join(' and '));
  return `the processor has none of the flags ${wishes.join(', ')}`;
}

function rateOf(loop: Loop, threads: number, team: Team): LoopRate {
  const run = new LoopRun(loop, threads, team);
  try {
    run.verify();
    let [count, best] = [FIRST_COUNT, 0];
    for (const { runMs, runs } of TRIALS) {
      // Doubling also raises the clock; the shorter of two, since one may have been interrupted.
      while (Math.min(run.time(count), run.time(count)) < runMs) count *= 2;
      const times = Array.from({ length: runs }, () => run.time(count));
      best = Math.max(best, count / Math.min(...times));
    }
    const flops = threads * best * loop.sums * loop.flopsPerInstruction;
    return { flopsPerSecond: 1000 * flops, instruction: loop.name };
  } finally {
    run.release();
  }
}

/** One loop in memory with its argument. All threads share the argument: they write equal sums. */
export class LoopRun {
  readonly #loop: Loop;
  readonly #call: (argument: bigint) => void;
  readonly #code: ExecutableMemory;
  readonly #argument: NativeMemory;

  /** @throws NativeError if the kernel gives no executable memory */
  constructor(loop: Loop, threads: number, team: Team) {
    this.#loop = loop;
    this.#code = new ExecutableMemory(codeOf(loop));
    this.#call = (address) => team(this.#code.address, address, threads);
    this.#argument = new NativeMemory(argumentBytes(loop));
    const words = this.#argument.int32(2, argument.factors[0]);
    words.set(FACTORS[loop.precision]);
  }

  /** Goes `count` times round on every thread. @returns milliseconds until all were done */
  time(count: number): number {
    // i64, little-endian.
    this.#argument.int32(2, argument.count).set([count | 0, Math.floor(count / 2 ** 32)]);
    const started = performance.now();
    this.#call(this.#argument.address);
    return performance.now() - started;
  }

  /** The sums as the last run left them: f32 [sums x elements of a register]. */
  get sums(): Float32Array {
    const { sums, bits } = this.#loop;
    return this.#argument.float32((sums * bits) / 32, argument.sums);
  }

  /** A short run must add up: each element grows by 1 (a pair of bf16: by 2) each time round. */
  verify(): void {
    this.sums.fill(-1);
    this.time(TRIAL_COUNT);
    const wanted = TRIAL_COUNT * (this.#loop.precision === 'bf16' ? 2 : 1);
    const isRight = this.sums.every((sum) => sum === wanted);
    assert(isRight, `the loop of ${this.#loop.name} gave ${this.sums[0]}, wanted ${wanted}`);
  }

  /** Frees code and argument. */
  release(): void {
    this.#code.release();
    this.#argument.release();
  }
}
