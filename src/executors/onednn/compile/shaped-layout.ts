// The layout of a value under its own axes.
import type { Node, ValueId } from '../../../program/types.js';
import type { Layout } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';

/** The layout in which a value lies; row-major where its memory has other axes than the value. */
export function shapedLayout(lowering: EntryLowering, value: ValueId, node: Node): Layout {
  const layout = lowering.layoutOf(value, node);
  const { shape } = lowering.typeOf(value);
  if (layout.dims.join() === shape.join()) return layout;
  return lowering.engine.layout(shape, layout.type, 'plain');
}
