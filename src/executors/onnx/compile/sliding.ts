// Windows that slide over images, as ONNX has them.
import type { ConvolutionParams } from '../../../program/ops/params.js';
import type { AttributesOut } from '../../../tensor/onnx-parts.js';
import type { Shape } from '../../../tensor/tensor.js';
import type { Graph, Name } from './graph.js';

/** Shape of an image tensor or of weights. */
export type Axes4 = readonly [number, number, number, number];

/** A convolution's attributes. */
export function slidingAttributes({
  stride,
  pads,
  dilation,
  groups,
}: ConvolutionParams): AttributesOut {
  return {
    strides: { ints: stride },
    pads: { ints: pads },
    dilations: { ints: dilation },
    group: { int: groups },
  };
}

/** `counts` rows and columns of [.,.,H,W], from a start on, a stride apart. */
export function strided(
  graph: Graph,
  x: Name,
  starts: readonly [number, number],
  counts: readonly [number, number],
  stride: readonly [number, number],
): Name {
  const ends = starts.map((start, axis) => {
    const [count, step] = [counts[axis] as number, stride[axis] as number];
    return start + (count - 1) * step + 1;
  });
  const lists: readonly Shape[] = [starts, ends, [2, 3], stride];
  return graph.apply('Slice', [x, ...lists.map((list) => graph.integers(list))]);
}
