// Products of matrices, many at once.
import { ShapeError } from '../../base/errors.js';
import { formatType, sameShape, type Shape, type TensorType } from '../../tensor/tensor.js';
import type { MatmulParams } from './params.js';
import { expectInputs, type OpRule } from './rule.js';

// Rows and columns of the factor as it is multiplied.
function matrix(shape: Shape, isTransposed: boolean): readonly [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return isTransposed ? [columns, rows] : [rows, columns];
}

/** y = A B for each place of the axes before the last two; A = a [...,M,K], or its transpose where
 *  `transposeA` says that a is [...,K,M]; B = b [...,K,L], with `transposeB` [...,L,K]. a, b f32,
 *  equal on the axes before the last two -> y f32 [...,M,L]. */
export const matmul: OpRule<'matmul'> = {
  shape: ({ transposeA = false, transposeB = false }, inputs) => {
    expectInputs('matmul', inputs, [
      { name: 'a', dtype: 'f32', rank: null },
      { name: 'b', dtype: 'f32', rank: null },
    ]);
    const [a, b] = inputs as [TensorType, TensorType];
    const outer = a.shape.slice(0, -2);
    const isMatrix = a.shape.length >= 2 && b.shape.length >= 2;
    const [[m, k], [k2, l]] = [matrix(a.shape, transposeA), matrix(b.shape, transposeB)];
    if (!isMatrix || !sameShape(outer, b.shape.slice(0, -2)) || k !== k2) {
      throw new ShapeError(
        `matmul: ${formatType(a)}${transposeA ? ' transposed' : ''} and ${formatType(b)}${transposeB ? ' transposed' : ''} cannot be multiplied`,
      );
    }
    return [{ dtype: 'f32', shape: [...outer, m, l] }];
  },
  gradient: (emitter, { params, inputs, outputGradients, wanted }) => {
    const { transposeA = false, transposeB = false } = params;
    const [a, b] = inputs as [number, number];
    const dy = outputGradients[0] as number;
    const product = (x: number, y: number, params: MatmulParams): number =>
      emitter.apply('matmul', params, [x, y]);
    const gradients = [
      () =>
        transposeA
          ? product(b, dy, matmulParams(transposeB, true))
          : product(dy, b, matmulParams(false, !transposeB)),
      () =>
        transposeB
          ? product(dy, a, matmulParams(true, transposeA))
          : product(a, dy, matmulParams(!transposeA, false)),
    ];
    return gradients.map((gradient, at) => (wanted[at] ? gradient() : null));
  },
};

/** Parameters with only those that are not as usual. */
export function matmulParams(transposeA: boolean, transposeB: boolean): MatmulParams {
  return { ...(transposeA && { transposeA }), ...(transposeB && { transposeB }) };
}
