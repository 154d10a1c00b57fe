// F12, F15: features from similar tasks, from distant ones, and from none.
import jStat from 'jstat';
import { tInterval } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { familyResults } from '../../study/results/family.js';
import type { MatchedNetwork } from '../../study/results/measured.js';
import { groupBy, pairOf } from '../../study/results/order.js';
import type { TrainingNoise } from '../../study/results/training-noise.js';
import type { Results } from '../../study/results/types.js';
import { formatPoints } from '../../figures/format.js';
import { all, type PaperFinding, type Verdict } from './finding.js';
import { describePoint, isEarly, matchedOf, pointsOf } from './layers.js';

/** Findings of Figure 3. A pair of named tasks has two targets only, too few for an interval:
 *  there, every single network must lie on one side for a verdict. */
export function distanceFindings(results: Results, noise: TrainingNoise | null): PaperFinding[] {
  return [distantFallsFaster(results), distantBeatsRandom(results, noise)];
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
    const range = predictionRange(results, point.n);
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

// Where one more (split, target) of random halves would lie (95 %): m +- t s sqrt(1 + 1 / k), which
// is sqrt(k + 1) times as wide as the mean's interval.
function predictionRange(
  results: Results,
  n: number,
): { readonly low: number; readonly high: number } | null {
  const similar = matchedOf(results, 'random-halves', 'AnB').filter(
    ({ network }) => network.n === n,
  );
  const pairs = [...groupBy(similar, ({ network }) => pairOf(network)).values()].map(
    (members) => mean(members.map(({ overBasePt }) => overBasePt)) as number,
  );
  const [centre, interval] = [mean(pairs), tInterval(pairs)];
  if (centre === null || interval === null) return null;
  const half = (interval.high - centre) * Math.sqrt(pairs.length + 1);
  return { low: centre - half, high: centre + half };
}

function distantBeatsRandom(results: Results, noise: TrainingNoise | null): PaperFinding {
  const distant = matchedOf(results, 'natural-man-made', 'AnB');
  const own = matchedOf(results, 'natural-man-made', 'random');
  const random = own.length > 0 ? own : matchedOf(results, 'whole', 'random');
  const layers = [...new Set(distant.map(({ network }) => network.n))].filter((n) =>
    random.some(({ network }) => network.n === n),
  );
  const at = (side: readonly MatchedNetwork[], n: number) =>
    side.filter(({ network }) => network.n === n).map(({ overBasePt }) => overBasePt);
  const pairs = layers.map((n) => ({ copied: at(distant, n), fresh: at(random, n) }));
  return {
    id: 'F15',
    statement: 'Even features from a distant task beat random ones, at every n.',
    original: 'by 9 Pt at n = 1, by 31 Pt at n = 7',
    verdict: beatsEverywhere(pairs, noise),
    evidence:
      layers.length === 0
        ? 'It takes natural / man-made transfer and random networks at the same n.'
        : `Over the own base, ${layers.map((n) => `n = ${n}: ${range(at(distant, n))} against ${range(at(random, n))}`).join('; ')} (single networks, no intervals).`,
  };
}

interface Sides {
  readonly copied: readonly number[];
  readonly fresh: readonly number[];
}

// Supported if every copied network beats every random one at every n, and the smallest lead is, in
// the mean over n, more than training noise explains: bases' luck is the same at every n.
// Contradicted if at some n all lie the other way round, by more than that, corrected for the
// number of n.
function beatsEverywhere(pairs: readonly Sides[], noise: TrainingNoise | null): Verdict {
  if (pairs.length === 0) return 'not-measured';
  if (noise === null) return 'undecided';
  // Up to four trainings make a lead: two networks and their bases.
  const limitPt = (tests: number): number =>
    jStat.studentt.inv(1 - 0.025 / tests, noise.degrees) * 2 * noise.sdPt;
  if (pairs.some((sides) => gapPt(sides) > limitPt(pairs.length))) return 'contradicts';
  const leads = pairs.map(({ copied, fresh }) => Math.min(...copied) - Math.max(...fresh));
  const isClear = leads.every((lead) => lead > 0) && (mean(leads) ?? 0) > limitPt(1);
  return isClear ? 'supports' : 'undecided';
}

// How far all random networks lie above all copied ones; negative if they do not.
function gapPt({ copied, fresh }: Sides): number {
  return Math.min(...fresh) - Math.max(...copied);
}

function range(values: readonly number[]): string {
  return values.map((value) => formatPoints(value)).join(', ');
}
