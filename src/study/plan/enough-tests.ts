// The paper's statistic, the mean of the ten best tests, needs tests to choose from: with hardly
// more than ten it is a mean over the whole training, and measures how fast a network learns.
import { PlanError } from '../../base/errors.js';
import type { Schedule } from '../../train/job.js';
import type { Plan } from './plan.js';

/** Tests that the statistic `top10` is made of. */
const needed = 10;

/** Below so many, half of all tests count, early ones among them. */
export const enoughTests = 20;

/** Tests of a whole training: one each `testEvery` iterations, and one at the end. */
export function testsOf({ iterations, testEvery }: Schedule): number {
  return Math.floor(iterations / testEvery) + (iterations % testEvery === 0 ? 0 : 1);
}

/** What to say of a study whose statistic is `top10` and whose networks are tested fewer than 20
 *  times; null if there is nothing to say.
 *  @throws PlanError below 10 tests: there are no ten best ones */
export function fewTestsOf({ study, networks }: Plan): string | null {
  if (study.statistic !== 'top10') return null;
  const counts = networks
    .filter(({ pretrained }) => pretrained === undefined)
    .map(({ schedule }) => testsOf(schedule));
  const fewest = Math.min(...counts);
  if (fewest >= enoughTests) return null;
  if (fewest < needed) {
    throw new PlanError(
      `statistic: found top10 with ${fewest} tests a training, wanted at least ${needed} tests, better ${enoughTests} and more`,
      { hint: 'Test more often (solver.testEvery), or take statistic: final.' },
    );
  }
  return fewTestsWords(fewest);
}

/** The warning, for a report too. */
export function fewTestsWords(fewest: number): string {
  return `The statistic top10 is the mean of the ten best tests, and there are ${fewest}: early ones count, so that it says how fast a network learns as much as how well. Test at least ${enoughTests} times (solver.testEvery), or take statistic: final.`;
}
