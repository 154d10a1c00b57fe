// Backward weights of a convolution over one grey channel, where oneDNN would pad it to a whole
// block of 8 channels (AVX2). Three channels have a kernel of their own that reads them row-major:
// twice as fast, though two of them are thrown away.
import type { Node, ValueId } from '../../../program/types.js';
import type { Layout, OneDnnEngine, Primitive } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import type { BufferId } from './step.js';

const WIDE = 3;

/** Lowers the node if it is such a case; false otherwise. */
export function lowerNarrowBackwardWeights(
  lowering: EntryLowering,
  node: Node<'convolution_backward_weights'>,
): boolean {
  const x = node.inputs[0] as ValueId;
  const [, channels] = lowering.typeOf(x).shape;
  if (lowering.options.activations !== 'f32') return false; // measured for f32 kernels only
  if (channels !== 1 || isRowMajor(lowering, make(lowering, node, 1))) return false;
  const primitive = make(lowering, node, WIDE);
  const gradients = primitive.layout('diffWeights') as Layout;
  const [dw, db] = node.outputs as [ValueId, ValueId?];
  const wanted = lowering.engine.part(gradients, lowering.typeOf(dw).shape);
  if (!wanted || !isRowMajor(lowering, primitive)) return false;

  const reads = {
    src: widened(lowering, x, primitive.layout('src') as Layout, node),
    diffDst: lowering.input(node.inputs[1] as ValueId, primitive.layout('diffDst') as Layout, node),
  };
  const diffWeights = lowering.temporary(gradients);
  const writes = {
    diffWeights,
    ...(db !== undefined && {
      diffBias: lowering.define(db, primitive.layout('diffBias') as Layout),
    }),
  };
  lowering.run(node.op, node, primitive, { reads, writes });
  const narrow = lowering.define(dw, lowering.plain(dw));
  const cut = lowering.keep(lowering.engine.reorder(wanted, lowering.plain(dw)));
  lowering.run('reorder', node, cut, { reads: { src: diffWeights }, writes: { dst: narrow } });
  return true;
}

function isRowMajor({ engine }: EntryLowering, primitive: Primitive): boolean {
  const layout = primitive.layout('src') as Layout;
  return layout.key === engine.layout(layout.dims, 'f32', 'plain').key;
}

function make(
  lowering: EntryLowering,
  node: Node<'convolution_backward_weights'>,
  channels: number,
): Primitive {
  const [x, dy] = node.inputs as [ValueId, ValueId];
  const [dw, db] = node.outputs as [ValueId, ValueId?];
  const any = (engine: OneDnnEngine, value: ValueId): Layout =>
    engine.layout(lowering.typeOf(value).shape.with(1, channels), 'f32', 'any');
  return lowering.make(node, (engine) =>
    engine.convolution({
      direction: 'backwardWeights',
      src: any(engine, x),
      weights: any(engine, dw),
      ...(db !== undefined && { bias: lowering.plain(db) }),
      dst: lowering.any(dy),
      stride: node.params.stride,
      pads: node.params.pads,
      dilation: node.params.dilation,
      algorithm: lowering.options.algorithm,
    }),
  );
}

// x as channel 0 of three; the others keep whatever is there: they only reach the gradients that
// are thrown away.
function widened(lowering: EntryLowering, x: ValueId, layout: Layout, node: Node): BufferId {
  const src = lowering.input(x, lowering.plain(x), node);
  return lowering.derived(src, `widened ${layout.key}`, node, () => {
    const first = lowering.engine.part(layout, lowering.typeOf(x).shape) as Layout;
    const dst = lowering.temporary(layout);
    const copy = lowering.keep(lowering.engine.reorder(lowering.plain(x), first));
    lowering.run('reorder', node, copy, { reads: { src }, writes: { dst } });
    return dst;
  });
}
