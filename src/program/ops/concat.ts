// Tensors one after another along an axis.
import { ShapeError } from '../../base/errors.js';
import { formatType, type Shape, type TensorType } from '../../tensor/tensor.js';
import { expectInputs, type OpRule, requireParam } from './rule.js';

/** y = the inputs one after another along `axis`; one or more f32 [...], alike on all other axes
 *  -> y f32 [...]. */
export const concat: OpRule<'concat'> = {
  shape: ({ axis }, inputs) => {
    const named = inputs.map((_, at) => ({ name: `input ${at}`, dtype: 'f32', rank: null }));
    expectInputs(
      'concat',
      inputs,
      named.length > 0 ? named : [{ name: 'input 0', dtype: 'f32', rank: null }],
    );
    const [first] = inputs as [TensorType];
    const rank = first.shape.length;
    requireParam(
      'concat',
      Number.isInteger(axis) && axis >= 0 && axis < rank,
      `axis is ${axis}, wanted 0 to ${rank - 1}`,
    );
    const others = ({ shape }: TensorType): string => shape.toSpliced(axis, 1).join();
    for (const input of inputs) {
      if (input.shape.length === rank && others(input) === others(first)) continue;
      throw new ShapeError(
        `concat: inputs are ${formatType(first)} and ${formatType(input)}, which differ beside axis ${axis}`,
      );
    }
    const size = inputs.reduce((sum, { shape }) => sum + (shape[axis] as number), 0);
    return [{ dtype: 'f32', shape: first.shape.with(axis, size) }];
  },
  gradient: (emitter, { params: { axis }, inputs, outputGradients, wanted }) => {
    let end = 0;
    return inputs.map((input, at) => {
      const { shape } = emitter.typeOf(input);
      const start = end;
      end += shape[axis] as number;
      if (!wanted[at]) return null;
      const params = alongAxis(emitter.typeOf(outputGradients[0] as number).shape, axis, [
        start,
        end,
      ]);
      return emitter.apply('slice', params, [outputGradients[0] as number]);
    });
  },
};

/** Parameters of the slice of one axis from `start` to `end`, every `step`-th; all of the
 *  others. */
export function alongAxis(
  shape: Shape,
  axis: number,
  [start, end, step = 1]: readonly [number, number, number?],
): { readonly starts: Shape; readonly ends: Shape; readonly steps: Shape } {
  return {
    starts: shape.map((_, each) => (each === axis ? start : 0)),
    ends: shape.map((size, each) => (each === axis ? end : size)),
    steps: shape.map((_, each) => (each === axis ? step : 1)),
  };
}
