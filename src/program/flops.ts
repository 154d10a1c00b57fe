// Arithmetic of a program's nodes by count, as they stand in it: shared prefixes once, no gradient where none is computed.
import { elementCount, type Shape } from '../tensor/tensor.js';
import type { OpName, OpParams } from './ops/params.js';
import type { Node, Program } from './types.js';

/** FLOPs of one run of a program's convolutions and inner products, forward and backward, for the active networks. A
 *  multiplication and an addition count 2. Taps that fall into padding are not counted; every convolution counts as computed directly,
 *  also where the executor has a shorter algorithm (Winograd). Bias, pooling and the rest are not counted. */
export function programFlops(program: Program, active: readonly boolean[]): number {
  return program.nodes
    .filter(({ owners }) => owners.some((owner) => active[owner]))
    .reduce((sum, node) => sum + nodeFlops(program, node), 0);
}

function nodeFlops(program: Program, node: Node): number {
  const shape = (value: number | undefined): Shape => program.values[value as number]?.shape ?? [];
  const { inputs, outputs } = node;
  switch (node.op) {
    case 'convolution':
      return convolutionFlops(node, shape(inputs[0]), shape(inputs[1]), shape(outputs[0]));
    case 'convolution_backward_data':
      return convolutionFlops(node, shape(outputs[0]), shape(inputs[1]), shape(inputs[0]));
    case 'convolution_backward_weights':
      return convolutionFlops(node, shape(inputs[0]), shape(outputs[0]), shape(inputs[1]));
    case 'inner_product':
      return 2 * (shape(inputs[0])[0] as number) * elementCount(shape(inputs[1]));
    case 'inner_product_backward_data':
      return 2 * (shape(inputs[0])[0] as number) * elementCount(shape(inputs[1]));
    case 'inner_product_backward_weights':
      return 2 * (shape(inputs[0])[0] as number) * elementCount(shape(outputs[0]));
    default:
      return 0;
  }
}

function convolutionFlops(node: Node<OpName>, x: Shape, w: Shape, y: Shape): number {
  const { stride, pad } = node.params as OpParams<'convolution'>;
  const [n, , height, width] = x as [number, number, number, number];
  const [outputs, channels, kernelHeight, kernelWidth] = w as [number, number, number, number];
  const taps =
    tapsInside(height, kernelHeight, stride, pad, y[2] as number) *
    tapsInside(width, kernelWidth, stride, pad, y[3] as number);
  return 2 * n * outputs * channels * taps;
}

/** Pairs of (output position, tap) along one axis whose input position p*stride + r - pad lies in 0..size-1. */
function tapsInside(
  size: number,
  kernel: number,
  stride: number,
  pad: number,
  outputs: number,
): number {
  let count = 0;
  for (let p = 0; p < outputs; p++) {
    const first = p * stride - pad;
    count += Math.max(0, Math.min(size, first + kernel) - Math.max(0, first));
  }
  return count;
}
