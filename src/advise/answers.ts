// What logits say.
import type { Rows } from '../stats/rows.js';

/** By row of logits. */
export interface Answers {
  /** The class of the largest. */
  readonly answers: readonly number[];
  /** Its softmax, to four places. */
  readonly confidence: readonly number[];
  /** -ln of the label's softmax; without labels empty. */
  readonly losses: readonly number[];
}

/** @param labels of the rows, if they are known */
export function answersOf({ values, count, width }: Rows, labels?: Int32Array): Answers {
  const answers: number[] = [];
  const confidence: number[] = [];
  const losses: number[] = [];
  for (let row = 0; row < count; row++) {
    const own = Array.from(values.subarray(row * width, (row + 1) * width));
    const top = Math.max(...own);
    answers.push(own.indexOf(top));
    const total = own.reduce((sum, value) => sum + Math.exp(value - top), 0);
    confidence.push(Math.round(1e4 / total) / 1e4);
    if (labels) losses.push(Math.log(total) + top - (own[labels[row] as number] ?? top));
  }
  return { answers, confidence, losses };
}
