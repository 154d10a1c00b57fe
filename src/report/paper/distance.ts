// F12, F14, F15: features from similar tasks, from distant ones, and from none.
import { familyResults } from '../../study/results/family.js';
import { isMeasured, matchNetworks, type MatchedNetwork } from '../../study/results/measured.js';
import type { Family, FamilyResults, Results } from '../../study/results/types.js';
import type { TreatmentKind } from '../../study/treatments.js';
import { formatPoints } from '../../figures/format.js';
import { all, isBelow, type PaperFinding, type Verdict } from './finding.js';
import { describePoint, isEarly, listPoints, type Point, pointsOf } from './layers.js';
import { sampledDifference, sampledWords } from './sampling.js';

/** Findings of Figure 3. A pair of named tasks has two targets only, too few for an interval:
 *  there, every single network must lie on one side for a verdict. */
export function distanceFindings(results: Results): PaperFinding[] {
  return [distantFallsFaster(results), randomFails(results), distantBeatsRandom(results)];
}

function distantFallsFaster(results: Results): PaperFinding {
  const { weightLayers } = results.study;
  const halves = familyResults(results, 'random-halves');
  const similar = halves ? pointsOf(halves, 'AnB') : [];
  const distant = matchedOf(results, 'natural-man-made', 'AnB');
  const shared = similar
    .filter(({ n }) => !isEarly(n, weightLayers))
    .map((point) => ({ point, values: distant.filter(({ network }) => network.n === point.n) }))
    .filter(({ values }) => values.length > 0);
  const verdicts = shared.map(({ point, values }): Verdict => {
    const range = predictionRange(halves, point);
    if (range === null) return 'undecided';
    if (values.every(({ overBasePt }) => overBasePt < range.low)) return 'supports';
    return values.every(({ overBasePt }) => overBasePt > range.high) ? 'contradicts' : 'undecided';
  });
  return {
    id: 'F12',
    statement:
      'Frozen transfer between natural and man-made things falls faster than between random halves.',
    original: '−25.0 against −8.3 Pt at n = 7, about three times at n = 4 to 7',
    verdict: all(verdicts),
    evidence:
      shared.length === 0
        ? 'It takes AnB of both random halves and natural / man-made at the same n.'
        : shared
            .map(
              ({ point, values }) =>
                `n = ${point.n}: ${values.map(({ overBasePt }) => formatPoints(overBasePt)).join(', ')} against ${describePoint(point)}`,
            )
            .join('; '),
  };
}

// Where one more cluster would lie (95 %): m +- t s sqrt(1 + 1 / k), which is sqrt(k + 1) times as
// wide as the mean's interval.
function predictionRange(
  halves: FamilyResults | undefined,
  { n, meanPt, lowPt, highPt }: Point,
): { readonly low: number; readonly high: number } | null {
  const clusters = halves?.comparisons.find(
    (each) => each.treatment === 'AnB' && each.against === 'base' && each.layers === String(n),
  )?.clusters;
  if (clusters === undefined || meanPt === null || lowPt === null || highPt === null) return null;
  const half = ((highPt - lowPt) / 2) * Math.sqrt(clusters + 1);
  return { low: meanPt - half, high: meanPt + half };
}

function randomFails(results: Results): PaperFinding {
  const { weightLayers } = results.study;
  const family = (['whole', 'random-halves', 'natural-man-made', 'classes'] as const).find((each) =>
    results.networks.some((network) => network.family === each && network.treatment === 'random'),
  );
  const summary = family === undefined ? undefined : familyResults(results, family);
  const finding = {
    id: 'F14' as const,
    statement:
      'Frozen random layers lose at once (n = 1, 2), and from n = 3 on networks on top of them hardly leave chance.',
    original: '−8.5, −17.4 Pt at n = 1, 2; at most 5 % accuracy from n = 3',
  };
  const points = summary ? pointsOf(summary, 'random') : [];
  if (family === undefined || !summary || points.length === 0) {
    return { ...finding, verdict: 'not-measured', evidence: 'No random networks here.' };
  }
  const shown = points.map((point) => withSampling(results, family, point));
  const isSampled = shown.some((point, i) => point !== points[i]);
  const later = matchedOf(results, family, 'random').filter(
    ({ network }) => !isEarly(network.n, weightLayers),
  );
  const dead = later.filter(({ network }) => network.state === 'dead').length;
  const failed = later.filter(hardlyLearned).length;
  const unlearnt = later.filter(({ network }) => network.notLearnt).length;
  const isKnown = later.every(
    ({ network }) => network.state === 'dead' || network.classes !== null,
  );
  const collapse: Verdict =
    later.length === 0
      ? 'not-measured'
      : failed === later.length
        ? 'supports'
        : failed === 0 && isKnown && unlearnt === 0
          ? 'contradicts'
          : 'undecided';
  return {
    ...finding,
    verdict: all([...shown.filter(({ n }) => isEarly(n, weightLayers)).map(isBelow), collapse]),
    evidence: [
      `${listPoints(shown)}${isSampled ? sampledWords : ''}.`,
      `${failed} of ${later.length} later networks never left chance or stay within a tenth of`,
      `their base’s distance from it${deadNote(dead)}.`,
      ...(unlearnt > 0
        ? [`Of ${unlearnt} others the training loss ended where guessing is: they decide nothing.`]
        : []),
    ].join(' '),
  };
}

function deadNote(dead: number): string {
  if (dead === 0) return '';
  return ` (${dead} never left chance: training failed there, which says little of the features)`;
}

// One random network has no cluster interval; that of its test images is the least that it can be.
function withSampling(results: Results, family: Family, point: Point): Point {
  if (point.lowPt !== null) return point;
  const members = results.networks
    .filter((network) => network.family === family)
    .filter(isMeasured);
  const random = members.filter(({ treatment, n }) => treatment === 'random' && n === point.n);
  const [only] = random;
  const base = members.find(
    ({ treatment, split, target }) =>
      treatment === 'base' && split === only?.split && target === only.target,
  );
  return random.length === 1 && only && base
    ? { n: point.n, ...sampledDifference(only, base) }
    : point;
}

// Above chance, 1 / C, by less than a tenth of what the own base is above it.
function hardlyLearned({ network, overBasePt }: MatchedNetwork): boolean {
  if (network.state === 'dead') return true;
  if (network.classes === null) return false;
  const above = network.accuracy - 1 / network.classes;
  return above < (above - overBasePt / 100) / 10;
}

function distantBeatsRandom(results: Results): PaperFinding {
  const distant = matchedOf(results, 'natural-man-made', 'AnB');
  const own = matchedOf(results, 'natural-man-made', 'random');
  const random = own.length > 0 ? own : matchedOf(results, 'whole', 'random');
  const layers = [...new Set(distant.map(({ network }) => network.n))].filter((n) =>
    random.some(({ network }) => network.n === n),
  );
  const at = (side: readonly MatchedNetwork[], n: number) =>
    side.filter(({ network }) => network.n === n).map(({ overBasePt }) => overBasePt);
  const verdicts = layers.map((n): Verdict => {
    const [copied, fresh] = [at(distant, n), at(random, n)];
    if (Math.min(...copied) > Math.max(...fresh)) return 'supports';
    return Math.max(...copied) < Math.min(...fresh) ? 'contradicts' : 'undecided';
  });
  return {
    id: 'F15',
    statement: 'Even features from a distant task beat random ones, at every n.',
    original: 'by 9 Pt at n = 1, by 31 Pt at n = 7',
    verdict: all(verdicts),
    evidence:
      layers.length === 0
        ? 'It takes natural / man-made transfer and random networks at the same n.'
        : `Over the own base, ${layers.map((n) => `n = ${n}: ${range(at(distant, n))} against ${range(at(random, n))}`).join('; ')} (single networks, no intervals).`,
  };
}

function range(values: readonly number[]): string {
  return values.map((value) => formatPoints(value)).join(', ');
}

function matchedOf(results: Results, family: Family, treatment: TreatmentKind): MatchedNetwork[] {
  const members = results.networks.filter((network) => network.family === family);
  return matchNetworks(members).filter(({ network }) => network.treatment === treatment);
}
