// Training networks of a plan on this machine, shown on the terminal or as JSON lines, until it is
// done or Ctrl-C.
import { type Training, trainHere } from '../library/train.js';
import { gangFlops } from '../study/needs/cost.js';
import { divideIntoGangs, type Gang } from '../study/plan/gangs.js';
import type { Plan } from '../study/plan/plan.js';
import { networksToTrain, type RunOutcome, type StudyEvent } from '../study/run/run-study.js';
import { listenForInterrupts } from './interrupts.js';
import { LiveWriter } from './live-writer.js';
import { printJson, remark } from './output.js';
import { showProgress } from './progress.js';

/** Trains them. Progress goes to standard error, or with `asJson` each event to standard output.
 *  The first Ctrl-C saves and ends, the second ends at once. */
export async function trainPlan(training: Training, asJson: boolean): Promise<RunOutcome> {
  const { plan, limits } = training;
  const gangs = divideIntoGangs(plan, networksToTrain(training), limits);
  const costs = gangs.map((gang) => gangCost(plan, gang));
  const display = asJson
    ? { on: (event: StudyEvent) => printJson(event), close: () => {} }
    : showProgress(costs);
  const live = new LiveWriter(training.directory, costs);
  const interrupts = listenForInterrupts(() => {
    if (!asJson) remark('\nfinishing the iteration and saving; Ctrl-C again ends at once');
  });
  try {
    const { stop, kill } = interrupts;
    const onEvent = (event: StudyEvent): void => {
      display.on(event);
      live.on(event);
    };
    return await trainHere(training, { onEvent, stop, kill });
  } finally {
    interrupts.dispose();
    display.close();
    live.close();
  }
}

function gangCost(plan: Plan, { name, networks }: Gang) {
  return {
    name,
    networks: networks.map((network) => network.name),
    cost: gangFlops(plan.study.network, networks),
  };
}
