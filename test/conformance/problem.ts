// A conformance problem: what is given, the ops to apply, and how far each output may be from the
// reference.
import type { ProgramBuilder } from '../../src/program/builder.js';
import type { ValueId } from '../../src/program/types.js';
import type { TensorType } from '../../src/tensor/tensor.js';
import type { Scalars } from '../../src/executors/executor.js';
import type { Content, Fill } from './fill.js';

/** Unit roundoff of float32. */
export const u = 2 ** -24;

/** Allowed distance of an element from the reference's. S = the same ops applied to the absolute
 *  values of everything given: exact: none; sum: factor u S, element by element; maxSum: factor u
 *  max S; relative: factor u |reference|; norm: factor u max |reference|; absolute: `bound`. */
export type Limit =
  | { readonly type: 'exact' }
  | { readonly type: 'sum' | 'maxSum' | 'relative' | 'norm'; readonly factor: number }
  | { readonly type: 'absolute'; readonly bound: number };

/** A tensor given to the problem, as a feed or, like weights in real programs, in a slot. */
export interface Given {
  readonly home: 'feed' | 'slot';
  readonly type: TensorType;
  readonly content?: Content;
}

/** An output to compare. */
export interface Wanted {
  /** Limit under the real fill. Under the integer fill everything must be exact. */
  readonly limit: Limit;
  /** Limit where Winograd is allowed, if it is another one. */
  readonly winogradLimit?: Limit;
  /** Limits in bf16; a problem that has them for all outputs is checked in bf16 too, where the
   *  executor has it. */
  readonly bf16?: Readonly<Record<Fill, Limit>>;
  /** Share of zeros in the reference above which it is mistrusted; default 0.75. */
  readonly maxZeros?: number;
}

/** What a problem computes: values to hand back, and slots' values after the run, which are read
 *  and compared too. */
export interface Built {
  readonly outputs: Readonly<Record<string, ValueId>>;
  readonly next?: Readonly<Record<string, ValueId>>;
}

/** See above. The names in what `build` returns are those of `wanted`. */
export interface Problem {
  /** The line to repeat. */
  readonly line: string;
  readonly fills: readonly Fill[];
  readonly scalars?: Scalars;
  readonly given: Readonly<Record<string, Given>>;
  readonly build: (builder: ProgramBuilder, given: Readonly<Record<string, ValueId>>) => Built;
  readonly wanted: Readonly<Record<string, Wanted>>;
}

/** An f32 feed. */
export function feed(shape: readonly number[], content: Content = {}): Given {
  return { home: 'feed', type: { dtype: 'f32', shape }, content };
}

/** An f32 slot. */
export function slot(shape: readonly number[], content: Content = {}): Given {
  return { home: 'slot', type: { dtype: 'f32', shape }, content };
}

/** An i32 feed of labels 0..classes-1; `ignored`: some are -1. */
export function labels(rows: number, classes: number, ignored = false): Given {
  const content = { from: ignored ? -1 : 0, below: classes };
  return { home: 'feed', type: { dtype: 'i32', shape: [rows] }, content };
}

/** Bits equal to the reference's float32 value: selections and copies. */
export const exact: Wanted = { limit: { type: 'exact' } };

/** Unit roundoff of bf16 over float32's. */
const bf16 = 2 ** 16;

/** A sum of products kept in bf16: both factors and the result are rounded by up to a unit roundoff
 *  each. Small integers are exact factors with exact sums, so only the result is rounded. */
export const bf16Result = {
  integers: { type: 'relative', factor: bf16 },
  reals: { type: 'sum', factor: 3.1 * bf16 },
} as const;

/** A sum of products in bf16 whose result stays in f32. */
export const bf16Accumulator = {
  integers: { type: 'exact' },
  reals: { type: 'sum', factor: 2.1 * bf16 },
} as const;

/** Long sums of products: 16 u S. An honest float32 sum of up to 10,000 zero-mean terms stays below
 *  4 u S; TF32 has a median of 64. */
export const sumOfProducts: Wanted = { limit: { type: 'sum', factor: 16 } };
