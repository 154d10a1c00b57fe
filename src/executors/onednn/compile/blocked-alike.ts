// Layouts for tensors of one size that have the blocks of tensors of another.
import type { Layout, OneDnnEngine } from '../engine.js';

/** A dense layout of `dims`, at most those of `layout`, with its blocks; undefined if a block would
 *  be cut. oneDNN tells it as the result of a concatenation of one part. */
export function blockedAlike(
  engine: OneDnnEngine,
  layout: Layout,
  dims: readonly number[],
): Layout | undefined {
  const plain = engine.layout(layout.dims, layout.type, 'plain');
  if (layout.key === plain.key) return engine.layout(dims, layout.type, 'plain');
  const part = engine.part(layout, dims);
  if (part === undefined) return undefined;
  const primitive = engine.concat(0, [part], engine.layout(dims, layout.type, 'any'));
  const found = primitive.layout('dst');
  primitive.release();
  return found;
}
