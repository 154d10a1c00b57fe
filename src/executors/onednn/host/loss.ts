// Softmax cross-entropy with its backward op and the count of correct answers, on [N,C] scores: too
// small for a library call.
import { DataError } from '../../../base/errors.js';

/** What the two ops know beside their arrays. */
export interface LossSetting {
  readonly classes: number;
  readonly smoothing: number;
}

/** See src/program/ops/loss.ts; exponentials and sums in float64. All arrays are row-major.
 *  @param logits f32 [N,`classes`]
 *  @param labels i32 [N]; negative: the row does not count
 *  @param loss f32 [1], written
 *  @param p f32 [N,`classes`], written
 *  @throws DataError if a label is not below `classes` */
export function softmaxCrossEntropy(
  { classes, smoothing }: LossSetting,
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  loss: Float32Array,
  p: Float32Array,
): void {
  const rows = labels.length;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const label = checkedLabel(labels, row, classes);
    let largest = -Infinity;
    for (let at = start; at < start + classes; at++) {
      largest = Math.max(largest, logits[at] as number);
    }
    let sum = 0;
    for (let at = start; at < start + classes; at++) {
      sum += Math.exp((logits[at] as number) - largest);
    }
    // Not from p: its rounding to f32 would add up.
    for (let at = start; at < start + classes; at++) {
      p[at] = Math.exp((logits[at] as number) - largest) / sum;
    }
    // Not ln p: the logarithm of a probability that underflowed would be infinite.
    if (label < 0) continue;
    const logSum = Math.log(sum) + largest;
    total += (1 - smoothing) * (logSum - (logits[start + label] as number));
    if (smoothing === 0) continue;
    let rest = 0;
    for (let at = start; at < start + classes; at++) rest += logSum - (logits[at] as number);
    total += (smoothing / classes) * rest;
  }
  loss[0] = total / rows;
}

/** See src/program/ops/loss.ts. All arrays are row-major.
 *  @param p f32 [N,`classes`]
 *  @param labels i32 [N]; negative: the row's gradient is zero
 *  @param dlogits f32 [N,`classes`], written; may be `p`
 *  @throws DataError if a label is not below `classes` */
export function softmaxCrossEntropyBackward(
  { classes, smoothing }: LossSetting,
  p: ArrayLike<number>,
  labels: ArrayLike<number>,
  dlogits: Float32Array,
): void {
  const rows = labels.length;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const label = checkedLabel(labels, row, classes);
    const scale = label < 0 ? 0 : 1 / rows;
    for (let c = 0; c < classes; c++) {
      const wanted = (c === label ? 1 - smoothing : 0) + smoothing / classes;
      dlogits[start + c] = ((p[start + c] as number) - wanted) * scale;
    }
  }
}

/** See src/program/ops/loss.ts.
 *  @param logits f32 [N,`classes`], row-major
 *  @param labels i32 [N]
 *  @param correct i32 [1], the number of rows, or i32 [N] with `byRow`; written */
export function top1Correct(
  { classes, byRow }: { readonly classes: number; readonly byRow: boolean },
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  correct: Int32Array,
): void {
  correct.fill(0);
  for (let row = 0; row < labels.length; row++) {
    const start = row * classes;
    let best = -1;
    let bestScore = NaN;
    for (let c = 0; c < classes; c++) {
      const score = logits[start + c] as number;
      if (Number.isNaN(score) || score <= bestScore) continue;
      best = c;
      bestScore = score;
    }
    if (best < 0 || best !== labels[row]) continue;
    const at = byRow ? row : 0;
    correct[at] = (correct[at] as number) + 1;
  }
}

function checkedLabel(labels: ArrayLike<number>, row: number, classes: number): number {
  const label = labels[row] as number;
  if (label < classes) return label;
  throw new DataError(`softmax_cross_entropy: label ${label} in row ${row}, wanted < ${classes}`);
}
