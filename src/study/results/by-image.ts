// What holds beyond these test images: matched differences with the classes as what was drawn.
import jStat from 'jstat';
import { jackknifeVariance } from '../../stats/paired.js';
import { standardDeviation } from '../../stats/mean.js';
import { type TreatmentKind, treatmentKinds } from '../treatments.js';
import type { ByImage, ByImagePoint } from './by-image-types.js';
import { unlikeTargets } from './family.js';
import { type ClassCount, type ImageAnswers, pairsOf } from './image-pairs.js';
import { layersOf } from './lines.js';
import { isMeasured } from './measured.js';
import { groupBy, pairOf } from './order.js';
import type { Family, NetworkResult, Results } from './types.js';
import { cellMeans, cellsOf, unitOf, unitValues } from './unit.js';

/** `byImage` of results.json; undefined if no network left answers.
 *
 *  A class is left out of the answers of all networks at once, those of the bases too, and each
 *  matched difference is computed again: the jackknife over classes counts what classes and their
 *  images add to its scatter, however networks share them. Its interval is that of other classes
 *  and images for these networks. With networks trained anew too, variances are put together as for
 *  clusters in two directions, classes and units (unit.ts): V = V_classes + V_units - V_both, not
 *  less than either, with Satterthwaite's degrees of freedom.
 *  @source Cameron, Gelbach & Miller 2011, Journal of Business & Economic Statistics 29:238;
 *  Satterthwaite 1946, Biometrics Bulletin 2:110 */
export function buildByImage(
  networks: readonly NetworkResult[],
  answers: ReadonlyMap<string, ImageAnswers>,
): Results['byImage'] {
  const known = networks.filter((each) => isMeasured(each) && answers.has(each.name));
  if (known.length === 0) return undefined;
  // Networks of several sizes are no one population.
  const families = groupBy(
    known.filter(({ family }) => family !== 'target-size'),
    ({ family }) => family,
  );
  return Object.fromEntries(
    [...families].map(([family, members]) => {
      const targets = unlikeTargets(members);
      const parts = targets.length === 0 ? [null] : targets;
      return [family as Family, parts.map((target) => partOf(members, target, answers))];
    }),
  );
}

function partOf(
  members: readonly NetworkResult[],
  target: string | null,
  answers: ReadonlyMap<string, ImageAnswers>,
): ByImage {
  const own = members.filter((each) => target === null || each.target === target);
  const bases = groupBy(
    own.filter(({ treatment }) => treatment === 'base'),
    pairOf,
  );
  const matched: Partial<Record<TreatmentKind, ByImagePoint[]>> = {};
  for (const treatment of treatmentKinds) {
    const same = own.filter((each) => each.treatment === treatment && bases.has(pairOf(each)));
    if (treatment === 'base' || same.length === 0) continue;
    matched[treatment] = layersOf(same).map((n) => {
      const here = same.filter((each) => each.n === n);
      const differences = here.map((network) => ({
        network,
        ...differenceOf(network, bases.get(pairOf(network)) ?? [], answers),
      }));
      return pointOf(n, differences);
    });
  }
  return { target, matched, pairs: pairsOf(own, answers) };
}

/** A network's matched difference, and by how much it changes if a class is left out. */
interface Difference {
  readonly network: NetworkResult;
  readonly value: number;
  readonly changes: ReadonlyMap<string, number>;
}

function differenceOf(
  network: NetworkResult,
  bases: readonly NetworkResult[],
  answers: ReadonlyMap<string, ImageAnswers>,
): Omit<Difference, 'network'> {
  const countsOf = ({ name }: NetworkResult) => (answers.get(name) as ImageAnswers).byClass;
  const own = totalOf(countsOf(network));
  const others = bases.map((base) => totalOf(countsOf(base)));
  const without = (left: string | null): number => {
    const reference = others.map((each) => accuracyOf(each, left));
    return 100 * (accuracyOf(own, left) - reference.reduce((a, b) => a + b, 0) / reference.length);
  };
  const value = without(null);
  const names = [...own.byClass.keys()];
  return { value, changes: new Map(names.map((name) => [name, without(name) - value])) };
}

interface Totals extends ClassCount {
  readonly byClass: ImageAnswers['byClass'];
}

function totalOf(byClass: ImageAnswers['byClass']): Totals {
  let [right, images] = [0, 0];
  for (const count of byClass.values()) {
    right += count.right;
    images += count.images;
  }
  return { right, images, byClass };
}

// Without the class `left`. A task has two classes or more.
function accuracyOf({ right, images, byClass }: Totals, left: string | null): number {
  const { right: itsRight = 0, images: itsImages = 0 } = byClass.get(left ?? '') ?? {};
  return (right - itsRight) / (images - itsImages);
}

function pointOf(n: number, differences: readonly Difference[]): ByImagePoint {
  const networks = differences.length;
  const meanPt = differences.reduce((sum, { value }) => sum + value, 0) / networks;
  const cells = cellsOf(differences.map(({ network }) => network));
  const means = cellMeans(differences, cells);
  const units = unitValues(means);
  const isSplit = unitOf(means, cells) === 'split';
  const byUnit = groupBy(differences, ({ network }) =>
    isSplit ? network.split : cells.keyOf(network),
  );
  const names = [...new Set(differences.flatMap(({ changes }) => [...changes.keys()]))];
  const changeOf = (members: readonly Difference[], name: string): number =>
    members.reduce((sum, { changes }) => sum + (changes.get(name) ?? 0), 0) / networks;
  const classes = names.map((name) => changeOf(differences, name));
  const both = [...byUnit.values()].flatMap((members) =>
    names
      .filter((name) => members.some(({ changes }) => changes.has(name)))
      .map((name) => changeOf(members, name)),
  );
  const classVariance = names.length < 3 ? null : jackknifeVariance(classes);
  const own = intervalOf(meanPt, classVariance, names.length);
  const spread = units.length < 3 ? null : standardDeviation(units);
  const unitVariance = spread === null ? null : spread ** 2 / units.length;
  const beyond = intervalBeyond(
    meanPt,
    { variance: classVariance, clusters: names.length },
    { variance: unitVariance, clusters: units.length },
    jackknifeVariance(both),
  );
  return {
    ...{ n, meanPt, lowPt: own.low, highPt: own.high },
    ...{ beyondLowPt: beyond.low, beyondHighPt: beyond.high },
    ...{ classes: names.length, networks },
  };
}

interface Direction {
  readonly variance: number | null;
  readonly clusters: number;
}

function intervalBeyond(
  centre: number,
  classes: Direction,
  units: Direction,
  both: number | null,
): ReturnType<typeof intervalOf> {
  if (classes.variance === null || units.variance === null || both === null) {
    return intervalOf(centre, null, 0);
  }
  const further = Math.max(0, units.variance - both);
  const total = classes.variance + further;
  if (units.variance > total) return intervalOf(centre, units.variance, units.clusters);
  const spread =
    classes.variance ** 2 / (classes.clusters - 1) + further ** 2 / (units.clusters - 1);
  return intervalOf(centre, total, spread === 0 ? classes.clusters : 1 + total ** 2 / spread);
}

function intervalOf(centre: number, variance: number | null, clusters: number) {
  if (variance === null) return { low: null, high: null };
  const half = jStat.studentt.inv(0.975, clusters - 1) * Math.sqrt(variance);
  return { low: centre - half, high: centre + half };
}
