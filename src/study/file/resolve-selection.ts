// `selection:` of a study: training images that are kept aside, to choose the learning rate by.
import { selectionTest } from '../plan/further-tests.js';
import type { SolverChoice, Study } from '../study.js';
import type { Report } from './located.js';
import type { StudyText } from './study-source.js';

/** Of a class's training images, where the study does not say it. */
const USUAL_SHARE = 0.1;

/** What is kept aside. Without several rates nothing is, unless the study says so: a rate that is
 *  added later then leaves what is trained as it is. */
export function resolveSelection(
  { selection: share, seed = 0, tests }: StudyText,
  { rates }: SolverChoice,
  report: Report,
): Pick<Study, 'selection'> {
  if (share === undefined && rates === undefined) return {};
  if (tests?.[selectionTest] !== undefined) {
    report(
      `/tests/${selectionTest}`,
      `tests: found the name ${selectionTest}, which the images have that rates are chosen by; wanted another`,
    );
  }
  return { selection: { share: share ?? USUAL_SHARE, seed } };
}
