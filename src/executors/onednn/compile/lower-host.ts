// The short list of ops that oneDNN lacks and TypeScript computes over native memory. All together
// they take 1-2 % of a training step.
import { fillUint32 } from '../../../base/random-stream.js';
import type { OpName } from '../../../program/ops/params.js';
import type { Node, ValueId } from '../../../program/types.js';
import { elementCount } from '../../../tensor/tensor.js';
import {
  type LossSetting,
  softmaxCrossEntropy,
  softmaxCrossEntropyBackward,
  top1Correct,
} from '../host/loss.js';
import { normalise } from '../host/normalise.js';
import { scalar } from '../../executor.js';
import type { EntryLowering } from './entry-lowering.js';
import type { Lowering } from './lowering.js';
import type { BufferId, Places, RunContext, Step } from './step.js';

type Arrays = readonly ArrayLike<number>[];

// Adds a host step: `compute` gets the inputs' arrays and writes to the outputs' buffers.
function addHostStep(
  lowering: EntryLowering,
  node: Node,
  overwrites: (outputs: readonly BufferId[], inputs: readonly BufferId[]) => Step['overwrites'],
  compute: (
    places: Places,
    outputs: readonly BufferId[],
  ) => (inputs: Arrays, run: RunContext) => void,
): void {
  const inputs = node.inputs.map((value) => lowering.hostInput(value, node));
  const outputs = node.outputs.map((value) => lowering.define(value, lowering.plain(value)));
  const reads = inputs.flatMap((input) => input.reads);
  lowering.add({
    kind: node.op,
    node,
    reads,
    writes: outputs,
    overwrites: overwrites(outputs, reads),
    scratchBytes: 0,
    bind: (places) => {
      const readers = inputs.map((input) => input.view(places));
      const run = compute(places, outputs);
      return (context) =>
        run(
          readers.map((read) => read(context)),
          context,
        );
    },
  });
}

const never = (): Step['overwrites'] => [];

// x from crops, windows and mean.
function lowerNormalise(lowering: EntryLowering, node: Node<'normalise'>): void {
  const [crops, , mean] = node.inputs as [ValueId, ValueId, ValueId];
  const geometry = {
    crops: lowering.typeOf(crops).shape as readonly [number, number, number, number],
    mean: lowering.typeOf(mean).shape.slice(1) as [number, number],
    scale: node.params.scale,
  };
  addHostStep(lowering, node, never, (places, [x]) => {
    const target = places.float32(x as BufferId);
    return ([pixels, windows, means]) =>
      normalise(
        geometry,
        pixels as ArrayLike<number>,
        windows as ArrayLike<number>,
        means as ArrayLike<number>,
        target,
      );
  });
}

// Zeros and 1 / (1 - ratio) from the stream's page of this iteration.
function lowerDropoutMask(lowering: EntryLowering, node: Node<'dropout_mask'>): void {
  const { shape, ratio, key } = node.params;
  const threshold = ratio * 2 ** 32;
  const kept = 1 / (1 - ratio);
  addHostStep(lowering, node, never, (places, [mask]) => {
    const target = places.float32(mask as BufferId);
    const words = new Uint32Array(elementCount(shape));
    return (_, { scalars }) => {
      fillUint32(words, key, scalar(scalars, 'iteration'));
      for (let at = 0; at < words.length; at++) {
        target[at] = (words[at] as number) < threshold ? 0 : kept;
      }
    };
  });
}

function lossSetting(
  lowering: EntryLowering,
  { inputs, params }: Node<'softmax_cross_entropy' | 'softmax_cross_entropy_backward'>,
): LossSetting {
  const classes = lowering.typeOf(inputs[0] as ValueId).shape[1] as number;
  return { classes, smoothing: params.smoothing ?? 0 };
}

// Loss and probabilities.
function lowerSoftmaxCrossEntropy(
  lowering: EntryLowering,
  node: Node<'softmax_cross_entropy'>,
): void {
  const setting = lossSetting(lowering, node);
  addHostStep(lowering, node, never, (places, [loss, p]) => {
    const [lossView, pView] = [places.float32(loss as BufferId), places.float32(p as BufferId)];
    return ([logits, labels]) =>
      softmaxCrossEntropy(
        setting,
        logits as ArrayLike<number>,
        labels as ArrayLike<number>,
        lossView,
        pView,
      );
  });
}

// dlogits, over p where p dies.
function lowerSoftmaxCrossEntropyBackward(
  lowering: EntryLowering,
  node: Node<'softmax_cross_entropy_backward'>,
): void {
  const setting = lossSetting(lowering, node);
  addHostStep(
    lowering,
    node,
    // A fed p has no buffer.
    ([dlogits], [p]) => (p === undefined ? [] : [[dlogits as BufferId, p]]),
    (places, [dlogits]) => {
      const target = places.float32(dlogits as BufferId);
      return ([p, labels]) =>
        softmaxCrossEntropyBackward(
          setting,
          p as ArrayLike<number>,
          labels as ArrayLike<number>,
          target,
        );
    },
  );
}

// Number of rows answered correctly, or which.
function lowerTop1Correct(lowering: EntryLowering, node: Node<'top1_correct'>): void {
  const classes = lowering.typeOf(node.inputs[0] as ValueId).shape[1] as number;
  const setting = { classes, byRow: node.params.rows === true };
  addHostStep(lowering, node, never, (places, [correct]) => {
    const target = places.int32(correct as BufferId);
    return ([logits, labels]) =>
      top1Correct(setting, logits as ArrayLike<number>, labels as ArrayLike<number>, target);
  });
}

/** Their lowerings: an op is computed on the host exactly if it is listed here. */
export const hostLowerings = {
  normalise: lowerNormalise,
  dropout_mask: lowerDropoutMask,
  softmax_cross_entropy: lowerSoftmaxCrossEntropy,
  softmax_cross_entropy_backward: lowerSoftmaxCrossEntropyBackward,
  top1_correct: lowerTop1Correct,
} satisfies { readonly [K in OpName]?: Lowering<K> };

/** True if an op reads its inputs on the host. */
export function isHostOp(op: OpName): boolean {
  return Object.hasOwn(hostLowerings, op);
}
