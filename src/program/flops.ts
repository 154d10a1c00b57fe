// Arithmetic of a program's nodes by count, as they stand in it: shared prefixes once, no gradient
// where none is computed.
import { elementCount, type Shape } from '../tensor/tensor.js';
import type { OpName, OpParams } from './ops/params.js';
import type { Node, Program } from './types.js';

/** How a convolution is computed: tap by tap, or as Winograd's F(tile x tile, kernel x kernel). */
export type ConvolutionAlgorithm = 'direct' | { readonly tile: number };

/** FLOPs of one run of a program's convolutions and products of matrices, forward and backward, for
 *  the active networks, every convolution counted as direct, also where the executor has a shorter
 *  algorithm. See {@link nodeFlops}. */
export function programFlops(program: Program, active: readonly boolean[]): number {
  return program.nodes
    .filter(({ owners }) => owners.some((owner) => active[owner]))
    .reduce((sum, node) => sum + nodeFlops(program, node, 'direct'), 0);
}

/** FLOPs of one convolution, inner product or matmul, forward or backward; 0 for all other ops. A
 *  multiplication and an addition count 2. `direct` leaves out taps that fall into padding.
 *  Winograd counts the products of its tiles, those that hang over the edge included
 *  - per tile, (tile + kernel - 1)^2 for each pair of channels - but not its transforms. Bias is
 *    not counted.
 *  @source Lavin & Gray 2016, section 4.1; for gradients by weights the same tiles serve F(kernel x
 *  kernel, tile x tile) */
export function nodeFlops(
  program: Pick<Program, 'values'>,
  node: Omit<Node, 'owners'>,
  algorithm: ConvolutionAlgorithm,
): number {
  // `tiled` is cut into tiles: y, or x where x's gradient is computed.
  const convolution = (x: Shape, w: Shape, y: Shape, tiled = y): number =>
    algorithm === 'direct' ? directFlops(node, x, w, y) : winogradFlops(w, tiled, algorithm.tile);
  const shape = (value: number | undefined): Shape => program.values[value as number]?.shape ?? [];
  const { inputs, outputs } = node;
  switch (node.op) {
    case 'convolution':
      return convolution(shape(inputs[0]), shape(inputs[1]), shape(outputs[0]));
    case 'convolution_backward_data': {
      const dx = shape(outputs[0]);
      return convolution(dx, shape(inputs[1]), shape(inputs[0]), dx);
    }
    case 'convolution_backward_weights':
      return convolution(shape(inputs[0]), shape(outputs[0]), shape(inputs[1]));
    case 'inner_product':
      return 2 * (shape(inputs[0])[0] as number) * elementCount(shape(inputs[1]));
    case 'inner_product_backward_data':
      return 2 * (shape(inputs[0])[0] as number) * elementCount(shape(inputs[1]));
    case 'inner_product_backward_weights':
      return 2 * (shape(inputs[0])[0] as number) * elementCount(shape(outputs[0]));
    case 'matmul': {
      const { transposeA = false } = node.params as OpParams<'matmul'>;
      const inner = shape(inputs[0]).at(transposeA ? -2 : -1) as number;
      return 2 * inner * elementCount(shape(outputs[0]));
    }
    default:
      return 0;
  }
}

function directFlops(node: Pick<Node<OpName>, 'params'>, x: Shape, w: Shape, y: Shape): number {
  const { stride, pads, dilation } = node.params as OpParams<'convolution'>;
  const [n, , height, width] = x as [number, number, number, number];
  const [outputs, channels, kernelHeight, kernelWidth] = w as [number, number, number, number];
  const axis = (index: 0 | 1) => ({
    stride: stride[index],
    pad: pads[index],
    dilation: dilation[index],
  });
  const taps =
    tapsInside(height, kernelHeight, y[2] as number, axis(0)) *
    tapsInside(width, kernelWidth, y[3] as number, axis(1));
  return 2 * n * outputs * channels * taps;
}

function winogradFlops(w: Shape, tiled: Shape, tile: number): number {
  const [outputs, channels, kernel] = w as [number, number, number, number];
  const [n, , height, width] = tiled as [number, number, number, number];
  const tiles = n * Math.ceil(height / tile) * Math.ceil(width / tile);
  return 2 * outputs * channels * tiles * (tile + kernel - 1) ** 2;
}

interface AxisSliding {
  readonly stride: number;
  readonly pad: number;
  readonly dilation: number;
}

/** Pairs of (output position, tap) along one axis whose input position
 *  p*stride + r*dilation - pad lies in 0..size-1. */
function tapsInside(
  size: number,
  kernel: number,
  outputs: number,
  { stride, pad, dilation }: AxisSliding,
): number {
  let count = 0;
  for (let p = 0; p < outputs; p++) {
    const first = p * stride - pad;
    const from = Math.max(0, Math.ceil(-first / dilation));
    const to = Math.min(kernel - 1, Math.floor((size - 1 - first) / dilation));
    count += Math.max(0, to - from + 1);
  }
  return count;
}
