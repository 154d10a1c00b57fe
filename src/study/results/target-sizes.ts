// What transfer gains against the number of the target's images: from how many on does it stop to
// pay, and does the best cut move?
import { tInterval } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../treatments.js';
import { layersOf } from './lines.js';
import { matchNetworks } from './measured.js';
import { groupBy } from './order.js';
import type { BestCut, SizeGain, SizePoint, TargetSizes } from './target-size-types.js';
import type { Family, NetworkResult, Results } from './types.js';
import {
  type CellValue,
  cellMeans,
  cellsOf,
  type NetworkValue,
  overBaseIn,
  pairedCells,
  unitValues,
} from './unit.js';

type Size = number | null;
type MeansOf = (values: readonly NetworkValue[]) => ReadonlyMap<string, CellValue>;

/** `targetSizes` of results.json; undefined if no target has a size of its own. Networks of the
 *  size that the sources have are those of the ordinary splits. */
export function buildTargetSizes(networks: readonly NetworkResult[]): Results['targetSizes'] {
  const sized = networks.filter(({ sizeOf }) => sizeOf !== undefined);
  if (sized.length === 0) return undefined;
  const families = groupBy(sized, ({ sizeOf }) => sizeOf?.family as Family);
  return Object.fromEntries(
    [...families].map(([family, members]) => {
      const splits = new Set(members.map(({ sizeOf }) => sizeOf?.split));
      const own = networks.filter((each) => each.family === family && splits.has(each.split));
      return [family, ofFamily(family as Family, members, own)];
    }),
  );
}

/** @param sized networks of targets of their own size
 *  @param own those of the splits that these copy from */
function ofFamily(
  family: Family,
  sized: readonly NetworkResult[],
  own: readonly NetworkResult[],
): readonly TargetSizes[] {
  const sourceImagesPerClass = own[0]?.imagesPerClass ?? null;
  const isTarget = own.some(({ treatment }) => treatment !== 'base');
  const matched = [...matchNetworks(sized), ...(isTarget ? matchNetworks(own) : [])].map(
    // Whatever their size, networks of a split share its tasks and the bases of the other task.
    (each) => ({ ...each, network: { ...each.network, ...each.network.sizeOf } }),
  );
  const all = [...sized, ...(isTarget ? own : [])].map(({ imagesPerClass }) => imagesPerClass);
  const sizes = [...new Set(all)].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
  // Halves drawn at random are alike; of other tasks A to B and B to A are two questions.
  const letters = [...new Set(sized.map(({ target }) => target))];
  const targets = family === 'random-halves' ? [null] : letters;
  return targets.map((target) => {
    const ours = matched.filter(({ network }) => target === null || network.target === target);
    const cells = cellsOf(ours.map(({ network }) => network));
    const values = ours.map((each) => overBaseIn(cells, each));
    const meansOf = (some: readonly NetworkValue[]) => cellMeans(some, cells);
    return {
      target,
      sourceImagesPerClass,
      sizes,
      gains: gainsOf(values, sizes, meansOf),
      bestCuts: (['AnB', 'AnB+'] as const).flatMap((kind) => bestCut(kind, values, sizes, meansOf)),
    };
  });
}

function gainsOf(
  values: readonly NetworkValue[],
  sizes: readonly Size[],
  meansOf: MeansOf,
): readonly SizeGain[] {
  const kinds = treatmentKinds.filter((kind) => kind !== 'base');
  const questions = [
    ...kinds.map((treatment) => ({ treatment, against: 'base' as const })),
    { treatment: 'AnB' as const, against: 'AnB+' as const },
  ];
  return questions.flatMap(({ treatment, against }) => {
    const ours = values.filter(({ network }) => network.treatment === treatment);
    const layers = layersOf(ours.map(({ network }) => network));
    const [first, last] = [layers[0], layers.at(-1)];
    const ranges = layers.length > 1 ? [layers, ...layers.map((n) => [n])] : [layers];
    if (first === undefined) return [];
    return ranges.flatMap((ns): SizeGain[] => {
      const points = sizes.flatMap((size) => {
        const here = values.filter(({ network }) => network.imagesPerClass === size);
        return sizePoint(size, differences(here, { treatment, against, ns }, meansOf));
      });
      const name = ns.length > 1 ? `${first}-${last}` : String(ns[0]);
      if (points.length === 0) return [];
      return [{ treatment, against, layers: name, points, endsAt: endOf(points) }];
    });
  });
}

interface Question {
  readonly treatment: TreatmentKind;
  readonly against: TreatmentKind;
  readonly ns: readonly number[];
}

// Independent values of one treatment minus the other; the base is what all are measured from.
function differences(
  values: readonly NetworkValue[],
  { treatment, against, ns }: Question,
  meansOf: MeansOf,
): { readonly values: readonly number[]; readonly networks: number } {
  const of = (kind: TreatmentKind) =>
    values.filter(
      ({ network }) =>
        network.treatment === kind &&
        (treatments[kind].layers !== 'some' || ns.includes(network.n)),
    );
  const ours = of(treatment);
  const means = meansOf(ours);
  const gains = against === 'base' ? means : pairedCells(means, meansOf(of(against)));
  return { values: unitValues(gains), networks: ours.length };
}

function sizePoint(
  imagesPerClass: Size,
  { values, networks }: ReturnType<typeof differences>,
): SizePoint[] {
  const meanPt = mean(values);
  if (meanPt === null) return [];
  const interval = tInterval(values);
  const [lowPt, highPt] = [interval?.low ?? null, interval?.high ?? null];
  return [{ imagesPerClass, meanPt, lowPt, highPt, units: values.length, networks }];
}

function endOf(points: readonly SizePoint[]): SizeGain['endsAt'] {
  const end = points.find(({ lowPt }) => lowPt !== null && lowPt <= 0);
  return end === undefined ? null : (end.imagesPerClass ?? 'all');
}

function bestCut(
  treatment: TreatmentKind,
  values: readonly NetworkValue[],
  sizes: readonly Size[],
  meansOf: MeansOf,
): BestCut[] {
  const ours = values.filter(({ network }) => network.treatment === treatment);
  const layers = layersOf(ours.map(({ network }) => network));
  if (layers.length < 2) return [];
  const at = (size: Size, n: number) =>
    meansOf(ours.filter(({ network }) => network.imagesPerClass === size && network.n === n));
  const points = sizes.flatMap((imagesPerClass) => {
    const means = layers.flatMap((n) => {
      const meanPt = mean(unitValues(at(imagesPerClass, n)));
      return meanPt === null ? [] : [{ imagesPerClass, n, meanPt }];
    });
    // Of equal ones the first.
    const best = Math.max(...means.map(({ meanPt }) => meanPt));
    return means.filter(({ meanPt }) => meanPt === best).slice(0, 1);
  });
  const [few, many] = [points[0], points.at(-1)];
  if (few === undefined || many === undefined || few === many) return [];
  if (few.n === many.n) return [{ treatment, points, shift: null }];
  const ends = [few, many].flatMap(({ imagesPerClass }) =>
    [few.n, many.n].map((n) => at(imagesPerClass, n)),
  ) as [Cell, Cell, Cell, Cell];
  return [{ treatment, points, shift: shiftOf(ends, layers.length) }];
}

type Cell = ReadonlyMap<string, CellValue>;

// (few.n - many.n with few images) - (the same with many), within cells that have all four.
function shiftOf([a, b, c, d]: readonly [Cell, Cell, Cell, Cell], cuts: number): BestCut['shift'] {
  const values = unitValues(pairedCells(pairedCells(a, b), pairedCells(c, d)));
  const meanPt = mean(values);
  if (meanPt === null) return null;
  const interval = tInterval(values, 1 - 0.05 / ((cuts * (cuts - 1)) / 2));
  const [lowPt, highPt] = [interval?.low ?? null, interval?.high ?? null];
  return { meanPt, lowPt, highPt, units: values.length };
}
