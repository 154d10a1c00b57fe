// Products of matrices, many at once.
import { type Kernel, reals } from './kernel.js';
import { addProduct, transpose } from './matrix.js';

/** See src/program/ops/matmul.ts. */
export const matmul: Kernel<'matmul'> = ({ params, inputs, outputs }) => {
  const [a, b, y] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  const [m, l] = outputs[0]?.shape.slice(-2) as [number, number];
  const count = y.length / (m * l);
  const depth = a.length / (count * m);
  for (let at = 0; at < count; at++) {
    const left = a.subarray(at * m * depth, (at + 1) * m * depth);
    const right = b.subarray(at * l * depth, (at + 1) * l * depth);
    // addProduct wants the depth last in both.
    addProduct(
      params.transposeA ? transpose(left, m) : left,
      params.transposeB ? right : transpose(right, l),
      y.subarray(at * m * l, (at + 1) * m * l),
      depth,
    );
  }
};
