// Softmax cross-entropy with its backward op, and the count of correct answers.
import { ShapeError } from '../../base/errors.js';
import { formatType, type TensorType } from '../../tensor/tensor.js';
import type { OpName } from './params.js';
import { expectInputs, type OpRule, requireParam } from './rule.js';

function expectScores(op: OpName, scores: string, inputs: readonly TensorType[]): TensorType {
  expectInputs(op, inputs, [
    { name: scores, dtype: 'f32', rank: 2 },
    { name: 'labels', dtype: 'i32', rank: 1 },
  ]);
  const [x, labels] = inputs as [TensorType, TensorType];
  if (x.shape[0] !== labels.shape[0]) {
    throw new ShapeError(
      `${op}: ${formatType(x)} with ${formatType(labels)}: numbers of rows differ`,
    );
  }
  return x;
}

function requireSmoothing(op: OpName, smoothing = 0): void {
  requireParam(
    op,
    smoothing >= 0 && smoothing < 1,
    `found smoothing ${smoothing}, wanted 0 <= smoothing < 1`,
  );
}

/** loss = -(1/N) sum over rows with label >= 0 of ln p[row,label], p = softmax(logits); N = all
 *  rows. With smoothing e, ln p[row,label] becomes (1 - e) ln p[row,label] + (e/C) sum over c of ln
 *  p[row,c] (Szegedy et al. 2016, as PyTorch's label_smoothing). logits f32 [N,C], labels i32 [N]
 *  (negative: row ignored) -> loss f32 [1], p f32 [N,C]. */
export const softmaxCrossEntropy: OpRule<'softmax_cross_entropy'> = {
  shape: ({ smoothing }, inputs) => {
    requireSmoothing('softmax_cross_entropy', smoothing);
    const logits = expectScores('softmax_cross_entropy', 'logits', inputs);
    return [{ dtype: 'f32', shape: [1] }, logits];
  },
  // Only as the root of differentiation: the loss's own gradient is 1.
  gradient: (emitter, { params, inputs, outputs }) => [
    emitter.emit('softmax_cross_entropy_backward', params, [
      outputs[1] as number,
      inputs[1] as number,
    ])[0] as number,
    null,
  ],
};

/** dlogits = (p - (1 - e) onehot(label) - e/C) / N with smoothing e, zero rows where the label is
 *  negative; p f32 [N,C], labels i32 [N] -> f32 [N,C]. */
export const softmaxCrossEntropyBackward: OpRule<'softmax_cross_entropy_backward'> = {
  shape: ({ smoothing }, inputs) => {
    requireSmoothing('softmax_cross_entropy_backward', smoothing);
    return [expectScores('softmax_cross_entropy_backward', 'p', inputs)];
  },
  gradient: null,
};

/** Number of rows whose largest logit (the first of equals; NaN never) is at the label; logits f32
 *  [N,C], labels i32 [N] -> i32 [1]. With `rows`, 1 for each such row and 0 for the others: i32
 *  [N]. */
export const top1Correct: OpRule<'top1_correct'> = {
  shape: ({ rows }, inputs) => {
    const { shape } = expectScores('top1_correct', 'logits', inputs);
    return [{ dtype: 'i32', shape: [rows ? (shape[0] as number) : 1] }];
  },
  gradient: null,
};
