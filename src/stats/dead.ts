// Runs whose training failed: those that never left the plateau of guessing, and those whose loss
// ended on it or above.
import { binomialInterval, includes } from './interval.js';

/** What the dead-run rule looks at. */
export interface RunEvidence {
  /** Correct answers of the last test, and the number of validation images it had. */
  readonly correct: number;
  readonly valImages: number;
  /** C: classes of the target task; chance is 1 / C. */
  readonly classes: number;
  /** Lowest mean training loss (natural logarithm) of any logged stretch; null if none was
   *  logged. */
  readonly lowestTrainLoss: number | null;
}

/** True if the last test's 99 % binomial interval includes chance 1 / C and the training loss never
 *  fell below 0.98 ln C. */
export function isDead(run: RunEvidence): boolean {
  const atChance = includes(binomialInterval(run.correct, run.valImages, 0.99), 1 / run.classes);
  const plateau = 0.98 * Math.log(run.classes);
  return atChance && (run.lowestTrainLoss === null || run.lowestTrainLoss >= plateau);
}

/** True if training ended at a loss above 0.9 ln C (natural logarithm), which is hardly less than
 *  that of guessing: it diverged or did not begin. Not meant for networks of few images, whose loss
 *  may well stay there.
 *  @param finalTrainLoss mean over the last logged stretch; null if it is not known
 *  @param classes C */
export function didNotLearn(finalTrainLoss: number | null, classes: number): boolean {
  return finalTrainLoss !== null && finalTrainLoss > 0.9 * Math.log(classes);
}
