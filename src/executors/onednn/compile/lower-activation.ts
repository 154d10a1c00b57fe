// Element-wise functions, as one or more of oneDNN's.
import { activationNumbers } from '../../../program/ops/activation.js';
import type { ActivationFunction, ActivationParams } from '../../../program/ops/params.js';
import type { Node, ValueId } from '../../../program/types.js';
import type { Eltwise, Layout, Primitive } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import type { BufferId } from './step.js';

type Stages = readonly [Eltwise, ...Eltwise[]];

const one = (algorithm: Eltwise['algorithm'], alpha = 0, beta = 0): Stages => [
  { algorithm, alpha, beta },
];

// The functions that oneDNN applies one after another. Its own hard sigmoid is in 3.x only.
const stagesOf: { readonly [F in ActivationFunction]: (alpha: number, beta: number) => Stages } = {
  sigmoid: () => one('logistic'),
  tanh: () => one('tanh'),
  silu: () => one('swish', 1),
  'hard-sigmoid': (alpha, beta) => [...one('linear', alpha, beta), ...one('clip', 0, 1)],
  'hard-swish': () => one('hardswish', 1 / 6, 0.5),
  gelu: () => one('geluErf'),
  'gelu-tanh': () => one('geluTanh'),
  'leaky-relu': (alpha) => one('relu', alpha),
  elu: (alpha) => one('elu', alpha),
  clip: (alpha, beta) => one('clip', alpha, beta),
  linear: (alpha, beta) => one('linear', alpha, beta),
};

function stages(params: ActivationParams): Stages {
  const { alpha, beta } = activationNumbers(params);
  return stagesOf[params.function](alpha, beta);
}

/** y = f(x), in the layout of x. */
export function lowerActivation(lowering: EntryLowering, node: Node<'activation'>): void {
  const [x, y] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const layout = lowering.layoutOf(x, node);
  const all = stages(node.params);
  let src = lowering.home(x, node);
  all.forEach((stage, at) => {
    const isLast = at === all.length - 1;
    const dst = isLast ? lowering.define(y, layout) : lowering.temporary(layout);
    applyStage(lowering, node, stage, { layout, src, dst });
    src = dst;
  });
}

/** dx = dy f'(x), in the layout of x: the stages again, then their slopes from the last. */
export function lowerActivationBackward(
  lowering: EntryLowering,
  node: Node<'activation_backward'>,
): void {
  const [dy, x] = node.inputs as [ValueId, ValueId];
  const layout = lowering.layoutOf(x, node);
  const all = stages(node.params);
  const arguments_: BufferId[] = [lowering.home(x, node)];
  const hints = all.map((stage, at) => {
    if (at === all.length - 1)
      return lowering.make(node, (engine) => engine.eltwise(stage, layout));
    const dst = lowering.temporary(layout);
    arguments_.push(dst);
    return applyStage(lowering, node, stage, { layout, src: arguments_[at] as BufferId, dst });
  });
  let diffDst = lowering.input(dy, layout, node);
  for (let at = all.length - 1; at >= 0; at--) {
    const primitive = lowering.make(node, (engine) =>
      engine.eltwiseBackward(all[at] as Eltwise, layout, hints[at] as Primitive),
    );
    const diffSrc =
      at === 0 ? lowering.define(node.outputs[0] as ValueId, layout) : lowering.temporary(layout);
    lowering.run(node.op, node, primitive, {
      reads: { src: arguments_[at] as BufferId, diffDst },
      writes: { diffSrc },
      overwrites: [[diffSrc, diffDst]],
    });
    diffDst = diffSrc;
  }
}

function applyStage(
  lowering: EntryLowering,
  node: Node,
  stage: Eltwise,
  { layout, src, dst }: { readonly layout: Layout; readonly src: BufferId; readonly dst: BufferId },
): Primitive {
  const primitive = lowering.make(node, (engine) => engine.eltwise(stage, layout));
  lowering.run(node.op, node, primitive, {
    reads: { src },
    writes: { dst },
    overwrites: [[dst, src]],
  });
  return primitive;
}
