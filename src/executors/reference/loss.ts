// Softmax cross-entropy, its backward op, and the count of correct answers.
import { DataError } from '../../base/errors.js';
import { integers, type Kernel, reals } from './kernel.js';

function checkLabels(labels: Int32Array, classes: number): void {
  const row = labels.findIndex((label) => label >= classes);
  if (row >= 0) {
    throw new DataError(
      `softmax_cross_entropy: label ${labels[row]} in row ${row}, wanted < ${classes}`,
    );
  }
}

/** See src/program/ops/loss.ts. @throws DataError if a label is not below C */
export const softmaxCrossEntropy: Kernel<'softmax_cross_entropy'> = ({
  params,
  inputs,
  outputs,
}) => {
  const { smoothing = 0 } = params;
  const [logits, labels] = [reals(inputs, 0), integers(inputs, 1)];
  const [loss, p] = [reals(outputs, 0), reals(outputs, 1)];
  const classes = logits.length / labels.length;
  checkLabels(labels, classes);
  let total = 0;
  labels.forEach((label, row) => {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = scores.reduce((partial, score) => partial + Math.exp(score - largest), 0);
    p.set(
      scores.map((score) => Math.exp(score - largest) / sum),
      row * classes,
    );
    // Not ln p: the logarithm of a probability that underflowed would be infinite.
    if (label < 0) return;
    const logSum = Math.log(sum) + largest;
    total += (1 - smoothing) * (logSum - (scores[label] as number));
    if (smoothing === 0) return;
    total += (smoothing / classes) * scores.reduce((rest, score) => rest + logSum - score, 0);
  });
  loss[0] = total / labels.length;
};

/** See src/program/ops/loss.ts. @throws DataError if a label is not below C */
export const softmaxCrossEntropyBackward: Kernel<'softmax_cross_entropy_backward'> = (call) => {
  const [p, labels, dlogits] = [
    reals(call.inputs, 0),
    integers(call.inputs, 1),
    reals(call.outputs, 0),
  ];
  const classes = p.length / labels.length;
  const { smoothing = 0 } = call.params;
  checkLabels(labels, classes);
  labels.forEach((label, row) => {
    if (label < 0) return;
    for (let c = 0; c < classes; c++) {
      const at = row * classes + c;
      const wanted = (c === label ? 1 - smoothing : 0) + smoothing / classes;
      dlogits[at] = ((p[at] as number) - wanted) / labels.length;
    }
  });
};

/** See src/program/ops/loss.ts. */
export const top1Correct: Kernel<'top1_correct'> = ({ params, inputs, outputs }) => {
  const [logits, labels, correct] = [reals(inputs, 0), integers(inputs, 1), integers(outputs, 0)];
  const classes = logits.length / labels.length;
  labels.forEach((label, row) => {
    let best = -1;
    for (let c = 0; c < classes; c++) {
      const score = logits[row * classes + c] as number;
      if (Number.isNaN(score)) continue;
      if (best < 0 || score > (logits[row * classes + best] as number)) best = c;
    }
    if (best < 0 || best !== label) return;
    const at = params.rows ? row : 0;
    correct[at] = (correct[at] as number) + 1;
  });
};
