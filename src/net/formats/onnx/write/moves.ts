// Layers that move numbers, choose some of them, or join them, as ONNX operators. Axis 0 is left
// open: rows and images share it.
import type { LayerKind, LayerMap } from '../../../layers/table.js';
import type { LayerWriter, LayerWriters, ValueOut } from './writing.js';

type Writer<K extends LayerKind> = LayerWriter<LayerMap[K]>;

/** Another shape: Reshape, with -1 for the axis that the images are in. */
const reshape: Writer<'reshape'> = (at) => {
  const [, ...rest] = at.layer.shape;
  return at.last('Reshape', [at.x.name, at.integers('shape', [-1, ...rest])]);
};

/** Axes in another order: Transpose. */
const transpose: Writer<'transpose'> = (at) =>
  at.last('Transpose', [at.x.name], { perm: { ints: at.layer.axes } });

/** Branches side by side: Concat. */
const concat: Writer<'concat'> = (at) =>
  at.last(
    'Concat',
    at.inputs.map(({ name }) => name),
    { axis: { int: at.layer.axis } },
  );

/** A part of an axis: Slice. */
const slice: Writer<'slice'> = (at) => {
  const { axis, start, end, step = 1 } = at.layer;
  const numbers = Object.entries({ start, end, axis, step });
  return at.last('Slice', [
    at.x.name,
    ...numbers.map(([name, value]) => at.integers(name, [value])),
  ]);
};

/** Constant padding: Pad. */
const pad: Writer<'pad'> = (at) => {
  const { pads, value } = at.layer;
  return at.last('Pad', [at.x.name, at.integers('pads', pads), at.scalar('value', value)], {
    mode: { text: 'constant' },
  });
};

/** One tensor for every image: Expand, to as many rows as the other input has. */
const broadcast: Writer<'broadcast'> = (at) => {
  const [what, like] = at.inputs as readonly [ValueOut, ValueOut];
  const rows = at.step('Shape', [like.name], { start: { int: 0 }, end: { int: 1 } });
  const rest = at.integers('sizes', what.shape.slice(1));
  const shape = at.step('Concat', [rows, rest], { axis: { int: 0 } });
  return at.last('Expand', [what.name, shape]);
};

/** Layers that move numbers. */
export const movingLayers = {
  reshape,
  transpose,
  concat,
  slice,
  pad,
  broadcast,
} as const satisfies Partial<LayerWriters>;
