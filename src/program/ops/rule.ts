// What every op must define: its shape rule and its gradient rule.
import { OpParamError, ShapeError } from '../../base/errors.js';
import { formatType, type Shape, type TensorType } from '../../tensor/tensor.js';
import { type Sliding, slidingProblems } from '../../tensor/window.js';
import type { ValueId } from '../types.js';
import type { OpName, OpParams } from './params.js';

/** The part of the builder that gradient rules use. */
export interface Emitter {
  /** Applies an op; returns its output values. */
  emit<K extends OpName>(
    op: K,
    params: OpParams<K>,
    inputs: readonly ValueId[],
  ): readonly ValueId[];
  /** {@link emit} for ops with one interesting output: its first. */
  apply<K extends OpName>(op: K, params: OpParams<K>, inputs: readonly ValueId[]): ValueId;
  /** Dtype and shape of a value. */
  typeOf(value: ValueId): TensorType;
}

/** One op application seen by its gradient rule. */
export interface Application<K extends OpName> {
  readonly params: OpParams<K>;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  /** Gradients of the loss by the outputs; null where the loss does not depend on one. */
  readonly outputGradients: readonly (ValueId | null)[];
  /** Which inputs' gradients are asked for. */
  readonly wanted: readonly boolean[];
}

/** Shape and gradient of one op. `gradient: null` = not differentiable (backward ops, updates,
 *  counts). */
export interface OpRule<K extends OpName> {
  /** Types of the outputs. @throws ShapeError, OpParamError */
  readonly shape: (params: OpParams<K>, inputs: readonly TensorType[]) => readonly TensorType[];
  /** Names of the scalars that it reads from each run; left out: none. */
  readonly scalars?: (params: OpParams<K>) => readonly string[];
  /** Gradients by the inputs, null where not wanted or zero. */
  readonly gradient:
    ((emitter: Emitter, application: Application<K>) => readonly (ValueId | null)[]) | null;
  /** Indices of opaque outputs: only ops of the same executor read them, and what they hold is its
   *  own affair; it may refuse them as outputs of a program. Left out: none. */
  readonly opaque?: readonly number[];
}

/** Checks number, dtype and rank of an op's inputs; `rank: null` = any. @throws ShapeError */
export function expectInputs(
  op: OpName,
  inputs: readonly TensorType[],
  wanted: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly rank: number | null;
  }[],
): void {
  if (inputs.length !== wanted.length) {
    throw new ShapeError(`${op}: got ${inputs.length} inputs, takes ${wanted.length}`);
  }
  wanted.forEach(({ name, dtype, rank }, index) => {
    const input = inputs[index] as TensorType;
    if (input.dtype !== dtype || (rank !== null && input.shape.length !== rank)) {
      const shape = rank === null ? '[...]' : `of ${rank} axes`;
      throw new ShapeError(`${op}: ${name} is ${formatType(input)}, wanted ${dtype} ${shape}`);
    }
  });
}

/** [N,C,H,W] of a 4-axis shape. */
export function nchw(shape: Shape): readonly [number, number, number, number] {
  return shape as readonly [number, number, number, number];
}

/** Throws OpParamError unless `condition`. */
export function requireParam(op: OpName, condition: boolean, message: string): void {
  if (!condition) throw new OpParamError(`${op}: ${message}`);
}

/** Checks a window's movement: strides and dilations of at least 1, pads of at least 0.
 *  @throws OpParamError */
export function requireSliding(op: OpName, sliding: Sliding): void {
  const problems = slidingProblems(sliding);
  requireParam(op, problems.length === 0, problems.join('; '));
}

/** Checks that an element-wise op's `count` inputs are f32 of one shape, and returns that type as
 *  the output's.
 *  @throws ShapeError */
export function expectSameTypes(
  op: OpName,
  inputs: readonly TensorType[],
  count: number,
): readonly TensorType[] {
  expectInputs(
    op,
    inputs,
    Array.from({ length: count }, (_, i) => ({ name: `input ${i}`, dtype: 'f32', rank: null })),
  );
  const [first] = inputs as [TensorType];
  for (const other of inputs) {
    if (formatType(other) !== formatType(first)) {
      throw new ShapeError(
        `${op}: inputs are ${formatType(first)} and ${formatType(other)}, wanted one type`,
      );
    }
  }
  return [first];
}
