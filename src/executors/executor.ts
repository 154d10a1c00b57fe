// The one interface between programs and whatever computes them. Nothing vendor-specific passes it.
import { assert } from '../base/errors.js';
import type { Program } from '../program/types.js';
import type { HostTensor } from '../tensor/tensor.js';

/** Arithmetic of weights' and activations' products; bf16 keeps fp32 master weights and
 *  accumulations. */
export type Precision = 'fp32' | 'bf16';

/** How a program is to be compiled. */
export interface CompileOptions {
  readonly precision: Precision;
  /** Direct algorithms only (no Winograd): closer to the reference, slower. */
  readonly exact: boolean;
}

/** Values that change from run to run without recompiling, by name: those of `Program.scalars`,
 *  such as `learningRate` (of updates, unless they name another) and `iteration` (the counter of
 *  every `dropout_mask`; 0 for the first). Further ones are ignored. */
export type Scalars = Readonly<Record<string, number>>;

/** The scalar `name`.
 *  @throws SelfferError if the run did not give it, which the shell has checked */
export function scalar(scalars: Scalars, name: string): number {
  const value = scalars[name];
  assert(value !== undefined, `scalar ${name} is missing`);
  return value;
}

/** One row of a profile: an op kind's share of the time since the last call. */
export interface ProfileRow {
  readonly op: string;
  readonly calls: number;
  readonly timeMs: number;
  /** FLOPs of these calls by the algorithm that was run (see `nodeFlops`); 0 where they are not
   *  counted: only convolutions and inner products are. */
  readonly flops: number;
}

/** Rate of a loop of multiply-adds between registers, on all threads of an executor at once: no
 *  program can be faster. */
export interface LoopRate {
  readonly flopsPerSecond: number;
  /** The loop's instruction, e.g. "vfmadd231ps zmm". */
  readonly instruction: string;
}

/** A {@link LoopRate}, or why there is none: half a sentence. */
export type LoopPeak = LoopRate | { readonly unavailable: string };

/** Bytes that an executable holds. */
export interface Footprint {
  readonly arenaBytes: number;
  readonly stateBytes: number;
  readonly scratchBytes: number;
  /** Largest sum of the bytes of values alive at once: a lower bound of any arena. Undefined
   *  without an arena. */
  readonly peakLiveBytes?: number;
}

/** A compiled set of programs ("entries", e.g. train and test) over one set of state slots. One
 *  call at a time: `run`, `read` or `write` before the promise of another has settled is refused
 *  with an internal error, and so is every call after `dispose`. */
export interface Executable {
  readonly footprint: Footprint;
  /** Sets a slot from the plain layout. @throws ShapeError if name or type do not fit */
  write(slot: string, tensor: HostTensor): Promise<void>;
  /** A copy of a slot in the plain layout. @throws ShapeError if there is no such slot */
  read(slot: string): Promise<HostTensor>;
  /** Runs an entry once. Outputs of inactive networks are left out. `active[i]` belongs to
   *  `program.networks[i]`; default all.
   *
   *  A run that fails gives no outputs, and the executable can be used again. Arguments that do not
   *  fit are refused before anything is computed: no slot has changed. After a DataError each slot
   *  that the active networks update has either its old value or its next one, after a NativeError
   *  any value, until it is written anew; all other slots are as they were.
   *  @throws ShapeError for an unknown entry, feeds that are missing or of another type, a mask of
   *  another length; DataError for a label or a window out of range; NativeError */
  run(
    entry: string,
    feeds: Readonly<Record<string, HostTensor>>,
    scalars: Scalars,
    active?: readonly boolean[],
  ): Promise<Record<string, HostTensor>>;
  /** Time by op kind since the last call, largest first; empty unless profiling was on when
   *  compiled. */
  profile(): readonly ProfileRow[];
  /** Frees native memory; not while a call is under way. A second time does nothing. */
  dispose(): void;
}

/** What `doctor` and run records say about an executor. */
export interface ExecutorInfo {
  readonly name: string;
  /** Library and version, e.g. "oneDNN 2.6.3". */
  readonly version: string;
  /** Instruction set in use, e.g. "AVX512_CORE_BF16"; "javascript" for the reference. */
  readonly instructionSet: string;
  readonly threads: number;
  /** What it can compute in on this machine, at a gain: emulated arithmetic does not count. */
  readonly precisions: readonly Precision[];
}

/** Compiles programs. */
export interface Executor {
  readonly info: ExecutorInfo;
  /** @throws UnsupportedOpError for what it cannot do, before anything runs; ShapeError if two
   *  entries give one slot different types; NativeError if memory is short */
  compile(
    entries: Readonly<Record<string, Program>>,
    options: CompileOptions & { readonly profile?: boolean },
  ): Promise<Executable>;
  /** Measures the rate that bounds arithmetic in a precision; takes some tenths of a second. Left
   *  out where there is nothing to measure. */
  measurePeak?(precision: Precision): LoopPeak;
}
