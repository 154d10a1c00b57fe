// What the drop of frozen transfer is made of: broken co-adaptation and features specific to the
// source task.
import { tInterval } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { layersOf } from './lines.js';
import { matchNetworks, type MatchedNetwork } from './measured.js';
import type { DecompositionPoint, NetworkResult } from './types.js';
import {
  type Cells,
  cellsOf,
  type CellValue,
  matchedCells,
  pairedCells,
  unitValues,
} from './unit.js';

/** For each n that has BnB and AnB planned: co-adaptation = base - BnB and specificity = BnB - AnB,
 *  mean over the (split, target) pairs that have base, BnB and AnB; intervals over the units of
 *  these (unit.ts). */
export function buildDecomposition(networks: readonly NetworkResult[]): DecompositionPoint[] {
  const selffers = layersOf(networks.filter((network) => network.treatment === 'BnB'));
  const transfers = layersOf(networks.filter((network) => network.treatment === 'AnB'));
  const matched = matchNetworks(networks);
  const cells = cellsOf(networks);
  return selffers
    .filter((n) => transfers.includes(n))
    .map((n) =>
      decompose(
        n,
        matched.filter(({ network }) => network.n === n),
        cells,
      ),
    );
}

function decompose(
  n: number,
  matched: readonly MatchedNetwork[],
  cells: Cells,
): DecompositionPoint {
  const selffer = cellsWith(matched, 'BnB', cells);
  const transfer = cellsWith(matched, 'AnB', cells);
  const specificities = pairedCells(selffer, transfer);
  const coadaptations = new Map(
    [...selffer].flatMap(([key, { split, value }]) =>
      transfer.has(key) ? [[key, { split, value: -value }] as const] : [],
    ),
  );
  const coadaptation = tInterval(unitValues(coadaptations));
  const specificity = tInterval(unitValues(specificities));
  const balances = unitValues(pairedCells(coadaptations, specificities));
  const balance = tInterval(balances);
  return {
    n,
    coadaptationPt: meanOf(coadaptations),
    coadaptationLowPt: coadaptation?.low ?? null,
    coadaptationHighPt: coadaptation?.high ?? null,
    specificityPt: meanOf(specificities),
    specificityLowPt: specificity?.low ?? null,
    specificityHighPt: specificity?.high ?? null,
    balancePt: mean(balances),
    balanceLowPt: balance?.low ?? null,
    balanceHighPt: balance?.high ?? null,
    pairs: cells.areRepeats ? Math.min(1, specificities.size) : specificities.size,
    units: balances.length,
  };
}

function meanOf(cells: ReadonlyMap<string, CellValue>): number | null {
  return mean([...cells.values()].map(({ value }) => value));
}

function cellsWith(matched: readonly MatchedNetwork[], treatment: 'BnB' | 'AnB', cells: Cells) {
  const own = matched.filter(({ network }) => network.treatment === treatment);
  return matchedCells(own, cells);
}
