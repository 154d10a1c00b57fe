// The report's section on further test sets: what networks reach there, frozen against tuned.
import { formatAccuracy, formatPoints } from '../figures/format.js';
import { partWords } from '../study/results/task-labels.js';
import type { TestSetResults } from '../study/results/test-set-types.js';
import type { Family, Results } from '../study/results/types.js';
import { type Html, markup, table } from './html.js';
import { shortInterval } from './tables.js';

/** Tables of further test sets; null for a study without any. */
export function testSetSection(results: Results): Html | null {
  const families = Object.entries(results.tests ?? {}) as [Family, readonly TestSetResults[]][];
  const parts = families.flatMap(([family, sets]) =>
    sets.map((set) => partOf(results, family, set)),
  );
  if (parts.length === 0) return null;
  return markup`<h2>On further test sets</h2>
    ${parts}
    <p class="muted">
      The same networks after their last iteration, on other images of the same classes. Over base:
      minus the base of the own target on those images. A change above 0 says that frozen copies
      stand the other images better than copies that went on learning.${lacking(results)}
    </p>`;
}

// Networks are not trained again for a test that is added later.
function lacking({ networks, study }: Results): string {
  const names = Object.keys(study.tests ?? {});
  const without = networks.filter(
    ({ state, tests, finalAccuracy }) =>
      state === 'done' &&
      finalAccuracy !== null &&
      names.every((name) => tests?.[name] === undefined),
  ).length;
  return without === 0
    ? ''
    : ` ${without} networks ended before these sets were part of the study and have no such test.`;
}

function partOf(results: Results, family: Family, set: TestSetResults): Html {
  const { test, target, rows, robustness } = set;
  const title = [test, ...partWords(results, family, target)].join(', ');
  const first = table(
    ['treatment', 'n', 'own images', test, 'over base there, Pt', 'networks'],
    rows.map((row) => [
      ...[row.treatment, row.n, formatAccuracy(row.ownAccuracy), formatAccuracy(row.accuracy)],
      shortInterval(row.overBasePt, row.overBaseLowPt, row.overBaseHighPt),
      row.networks,
    ]),
    [1, 2, 3, 4, 5],
  );
  const second = table(
    ['frozen \u2212 tuned, Pt', 'n', 'own images', test, 'change'],
    robustness.map((row) => [
      ...[`${row.treatment} \u2212 ${row.against}`, row.n],
      ...[formatPoints(row.ownPt), formatPoints(row.furtherPt)],
      shortInterval(row.changePt, row.changeLowPt, row.changeHighPt),
    ]),
    [1, 2, 3, 4],
  );
  return markup`<h3>${title}</h3>
    ${first} ${robustness.length > 0 && second}`;
}
