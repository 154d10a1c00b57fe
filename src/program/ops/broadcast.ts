// NumPy's broadcasting over equal ranks: the shape of a sum or product, and its two directions as
// ops, sum_to and broadcast_to, each the other's gradient.
import { ShapeError } from '../../base/errors.js';
import { formatType, sameShape, type Shape, type TensorType } from '../../tensor/tensor.js';
import type { ValueId } from '../types.js';
import type { OpName } from './params.js';
import { type Emitter, expectInputs, type OpRule } from './rule.js';

/** Checks that two f32 inputs have equal ranks and sizes that are equal or 1, and returns their
 *  common type, the larger size on each axis.
 *  @throws ShapeError */
export function expectBroadcast(op: OpName, inputs: readonly TensorType[]): readonly TensorType[] {
  expectInputs(op, inputs, [
    { name: 'input 0', dtype: 'f32', rank: null },
    { name: 'input 1', dtype: 'f32', rank: null },
  ]);
  const [a, b] = inputs as [TensorType, TensorType];
  const fits = ([x, y]: readonly [number, number]): boolean => x === y || x === 1 || y === 1;
  const pairs = a.shape.map((size, axis) => [size, b.shape[axis] ?? 0] as const);
  if (a.shape.length !== b.shape.length || !pairs.every(fits)) {
    throw new ShapeError(
      `${op}: inputs are ${formatType(a)} and ${formatType(b)}, wanted as many axes, each of one size or 1`,
    );
  }
  return [{ dtype: 'f32', shape: pairs.map(([x, y]) => (x === 1 ? y : x)) }];
}

/** The gradient by an operand that was broadcast to `gradient`'s shape: summed where it was
 *  repeated. */
export function summedTo(emitter: Emitter, gradient: ValueId, operand: ValueId): ValueId {
  const { shape } = emitter.typeOf(operand);
  if (sameShape(shape, emitter.typeOf(gradient).shape)) return gradient;
  return emitter.apply('sum_to', { shape }, [gradient]);
}

/** `small` broadcast to `large`. @throws ShapeError if it does not fit */
function expectFit(op: OpName, small: Shape, large: Shape): void {
  const fits = small.every((size, axis) => size === 1 || size === large[axis]);
  if (small.length === large.length && fits) return;
  throw new ShapeError(
    `${op}: [${small.join(',')}] is not [${large.join(',')}] with some axes of size 1`,
  );
}

/** y = sum of x over the axes that have size 1 in `shape`; x f32 [...] -> y f32 `shape`, of the
 *  same rank. */
export const sumTo: OpRule<'sum_to'> = {
  shape: ({ shape }, inputs) => {
    expectInputs('sum_to', inputs, [{ name: 'x', dtype: 'f32', rank: null }]);
    expectFit('sum_to', shape, (inputs[0] as TensorType).shape);
    return [{ dtype: 'f32', shape }];
  },
  gradient: (emitter, { inputs, outputGradients }) => {
    const { shape } = emitter.typeOf(inputs[0] as number);
    return emitter.emit('broadcast_to', { shape }, [outputGradients[0] as number]);
  },
};

/** y = x, repeated along the axes where it has size 1; x f32 [...] -> y f32 `shape`, of the same
 *  rank. */
export const broadcastTo: OpRule<'broadcast_to'> = {
  shape: ({ shape }, inputs) => {
    expectInputs('broadcast_to', inputs, [{ name: 'x', dtype: 'f32', rank: null }]);
    expectFit('broadcast_to', (inputs[0] as TensorType).shape, shape);
    return [{ dtype: 'f32', shape }];
  },
  gradient: (emitter, { inputs, outputGradients }) => [
    summedTo(emitter, outputGradients[0] as number, inputs[0] as number),
  ],
};
