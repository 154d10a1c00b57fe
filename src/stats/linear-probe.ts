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

/** Derivative at which a probe's fit ends: a tenth of it changes hardly a prediction. */
const tolerance = 3e-4;

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
 *  are standardised over all rows, which needs no labels. The path of penalties ends where the loss
 *  of all folds has risen by a tenth over the lowest: smaller ones fit noise, and take longest.
 *  @param foldOf i32 [n], numbers from 0; rows of one fold are predicted together
 *  @param axes of `data.rows`, standardised, if they are known already */
export function crossValidatedProbe(
  data: LabelledRows,
  foldOf: Int32Array,
  axes: PrincipalAxes = principalAxes(data.rows, 'standardised'),
): CrossValidatedProbe {
  const folds = foldsOf({ ...data, rows: axes.scores }, foldOf);
  // By penalty: the sum of -ln p over each fold's rows, and what each row is said to be.
  const losses: Float64Array[] = [];
  const answers: Int32Array[] = [];
  for (const l2 of probePenalties) {
    const loss = new Float64Array(folds.length);
    const answer = new Int32Array(data.labels.length);
    folds.forEach((fold, at) => {
      fold.start = fitLogistic(fold.train, {
        ...{ l2, tolerance },
        ...(fold.start && { start: fold.start }),
      });
      loss[at] = crossEntropy(fold.held, fold.start);
      classify(fold.held.rows, fold.start).forEach((label, row) => {
        answer[fold.rows[row] as number] = label;
      });
    });
    losses.push(loss);
    answers.push(answer);
    if (sum(loss) > 1.1 * Math.min(...losses.map(sum))) break;
  }
  const predictions = Int32Array.from(foldOf, (fold, row) => {
    const chosen = best(losses.map((loss) => sum(loss) - (loss[fold] as number)));
    return (answers[chosen] as Int32Array)[row] as number;
  });
  const correct = predictions.filter((label, row) => label === data.labels[row]).length;
  return { predictions, correct, l2: probePenalties[best(losses.map(sum))] as number };
}

/** A fold and the rest. */
interface Fold {
  /** Numbers of its rows. */
  readonly rows: readonly number[];
  readonly held: LabelledRows;
  readonly train: LabelledRows;
  /** The fit of the penalty before. */
  start?: LinearModel;
}

function foldsOf(data: LabelledRows, foldOf: Int32Array): readonly Fold[] {
  const all = Array.from(foldOf.keys());
  return Array.from({ length: Math.max(...foldOf) + 1 }, (_, fold) => {
    const rows = all.filter((row) => foldOf[row] === fold);
    const others = all.filter((row) => foldOf[row] !== fold);
    return { rows, held: pickLabelled(data, rows), train: pickLabelled(data, others) };
  });
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
