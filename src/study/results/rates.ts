// What several learning rates show: which one each treatment does best at, and how much of a
// difference one rate for all networks would have made.
import { tInterval } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { treatmentKinds } from '../treatments.js';
import { isChosen, withoutRate } from './choose-rate.js';
import { unlikeTargets } from './family.js';
import { rangeText } from './layer-ranges.js';
import { layersOf } from './lines.js';
import { isMeasured, isOfFewImages, matchNetworks, type MatchedNetwork } from './measured.js';
import { groupBy } from './order.js';
import type { BaseRate, RateChange, RatePoint, RateRow, RateTable } from './rate-types.js';
import type { Family, NetworkResult, RateResults } from './types.js';
import { cellMeans, type Cells, cellsOf, type CellValue, overBaseIn, unitValues } from './unit.js';

/** `rates` of results.json; undefined for a study of one rate.
 *  @param networks all of them, chosen or not */
export function buildRates(
  networks: readonly NetworkResult[],
  list: readonly number[] | undefined,
): RateResults | undefined {
  if (list === undefined) return undefined;
  const own = networks.filter(({ lr }) => lr !== undefined);
  const open = own.filter(({ state }) => state === 'waiting' || state === 'running');
  const families = groupBy(own, ({ family }) => family);
  return {
    list,
    open: new Set(open.map(withoutRate)).size,
    families: Object.fromEntries(
      [...families].map(([family, members]) => [
        family as Family,
        tablesOf(members, family as Family, list),
      ]),
    ),
  };
}

function tablesOf(
  members: readonly NetworkResult[],
  family: Family,
  list: readonly number[],
): readonly RateTable[] {
  if (isOfFewImages(family)) {
    const sizes = groupBy(members, ({ imagesPerClass }) => String(imagesPerClass));
    return [...sizes.values()].map((same) => ({
      ...tableOf(same, null, list),
      imagesPerClass: same[0]?.imagesPerClass ?? null,
    }));
  }
  const unlike = unlikeTargets(members);
  const targets = unlike.length === 0 ? [null] : unlike;
  return targets.map((target) => {
    const same = members.filter((each) => target === null || each.target === target);
    return tableOf(same, target, list);
  });
}

function tableOf(
  networks: readonly NetworkResult[],
  target: string | null,
  list: readonly number[],
): RateTable {
  const rows = treatmentKinds.flatMap((treatment) => {
    const same = networks.filter((each) => each.treatment === treatment);
    return layersOf(same).map((n): RateRow => {
      const here = same.filter((each) => each.n === n);
      return { treatment, n, points: list.map((lr) => pointOf(here, lr)) };
    });
  });
  const [first = Number.NaN] = list;
  return {
    target,
    rows,
    changes: changesOf(networks, first),
    bases: list.slice(1).flatMap((lr) => baseRate(networks, lr, first)),
  };
}

function pointOf(members: readonly NetworkResult[], lr: number): RatePoint {
  const own = members.filter((each) => each.lr === lr);
  const inState = (state: NetworkResult['state']): number =>
    own.filter((each) => each.state === state).length;
  return {
    lr,
    accuracy: mean(own.filter(isMeasured).map(({ accuracy }) => accuracy)),
    selectionAccuracy: mean(own.flatMap(({ selectionAccuracy }) => selectionAccuracy ?? [])),
    networks: own.length,
    dead: inState('dead'),
    failed: inState('failed'),
    // One that stands for networks of which none was tested was not chosen.
    chosen: own.filter((each) => isChosen(each) && each.selectionAccuracy !== undefined).length,
  };
}

/** Differences to the base at the chosen rates and at the first, over the units that have both:
 *  over all n, if there are several, then at each. */
function changesOf(networks: readonly NetworkResult[], first: number): readonly RateChange[] {
  const [chosen, atFirst] = [networks.filter(isChosen), networks.filter(({ lr }) => lr === first)];
  const [best, fixed] = [matchNetworks(chosen), matchNetworks(atFirst)];
  const cells = cellsOf(chosen);
  return treatmentKinds.flatMap((treatment) => {
    if (treatment === 'base') return [];
    const of = (all: readonly MatchedNetwork[]) =>
      all.filter(({ network }) => network.treatment === treatment);
    const layers = layersOf(of(best).map(({ network }) => network));
    const ranges = layers.length > 1 ? [layers, ...layers.map((n) => [n])] : [layers];
    return ranges.flatMap((range) => {
      const pairs = range.flatMap((n) => pairsAt(n, of(best), of(fixed), cells));
      return changeOf(treatment, rangeText(range), pairs);
    });
  });
}

/** A cell's two values at one n. */
interface RatePair {
  readonly key: string;
  readonly split: string;
  readonly chosen: number;
  readonly first: number;
}

function pairsAt(
  n: number,
  best: readonly MatchedNetwork[],
  fixed: readonly MatchedNetwork[],
  cells: Cells,
): readonly RatePair[] {
  const [ours, theirs] = [best, fixed].map((all) =>
    cellMeans(
      all.filter(({ network }) => network.n === n).map((each) => overBaseIn(cells, each)),
      cells,
    ),
  ) as [Map<string, CellValue>, Map<string, CellValue>];
  return [...ours].flatMap(([key, { split, value: chosen }]) => {
    const other = theirs.get(key);
    return other === undefined ? [] : [{ key, split, chosen, first: other.value }];
  });
}

function changeOf(
  treatment: RateChange['treatment'],
  layers: string,
  pairs: readonly RatePair[],
): readonly RateChange[] {
  const unitsOf = (valueOf: (pair: RatePair) => number): readonly number[] => {
    const byCell = groupBy(pairs, ({ key }) => key);
    return unitValues(
      new Map(
        [...byCell].map(([key, same]): [string, CellValue] => [
          key,
          { split: same[0]?.split ?? '', value: mean(same.map(valueOf)) as number },
        ]),
      ),
    );
  };
  const changes = unitsOf(({ chosen, first }) => chosen - first);
  const changePt = mean(changes);
  if (changePt === null) return [];
  const interval = tInterval(changes);
  return [
    {
      treatment,
      layers,
      chosenPt: mean(unitsOf(({ chosen }) => chosen)) as number,
      firstPt: mean(unitsOf(({ first }) => first)) as number,
      changePt,
      changeLowPt: interval?.low ?? null,
      changeHighPt: interval?.high ?? null,
      units: changes.length,
    },
  ];
}

function baseRate(
  networks: readonly NetworkResult[],
  lr: number,
  first: number,
): readonly BaseRate[] {
  const bases = networks.filter(({ treatment }) => treatment === 'base');
  const atFirst = new Map(
    bases.filter((each) => each.lr === first).map((each) => [withoutRate(each), each]),
  );
  const values = bases
    .filter((each) => each.lr === lr)
    .flatMap((network) => {
      const [own, other] = [network, atFirst.get(withoutRate(network))].map(
        (each) => each?.selectionAccuracy,
      );
      if (own === undefined || other === undefined) return [];
      return [{ network, value: 100 * (own - other) }];
    });
  const units = unitValues(cellMeans(values, cellsOf(bases)));
  const overFirstPt = mean(units);
  if (overFirstPt === null) return [];
  const interval = tInterval(units);
  return [
    {
      lr,
      overFirstPt,
      overFirstLowPt: interval?.low ?? null,
      overFirstHighPt: interval?.high ?? null,
      units: units.length,
    },
  ];
}
