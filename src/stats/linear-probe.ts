// Linear probes: how well a linear classifier on frozen features does, with its penalty chosen by
// cross-validation.
import { shuffle } from '../base/shuffle.js';
import { type StreamKey } from '../base/threefry.js';
import { classify, fitLogistic, type LinearModel, logits } from './logistic-regression.js';
import { onAxes, type PrincipalAxes, principalAxes } from './principal-axes.js';
import { type LabelledRows, pickLabelled, type Rows } from './rows.js';

/** Penalties that a probe chooses from, for standardised features and the mean loss: descending, so
 *  that each fit starts from one that is smoother. */
const probePenalties: readonly number[] = [10, 1, 0.1, 0.01, 0.001];

/** Derivative at which a probe's fit ends: predictions do not change below it. */
const tolerance = 1e-4;

/** A probe judged on rows that it was not fitted to. */
export interface CrossValidatedProbe {
  /** i32 [n]: class that each row was given by the fit without its fold. */
  readonly predictions: Int32Array;
  /** Right predictions. */
  readonly correct: number;
  /** Penalty with the lowest loss over all folds: what to fit all rows with. */
  readonly l2: number;
}

/** A probe of all rows, ready for others. */
export interface FittedProbe {
  readonly axes: PrincipalAxes;
  readonly model: LinearModel;
}

/** Numbers of folds, 0 .. folds - 1, one a row: within each class the rows are dealt in random
 *  order, and each class goes on where the one before ended, so that folds and classes differ by
 *  one at most.
 *  @returns i32 [n] */
export function stratifiedFolds(
  { labels, classes }: Pick<LabelledRows, 'labels' | 'classes'>,
  folds: number,
  key: StreamKey,
): Int32Array {
  const order = shuffle(Int32Array.from(labels.keys()), key);
  const out = new Int32Array(labels.length);
  let next = 0;
  for (let label = 0; label < classes; label++) {
    for (const row of order) if (labels[row] === label) out[row] = next++ % folds;
  }
  return out;
}

/** Cross-validates a probe of standardised features. A fold's penalty is the one with the lowest
 *  loss in the other folds, so that no row has a say in the penalty of its own prediction. Columns
 *  are standardised over all rows, which needs no labels.
 *  @param foldOf i32 [n], numbers from 0; rows of one fold are predicted together
 *  @param axes of `data.rows`, standardised, if they are known already */
export function crossValidatedProbe(
  data: LabelledRows,
  foldOf: Int32Array,
  axes: PrincipalAxes = principalAxes(data.rows, 'standardised'),
): CrossValidatedProbe {
  const onAxes: LabelledRows = { ...data, rows: axes.scores };
  const folds = Math.max(...foldOf) + 1;
  // loss[penalty][fold]: sum of -ln p over the fold's rows.
  const losses = probePenalties.map(() => new Float64Array(folds));
  const answers = probePenalties.map(() => new Int32Array(data.labels.length));
  for (let fold = 0; fold < folds; fold++) {
    const rowsOf = (isOut: boolean): number[] =>
      Array.from(foldOf.keys()).filter((row) => (foldOf[row] === fold) === isOut);
    const held = rowsOf(true);
    const out = pickLabelled(onAxes, held);
    path(pickLabelled(onAxes, rowsOf(false)), (model, at) => {
      (losses[at] as Float64Array)[fold] = crossEntropy(out, model);
      classify(out.rows, model).forEach((label, row) => {
        (answers[at] as Int32Array)[held[row] as number] = label;
      });
    });
  }
  const predictions = Int32Array.from(foldOf, (fold, row) => {
    const chosen = best(losses.map((loss) => sum(loss) - (loss[fold] as number)));
    return (answers[chosen] as Int32Array)[row] as number;
  });
  const correct = predictions.filter((label, row) => label === data.labels[row]).length;
  return { predictions, correct, l2: probePenalties[best(losses.map(sum))] as number };
}

/** A probe of all rows with a chosen penalty.
 *  @param axes of `data.rows`, standardised, if they are known already */
export function fitProbe(
  data: LabelledRows,
  l2: number,
  axes: PrincipalAxes = principalAxes(data.rows, 'standardised'),
): FittedProbe {
  const model = fitLogistic({ ...data, rows: axes.scores }, { l2, tolerance });
  return { axes, model };
}

/** The class that a probe gives to each of other rows. @returns i32 [n] */
export function probeClasses({ axes, model }: FittedProbe, rows: Rows): Int32Array {
  return classify(onAxes(rows, axes), model);
}

// Fits of all penalties, each from the one before.
function path(data: LabelledRows, each: (model: LinearModel, at: number) => void): void {
  let start: LinearModel | undefined;
  probePenalties.forEach((l2, at) => {
    start = fitLogistic(data, { l2, tolerance, ...(start && { start }) });
    each(start, at);
  });
}

function crossEntropy({ rows, labels, classes }: LabelledRows, model: LinearModel): number {
  const z = logits(rows, model);
  let loss = 0;
  labels.forEach((label, row) => {
    const own = z.subarray(row * classes, (row + 1) * classes);
    const top = Math.max(...own);
    const total = own.reduce((partial, value) => partial + Math.exp(value - top), 0);
    loss += Math.log(total) + top - (own[label] as number);
  });
  return loss;
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

function best(losses: readonly number[]): number {
  return losses.indexOf(Math.min(...losses));
}
