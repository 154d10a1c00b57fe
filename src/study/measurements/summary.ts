// Means of measurements over networks, with the intervals and units of the study's other results,
// and their rank correlation with the specificity drop.
import { tInterval } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { rankCorrelation } from '../../stats/rank-correlation.js';
import { groupBy } from '../results/order.js';
import type { NetworkResult, Results } from '../results/types.js';
import {
  cellMeans,
  type Cells,
  cellsOf,
  type CellValue,
  type NetworkValue,
  pairedCells,
  unitValues,
} from '../results/unit.js';
import { letterOf } from '../tasks.js';
import { type TreatmentKind, treatmentKinds } from '../treatments.js';
import type { Measurements } from './types.js';

/** A mean at a cut or a segment, with its 95 % interval over units. */
export interface MeasuredPoint {
  /** The cut, or the ordinal of the segment. */
  readonly n: number;
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Measurements behind it. */
  readonly networks: number;
}

/** Points of one treatment. */
export interface TreatmentPoints {
  readonly treatment: TreatmentKind;
  readonly points: readonly MeasuredPoint[];
}

/** Rank correlation over n with the specificity drop. */
export interface DropCorrelation {
  readonly of: 'probe' | 'probe-loss' | 'similarity';
  readonly rho: number;
  /** Number of n. */
  readonly cuts: number;
}

/** What was measured of one family, or of one target of it. */
export interface MeasurementSummary {
  /** Accuracy of linear probes on bases of the probe's own task, and of another one. */
  readonly ownProbes: readonly MeasuredPoint[];
  readonly otherProbes: readonly MeasuredPoint[];
  /** The first minus the second, percentage points. */
  readonly probeLoss: readonly MeasuredPoint[];
  /** CKA of bases of different tasks, of bases of one task, and of networks with what they copied,
   *  at the end of the last segment that they copied. */
  readonly betweenTasks: readonly MeasuredPoint[];
  readonly withinTask: readonly MeasuredPoint[];
  readonly withSource: readonly TreatmentPoints[];
  /** |w - w0| / |w0| by segment. */
  readonly movement: readonly TreatmentPoints[];
  /** Change of a base's accuracy with one segment at first values, percentage points. */
  readonly initialResets: readonly MeasuredPoint[];
  readonly redrawnResets: readonly MeasuredPoint[];
  readonly correlations: readonly DropCorrelation[];
}

/** A value of a network at n. */
interface ValueAt extends NetworkValue {
  readonly n: number;
}

/** Summary of the main family's measurements, in the view of one target if its tasks are unlike;
 *  null if there are none.
 *  @param results of all targets
 *  @param decomposition of the same view */
export function summariseMeasurements(
  results: Results,
  measurements: Measurements,
  { target, decomposition }: { target: string | null } & Pick<Results, 'decomposition'>,
): MeasurementSummary | null {
  const { family } = results.study;
  const isSeen = (network: NetworkResult): boolean =>
    network.family === family && (target === null || network.target === target);
  const values = valuesOf(results, measurements, isSeen);
  if (Object.values(values).every((list) => list.length === 0)) return null;
  const cells = cellsOf(results.networks.filter(isSeen));
  const points = (list: readonly ValueAt[]) => pointsOf(list, cells);
  const summary = {
    ownProbes: points(values.ownProbes),
    otherProbes: points(values.otherProbes),
    probeLoss: lossOf(values.ownProbes, values.otherProbes, cells),
    betweenTasks: points(values.betweenTasks),
    withinTask: points(values.withinTask),
    withSource: byTreatment(values.withSource, cells),
    movement: byTreatment(values.movement, cells),
    initialResets: points(values.initialResets),
    redrawnResets: points(values.redrawnResets),
  };
  const of = (name: DropCorrelation['of'], list: readonly MeasuredPoint[]) =>
    correlationOf(name, list, decomposition);
  return {
    ...summary,
    correlations: [
      ...of('probe', summary.otherProbes),
      ...of('probe-loss', summary.probeLoss),
      ...of('similarity', summary.betweenTasks),
    ],
  };
}

type Values = ReturnType<typeof valuesOf>;

function valuesOf(
  { networks }: Results,
  { places }: Measurements,
  isSeen: (network: NetworkResult) => boolean,
) {
  const byName = new Map(networks.map((network) => [network.name, network]));
  const all = Object.values(places);
  // Measured of a network on the images of some task: it belongs where networks of that task do.
  const at = (name: string, target: string | null, n: number, value: number): ValueAt[] => {
    const own = byName.get(name);
    const network = own && { ...own, target: target === null ? own.target : letterOf(target) };
    return network !== undefined && isSeen(network) ? [{ network, n, value }] : [];
  };
  const targetOf = (name: string): string | null => byName.get(name)?.target ?? null;
  const isBase = (name: string): boolean => byName.get(name)?.treatment === 'base';
  const probes = (isOwn: boolean): ValueAt[] =>
    all
      .flatMap((place) => place.probes)
      .filter(({ base, target }) => (targetOf(base) === letterOf(target)) === isOwn)
      .flatMap(({ base, target, n, accuracy }) => at(base, target, n, accuracy));
  const similarities = all.flatMap((place) => place.similarities);
  const betweenBases = (isOne: boolean): ValueAt[] =>
    similarities
      .filter(({ network, other }) => isBase(network) && isBase(other))
      .filter(({ network, other }) => (targetOf(network) === targetOf(other)) === isOne)
      .flatMap(({ network, target, segment, alignment }) =>
        alignment === null ? [] : at(network, target, segment, alignment),
      );
  const resets = (which: 'initialAccuracy' | 'redrawnAccuracy'): ValueAt[] =>
    all
      .flatMap((place) => place.resets)
      .flatMap((reset) =>
        at(reset.base, null, reset.segment, 100 * (reset[which] - reset.baseAccuracy)),
      );
  return {
    ownProbes: probes(true),
    otherProbes: probes(false),
    betweenTasks: betweenBases(false),
    withinTask: betweenBases(true),
    withSource: similarities
      .filter(({ network, segment }) => !isBase(network) && byName.get(network)?.n === segment)
      .flatMap(({ network, target, segment, alignment }) =>
        alignment === null ? [] : at(network, target, segment, alignment),
      ),
    movement: all
      .flatMap((place) => place.movements)
      .flatMap(({ network, segments }) =>
        segments.flatMap(({ segment, distance }) =>
          distance === null ? [] : at(network, null, segment, distance),
        ),
      ),
    initialResets: resets('initialAccuracy'),
    redrawnResets: resets('redrawnAccuracy'),
  };
}

function byN(values: readonly ValueAt[]): readonly (readonly [number, readonly ValueAt[]])[] {
  const groups = groupBy(values, ({ n }) => String(n));
  return [...groups].map(([n, members]) => [Number(n), members] as const).sort(([a], [b]) => a - b);
}

function pointsOf(values: readonly ValueAt[], cells: Cells): readonly MeasuredPoint[] {
  return byN(values).flatMap(([n, members]) =>
    pointOf(n, cellMeans(members, cells), members.length),
  );
}

function pointOf(
  n: number,
  cells: ReadonlyMap<string, CellValue>,
  networks: number,
): readonly MeasuredPoint[] {
  const units = unitValues(cells);
  const centre = mean(units);
  const interval = tInterval(units);
  if (centre === null) return [];
  return [{ n, mean: centre, low: interval?.low ?? null, high: interval?.high ?? null, networks }];
}

function lossOf(
  own: Values['ownProbes'],
  other: Values['otherProbes'],
  cells: Cells,
): readonly MeasuredPoint[] {
  const others = new Map(byN(other));
  const inPoints = (values: readonly ValueAt[]) =>
    cellMeans(
      values.map((each) => ({ ...each, value: 100 * each.value })),
      cells,
    );
  return byN(own).flatMap(([n, members]) => {
    const theirs = others.get(n) ?? [];
    const losses = pairedCells(inPoints(members), inPoints(theirs));
    return pointOf(n, losses, members.length + theirs.length);
  });
}

function byTreatment(values: readonly ValueAt[], cells: Cells): readonly TreatmentPoints[] {
  return treatmentKinds
    .map((treatment) => ({
      treatment,
      points: pointsOf(
        values.filter(({ network }) => network.treatment === treatment),
        cells,
      ),
    }))
    .filter(({ points }) => points.length > 0);
}

function correlationOf(
  of: DropCorrelation['of'],
  points: readonly MeasuredPoint[],
  decomposition: Results['decomposition'],
): readonly DropCorrelation[] {
  const pairs = points.flatMap(({ n, mean: x }) => {
    const drop = decomposition.find((each) => each.n === n)?.specificityPt ?? null;
    return drop === null ? [] : [{ x, y: drop }];
  });
  const rho = rankCorrelation(pairs);
  return rho === null ? [] : [{ of, rho, cuts: pairs.length }];
}
