// The same elements elsewhere: concatenation, slices, pads, views, broadcasting and its sums.
import type { Graph, Name } from './graph.js';
import type { Lowering } from './lowering.js';

/** See src/program/ops/elementwise.ts: Add. */
export const lowerAdd: Lowering<'add'> = ({ graph, inputs }) => [graph.apply('Add', inputs)];

/** See src/program/ops/elementwise.ts: Mul. */
export const lowerMultiply: Lowering<'multiply'> = ({ graph, inputs }) => [
  graph.apply('Mul', inputs),
];

/** See src/program/ops/broadcast.ts: ReduceSum. */
export const lowerSumTo: Lowering<'sum_to'> = (site) => {
  const { shape } = site.params;
  const axes = site.shape(0).flatMap((size, axis) => (size === shape[axis] ? [] : [axis]));
  return [axes.length === 0 ? site.input(0) : site.graph.reduce('ReduceSum', site.input(0), axes)];
};

/** See src/program/ops/broadcast.ts: Expand. */
export const lowerBroadcastTo: Lowering<'broadcast_to'> = (site) => [
  site.graph.expand(site.input(0), site.params.shape),
];

/** See src/program/ops/concat.ts: Concat. */
export const lowerConcat: Lowering<'concat'> = ({ graph, params, inputs }) => [
  graph.apply('Concat', inputs, { axis: { int: params.axis } }),
];

/** See src/program/ops/slice.ts: Slice. */
export const lowerSlice: Lowering<'slice'> = (site) => {
  const { starts, ends, steps } = site.params;
  const lists = [starts, ends, starts.map((_, axis) => axis), steps];
  const { graph } = site;
  return [graph.apply('Slice', [site.input(0), ...lists.map((list) => graph.integers(list))])];
};

/** See src/program/ops/slice.ts: zeros between the elements where steps are larger than 1, then
 *  around them. */
export const lowerSliceBackward: Lowering<'slice_backward'> = (site) => {
  const { graph, params } = site;
  const { starts, steps, xShape } = params;
  let value = site.input(0);
  const sizes = [...site.shape(0)];
  steps.forEach((step, axis) => {
    if (step === 1) return;
    value = spread(graph, value, { sizes, axis, step });
    sizes[axis] = (sizes[axis] as number) * step;
  });
  // What hangs over behind the last element is cut off: a negative pad.
  const after = xShape.map(
    (size, axis) => size - (starts[axis] as number) - (sizes[axis] as number),
  );
  return [padded(graph, value, [...starts, ...after])];
};

/** Puts step - 1 zeros behind each element of an axis. */
function spread(
  graph: Graph,
  value: Name,
  { sizes, axis, step }: { readonly sizes: readonly number[]; axis: number; step: number },
): Name {
  const size = sizes[axis] as number;
  const column = graph.reshape(value, sizes.toSpliced(axis, 1, size, 1));
  const none = Array.from({ length: sizes.length + 1 }, () => 0);
  const wide = padded(graph, column, [...none, ...none.with(axis + 1, step - 1)]);
  return graph.reshape(wide, sizes.with(axis, size * step));
}

function padded(graph: Graph, value: Name, pads: readonly number[], fill = 0): Name {
  if (pads.every((pad) => pad === 0)) return value;
  return graph.apply('Pad', [value, graph.integers(pads), graph.float(fill)]);
}

/** See src/program/ops/pad.ts: Pad. */
export const lowerPad: Lowering<'pad'> = (site) => {
  const { pads, value } = site.params;
  return [padded(site.graph, site.input(0), pads, value)];
};

/** See src/program/ops/views.ts: Reshape. */
export const lowerReshape: Lowering<'reshape'> = (site) => [
  site.graph.reshape(site.input(0), site.params.shape),
];

/** See src/program/ops/views.ts: Transpose. */
export const lowerTranspose: Lowering<'transpose'> = (site) => [
  site.graph.transpose(site.input(0), site.params.axes),
];

/** See src/program/ops/mean.ts: ReduceMean. */
export const lowerMean: Lowering<'mean'> = (site) => {
  const kept = site.graph.reduce('ReduceMean', site.input(0), site.params.axes);
  return [site.params.keepDims ? kept : site.graph.reshape(kept, site.outputShape(0))];
};

/** See src/program/ops/mean.ts: Expand. */
export const lowerMeanBackward: Lowering<'mean_backward'> = (site) => {
  const { graph, params } = site;
  const { axes, xShape } = params;
  const kept = xShape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const count = axes.reduce((product, axis) => product * (xShape[axis] as number), 1);
  const share = graph.div(graph.reshape(site.input(0), kept), graph.float(count));
  return [graph.expand(share, xShape)];
};
