// Inner product and its backward ops. All memories are row-major: oneDNN's GEMM takes them in every
// direction without a reorder (one of CaffeNet's fc6 alone would move 151 MB).
import type { Node, ValueId } from '../../../program/types.js';
import type { Layout } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import { fusedRelu } from './fusion.js';
import { isHostOp } from './lower-host.js';

function operands(
  lowering: EntryLowering,
  w: ValueId,
  y: ValueId,
  f32: { readonly weights?: boolean; readonly dst?: boolean } = {},
): { src: Layout; weights: Layout; dst: Layout } {
  const [n, o] = lowering.typeOf(y).shape as readonly [number, number];
  const k = lowering.typeOf(w).shape[1] as number;
  const { activations } = lowering.options;
  const plain = (rows: number, columns: number, isF32 = false): Layout =>
    lowering.engine.layout([rows, columns], isF32 ? 'f32' : activations, 'plain');
  return { src: plain(n, k), weights: plain(o, k, f32.weights), dst: plain(n, o, f32.dst) };
}

// Logits keep their f32 accumulators: exponentials would blow up the rounding of a bf16.
function isForHost(lowering: EntryLowering, y: ValueId): boolean {
  return lowering.leaves(y) || lowering.readersOf(y).some(({ op }) => isHostOp(op));
}

/** x w^T (+ b) (+ relu). */
export function lowerInnerProduct(lowering: EntryLowering, node: Node<'inner_product'>): void {
  const [x, w, b] = node.inputs as [ValueId, ValueId, ValueId?];
  const relu = fusedRelu(lowering, node);
  const y = (relu ?? node).outputs[0] as ValueId;
  const layouts = operands(lowering, w, y, { dst: isForHost(lowering, y) });
  const primitive = lowering.make(node, (engine) =>
    engine.innerProduct({
      direction: 'forward',
      ...layouts,
      ...(b !== undefined && { bias: lowering.plain(b) }),
      relu: relu !== undefined,
    }),
  );
  const reads = {
    src: lowering.input(x, lowering.plainActivation(x), node),
    weights: lowering.input(w, layouts.weights, node),
    ...(b !== undefined && { bias: lowering.input(b, lowering.plain(b), node) }),
  };
  const dst = lowering.define(y, layouts.dst);
  lowering.run(node.op, node, primitive, { reads, writes: { dst } });
}

/** dx from dy and w. */
export function lowerInnerProductBackwardData(
  lowering: EntryLowering,
  node: Node<'inner_product_backward_data'>,
): void {
  const [dy, w] = node.inputs as [ValueId, ValueId];
  const dx = node.outputs[0] as ValueId;
  const layouts = operands(lowering, w, dy);
  const primitive = lowering.make(node, (engine) =>
    engine.innerProduct({ direction: 'backwardData', ...layouts }),
  );
  const reads = {
    diffDst: lowering.input(dy, layouts.dst, node),
    weights: lowering.input(w, layouts.weights, node),
  };
  const diffSrc = lowering.define(dx, lowering.plainActivation(dx));
  lowering.run(node.op, node, primitive, { reads, writes: { diffSrc } });
}

/** dw and db, if there is a bias, from x and dy. */
export function lowerInnerProductBackwardWeights(
  lowering: EntryLowering,
  node: Node<'inner_product_backward_weights'>,
): void {
  const [x, dy] = node.inputs as [ValueId, ValueId];
  const [dw, db] = node.outputs as [ValueId, ValueId?];
  const layouts = operands(lowering, dw, dy, { weights: true });
  const primitive = lowering.make(node, (engine) =>
    engine.innerProduct({
      direction: 'backwardWeights',
      ...layouts,
      ...(db !== undefined && { bias: lowering.plain(db) }),
    }),
  );
  const reads = {
    src: lowering.input(x, lowering.plainActivation(x), node),
    diffDst: lowering.input(dy, layouts.dst, node),
  };
  const writes = {
    diffWeights: lowering.define(dw, layouts.weights),
    ...(db !== undefined && { diffBias: lowering.define(db, lowering.plain(db)) }),
  };
  lowering.run(node.op, node, primitive, { reads, writes });
}
