// A Pad before a convolution or pooling becomes part of it: frameworks that pad "SAME" write two
// nodes for one.
import type { Node } from '../graph.js';
import { padsOf } from '../sizes.js';
import { windowOf } from '../windows.js';
import type { GraphView } from './graph-view.js';

/** The node with the padding of the Pad that it reads; null if it reads none, or one that means
 *  something else. */
export function withPads(node: Node, view: GraphView): Node | null {
  const { op, inputs, domain } = node;
  if (domain !== '' || (op !== 'Conv' && op !== 'MaxPool' && op !== 'AveragePool')) return null;
  const pad = view.producer(inputs[0] ?? '');
  const inner = pad?.inputs[0] ?? '';
  const outer = view.dims(inputs[0] ?? '');
  if (pad?.op !== 'Pad' || view.dims(inner)?.length !== 4 || outer === undefined) return null;
  const around = spatialPads(pad, view);
  if (around === null) return null;
  const kernel = view.dims(inputs[1] ?? '')?.slice(2) ?? [];
  const { pads } = windowOf(view.reading(node), outer, kernel);
  if (!meansTheSame(node, inner, pads, view)) return null;
  const attributes = new Map(node.attributes);
  attributes.set(
    'pads',
    pads.map((own, side) => own + (around[side] ?? 0)),
  );
  attributes.set('auto_pad', 'NOTSET');
  return { ...node, inputs: [inner, ...inputs.slice(1)], attributes };
}

/** Zeros around height and width: top, left, bottom, right; null if the node pads otherwise. */
function spatialPads(pad: Node, view: GraphView): readonly number[] | null {
  const reading = view.reading(pad);
  const pads = padsOf(reading, 4);
  const [n, c, top = 0, left = 0, m, k, bottom = 0, right = 0] = pads;
  const isZero = reading.numberOr('value', 2, 0) === 0;
  const isPlain = reading.text('mode', 'constant') === 'constant';
  const others = [n, c, m, k].every((each) => (each ?? 0) === 0);
  return isZero && isPlain && others && Math.min(top, left, bottom, right) >= 0
    ? [top, left, bottom, right]
    : null;
}

/** A convolution pads with zeros itself. A maximum takes no account of its own padding: that is the
 *  same where nothing is below 0. A mean counts its padding, or does not. */
function meansTheSame(node: Node, inner: string, own: readonly number[], view: GraphView): boolean {
  if (node.op === 'Conv') return true;
  const below = view.producer(inner);
  if (node.op === 'MaxPool') {
    if (below?.op === 'Relu') return true;
    return below?.op === 'Clip' && view.reading(below).numberOr('min', 1, -1) >= 0;
  }
  return view.reading(node).number('count_include_pad', 0) === 1 && own.every((each) => each === 0);
}
