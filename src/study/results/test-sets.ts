// What networks reach on further test sets, and whether frozen or tuned copies stand other images
// better.
import { tInterval } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { type TreatmentKind, treatmentKinds } from '../treatments.js';
import { unlikeTargets } from './family.js';
import { buildMatched, layersOf } from './lines.js';
import { isMeasured, matchNetworks } from './measured.js';
import { groupBy } from './order.js';
import type { RobustnessRow, TestSetResults, TestSetRow } from './test-set-types.js';
import type { Family, NetworkResult, Results } from './types.js';
import { cellMeans, type CellValue, cellsOf, overBaseIn, pairedCells, unitValues } from './unit.js';

/** A network with its last test, and with a further one, in place of its statistic. */
interface Twice {
  readonly own: NetworkResult;
  readonly further: NetworkResult;
}

const frozenAgainstTuned: readonly (readonly [TreatmentKind, TreatmentKind])[] = [
  ['AnB', 'AnB+'],
  ['BnB', 'BnB+'],
];

/** `tests` of results.json; undefined if no network has a further test. */
export function buildTestSets(networks: readonly NetworkResult[]): Results['tests'] {
  const tested = networks.filter(
    (each) => each.tests !== undefined && each.family !== 'target-size' && isMeasured(each),
  );
  if (tested.length === 0) return undefined;
  const families = groupBy(tested, ({ family }) => family);
  return Object.fromEntries(
    [...families].map(([family, members]) => [family as Family, ofFamily(members)]),
  );
}

function ofFamily(members: readonly NetworkResult[]): readonly TestSetResults[] {
  const names = [...new Set(members.flatMap(({ tests = {} }) => Object.keys(tests)))].sort();
  const unlike = unlikeTargets(members);
  const targets = unlike.length === 0 ? [null] : unlike;
  return names.flatMap((test) =>
    targets.flatMap((target) => {
      const own = members.filter((each) => target === null || each.target === target);
      const twice = own.flatMap((each): Twice[] => {
        const accuracy = each.tests?.[test];
        if (accuracy === undefined) return [];
        return [{ own: { ...each, accuracy: each.finalAccuracy }, further: { ...each, accuracy } }];
      });
      if (twice.length === 0) return [];
      return [{ test, target, rows: rowsOf(twice), robustness: robustnessOf(twice) }];
    }),
  );
}

function rowsOf(twice: readonly Twice[]): readonly TestSetRow[] {
  const matched = buildMatched(twice.map(({ further }) => further));
  return treatmentKinds.flatMap((treatment) => {
    const same = twice.filter(({ further }) => further.treatment === treatment);
    return layersOf(same.map(({ further }) => further)).map((n): TestSetRow => {
      const here = same.filter(({ further }) => further.n === n);
      const point = matched[treatment]?.find((each) => each.n === n);
      return {
        ...{ treatment, n },
        ownAccuracy: mean(here.map(({ own }) => own.accuracy ?? 0)) as number,
        accuracy: mean(here.map(({ further }) => further.accuracy ?? 0)) as number,
        overBasePt: point?.meanPt ?? null,
        overBaseLowPt: point?.lowPt ?? null,
        overBaseHighPt: point?.highPt ?? null,
        networks: here.length,
      };
    });
  });
}

function robustnessOf(twice: readonly Twice[]): readonly RobustnessRow[] {
  return frozenAgainstTuned.flatMap(([treatment, against]) => {
    const layers = layersOf(
      twice.map(({ own }) => own).filter((each) => each.treatment === treatment),
    );
    return layers.flatMap((n): RobustnessRow[] => {
      const frozenMinusTuned = (side: 'own' | 'further') => {
        const networks = twice.map((each) => each[side]);
        return pairedCells(cells(networks, treatment, n), cells(networks, against, n));
      };
      const [own, further] = [frozenMinusTuned('own'), frozenMinusTuned('further')];
      const changes = unitValues(pairedCells(further, own));
      const changePt = mean(changes);
      const [ownPt, furtherPt] = [mean(unitValues(own)), mean(unitValues(further))];
      if (changePt === null || ownPt === null || furtherPt === null) return [];
      const interval = tInterval(changes);
      return [
        {
          ...{ treatment, against, n, ownPt, furtherPt, changePt },
          changeLowPt: interval?.low ?? null,
          changeHighPt: interval?.high ?? null,
          units: changes.length,
        },
      ];
    });
  });
}

function cells(
  networks: readonly NetworkResult[],
  treatment: TreatmentKind,
  n: number,
): ReadonlyMap<string, CellValue> {
  const own = cellsOf(networks);
  const values = matchNetworks(networks)
    .filter(({ network }) => network.treatment === treatment && network.n === n)
    .map((each) => overBaseIn(own, each));
  return cellMeans(values, own);
}
