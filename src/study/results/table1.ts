// Table 1 of the paper: what fine-tuned transfer gains over the base and over the fine-tuned
// selffer; and, which the paper lacks, the same matched by target and against the warm restart.
import { tInterval } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { rangesOf, rangeText } from './layer-ranges.js';
import { layersOf, matchedUnits, summarise } from './lines.js';
import { matchNetworks, type MatchedNetwork, referenceBases } from './measured.js';
import type { NetworkResult, Table1Row } from './types.js';
import { type TreatmentKind, treatments } from '../treatments.js';
import { type Cells, cellsOf, matchedCells, pairedCells, unitValues } from './unit.js';

/** Rows 1-(L-1), 3-(L-1), 5-(L-1), as far as these n were trained. Pooled over networks, not over
 *  layers' means. */
export function buildTable1(networks: readonly NetworkResult[], weightLayers: number): Table1Row[] {
  const some = networks.filter(({ treatment }) => treatments[treatment].layers === 'some');
  const every = Array.from({ length: weightLayers - 1 }, (_, i) => i + 1);
  const ranges = rangesOf(some.length === 0 ? every : layersOf(some), weightLayers);
  const cells = cellsOf(networks);
  return ranges.map((range) => buildRow(networks, range, cells));
}

function buildRow(
  networks: readonly NetworkResult[],
  range: readonly number[],
  cells: Cells,
): Table1Row {
  const matched = matchNetworks(networks);
  const pick = (treatment: TreatmentKind) => {
    const isPicked = (network: NetworkResult) =>
      network.treatment === treatment &&
      (treatments[treatment].layers === 'all' || range.includes(network.n));
    return {
      pooled: summarise(networks.filter(isPicked), cells),
      matched: matched.filter(({ network }) => isPicked(network)),
    };
  };
  const [tuned, selffer, restart] = [pick('AnB+'), pick('BnB+'), pick('warm-restart')];
  const base = summarise(referenceBases(networks), cells);
  const overSelffer = difference(tuned.matched, selffer.matched, cells);
  const overRestart = difference(tuned.matched, restart.matched, cells);
  const overBase = tInterval(matchedUnits(tuned.matched, cells));
  return {
    layers: range.length === 1 ? `${range[0]}-${range[0]}` : rangeText(range),
    overBasePt: points(tuned.pooled.mean, base.mean),
    overSelfferPt: points(tuned.pooled.mean, selffer.pooled.mean),
    matchedOverBasePt: meanOf(tuned.matched),
    matchedOverBaseLowPt: overBase?.low ?? null,
    matchedOverBaseHighPt: overBase?.high ?? null,
    matchedOverSelfferPt: overSelffer.meanPt,
    matchedOverSelfferLowPt: overSelffer.lowPt,
    matchedOverSelfferHighPt: overSelffer.highPt,
    matchedOverWarmRestartPt: overRestart.meanPt,
    matchedOverWarmRestartLowPt: overRestart.lowPt,
    matchedOverWarmRestartHighPt: overRestart.highPt,
    networks: tuned.pooled.networks,
    selfferNetworks: selffer.pooled.networks,
  };
}

function points(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : 100 * (a - b);
}

function meanOf(matched: readonly MatchedNetwork[]): number | null {
  return mean(matched.map(({ overBasePt }) => overBasePt));
}

// Mean matched a minus mean matched b; the interval is over units that have both.
function difference(a: readonly MatchedNetwork[], b: readonly MatchedNetwork[], cells: Cells) {
  const interval = tInterval(
    unitValues(pairedCells(matchedCells(a, cells), matchedCells(b, cells))),
  );
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  return {
    meanPt: meanA === null || meanB === null ? null : meanA - meanB,
    lowPt: interval?.low ?? null,
    highPt: interval?.high ?? null,
  };
}
