// Training networks of a plan on this machine, shown on the terminal or as JSON lines, until it is
// done or Ctrl-C.
import { gangCosts, type Training, trainHere } from '../library/train.js';
import type { RunOutcome, StudyEvent } from '../study/run/run-study.js';
import { listenForInterrupts } from './interrupts.js';
import { printJson, remark } from './output.js';
import { showProgress } from './progress.js';

/** Trains them. Progress goes to standard error, or with `asJson` each event to standard output.
 *  The first Ctrl-C saves and ends, the second ends at once. */
export async function trainPlan(training: Training, asJson: boolean): Promise<RunOutcome> {
  const display = asJson
    ? { on: (event: StudyEvent) => printJson(event), close: () => {} }
    : showProgress(gangCosts(training));
  const interrupts = listenForInterrupts(() => {
    if (!asJson) remark('\nfinishing the iteration and saving; Ctrl-C again ends at once');
  });
  try {
    const { stop, kill } = interrupts;
    return await trainHere(training, { onEvent: (event) => display.on(event), stop, kill });
  } finally {
    interrupts.dispose();
    display.close();
  }
}
