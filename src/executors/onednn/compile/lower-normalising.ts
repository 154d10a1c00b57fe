// Max pooling and LRN with their backward ops: they keep the layout in which their input comes.
import type { Node, ValueId } from '../../../program/types.js';
import type { Layout, Primitive } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import { addReluBackward } from './lower-elementwise.js';
import { poolingWindow } from './pooling-window.js';
import type { Cast } from './step-list.js';
import type { Buffer, BufferId } from './step.js';

/** y and, if a backward op reads them, the winners. */
export function lowerMaxPool(lowering: EntryLowering, node: Node<'max_pool'>): void {
  const [x, y] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const src = lowering.layoutOf(x, node);
  const primitive = lowering.make(node, (engine) =>
    engine.pooling({
      direction: 'forward',
      keepsWorkspace: isRead(lowering, node.outputs[1] as ValueId),
      src,
      dst: lowering.any(y),
      ...poolingWindow(node.params, lowering.typeOf(x).shape),
    }),
  );
  const dst = lowering.define(y, primitive.layout('dst') as Layout);
  const writes = { dst, ...workspace(lowering, node, primitive) };
  const reads = { src: lowering.home(x, node) };
  lowering.run(node.op, node, primitive, { reads, writes });
}

/** dx from dy and the winners. A ReLU's backward op that follows is done before it, on the smaller
 *  dy: see {@link guardedBy}. */
export function lowerMaxPoolBackward(
  lowering: EntryLowering,
  node: Node<'max_pool_backward'>,
): void {
  const [dy, winners] = node.inputs as [ValueId, ValueId];
  const { primitive: forward, node: forwardNode } = lowering.forwardOf(winners, node);
  const primitive = lowering.make(node, (engine) =>
    engine.pooling({
      direction: 'backwardData',
      src: forward.layout('src') as Layout,
      dst: forward.layout('dst') as Layout,
      ...poolingWindow(node.params, node.params.xShape),
      hint: forward,
    }),
  );
  const guard = guardedBy(lowering, node, forwardNode);
  const diffDst = lowering.input(dy, primitive.layout('diffDst') as Layout, node);
  const reads = {
    diffDst: guard ? rectified(lowering, guard, diffDst, forwardNode) : diffDst,
    workspace: lowering.home(winners, node),
  };
  const dx = (guard ?? node).outputs[0] as ValueId;
  const diffSrc = lowering.define(dx, primitive.layout('diffSrc') as Layout);
  lowering.run(node.op, node, primitive, { reads, writes: { diffSrc } });
}

// The relu_backward that alone reads this op's result and whose y is what was pooled. A winner of
// the pool is positive exactly where the pool's output is, and all others get no gradient: so
// relu_backward(max_pool_backward(dy), x) = max_pool_backward(relu_backward(dy, y)), bit for bit,
// with a quarter of the elements or less.
function guardedBy(
  lowering: EntryLowering,
  node: Node<'max_pool_backward'>,
  forward: Node,
): Node<'relu_backward'> | undefined {
  const dx = node.outputs[0] as ValueId;
  const readers = lowering.readersOf(dx);
  const [only] = readers;
  if (readers.length !== 1 || only?.op !== 'relu_backward' || lowering.leaves(dx)) return undefined;
  const isPooled = only.inputs[0] === dx && only.inputs[1] === forward.inputs[0];
  return isPooled ? (only as Node<'relu_backward'>) : undefined;
}

function rectified(
  lowering: EntryLowering,
  guard: Node<'relu_backward'>,
  diffDst: BufferId,
  forward: Node,
): BufferId {
  const { layout } = lowering.buffers[diffDst] as Buffer;
  const dst = lowering.input(forward.outputs[0] as ValueId, layout, guard);
  const diffSrc = lowering.temporary(layout);
  addReluBackward(lowering, guard, layout, { dst, diffDst }, diffSrc);
  return diffSrc;
}

/** y and, if a backward op reads it, the workspace. */
export function lowerLrn(lowering: EntryLowering, node: Node<'lrn'>): void {
  const [x, y] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const src = lowering.layoutOf(x, node);
  const keepsWorkspace = isRead(lowering, node.outputs[1] as ValueId);
  const primitive = lowering.make(node, (engine) =>
    engine.lrn({ direction: 'forward', keepsWorkspace, src, ...node.params }),
  );
  const dst = lowering.define(y, primitive.layout('dst') as Layout);
  const writes = { dst, ...workspace(lowering, node, primitive) };
  const reads = { src: lowering.home(x, node) };
  lowering.run(node.op, node, primitive, { reads, writes });
}

/** dx from x, dy and the workspace. */
export function lowerLrnBackward(lowering: EntryLowering, node: Node<'lrn_backward'>): void {
  const [x, dy, s] = node.inputs as [ValueId, ValueId, ValueId];
  const { primitive: forward } = lowering.forwardOf(s, node);
  const src = forward.layout('src') as Layout;
  const primitive = lowering.make(node, (engine) =>
    engine.lrn({ direction: 'backwardData', src, ...node.params, hint: forward }),
  );
  const reads = {
    src: lowering.input(x, src, node),
    diffDst: lowering.input(dy, primitive.layout('diffDst') as Layout, node),
    ...(primitive.bytes('workspace') > 0 && { workspace: lowering.home(s, node) }),
  };
  const dx = lowering.define(node.outputs[0] as ValueId, primitive.layout('diffSrc') as Layout);
  lowering.run(node.op, node, primitive, { reads, writes: { diffSrc: dx } });
}

function isRead(lowering: EntryLowering, value: ValueId): boolean {
  return lowering.readersOf(value).length > 0;
}

// The second output of pooling and LRN is whatever the primitive keeps for its backward pass.
function workspace(lowering: EntryLowering, node: Node, primitive: Primitive): Cast {
  const value = node.outputs[1] as ValueId;
  lowering.setForward(value, { node, primitive });
  const layout = primitive.layout('workspace');
  return layout ? { workspace: lowering.define(value, layout) } : {};
}
