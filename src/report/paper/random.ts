// F14: features that nobody trained.
import { familyResults } from '../../study/results/family.js';
import { isMeasured, type MatchedNetwork } from '../../study/results/measured.js';
import type { Family, NetworkResult, Results } from '../../study/results/types.js';
import { all, isBelow, type PaperFinding, type Verdict } from './finding.js';
import { isEarly, listPoints, matchedOf, placesHere, type Point, pointsOf } from './layers.js';
import { decided, type Sampled, sampledDifference, type Scatter } from './sampling.js';

/** F14, from the first family that has random networks.
 *  @param unlearnt networks that are left out of the results, for they did not learn: their
 *  accuracy says nothing of their features */
export function randomFinding(
  results: Results,
  scatter: Scatter,
  unlearnt: readonly NetworkResult[],
): PaperFinding {
  const { weightLayers } = results.study;
  const left = unlearnt.filter(({ treatment }) => treatment === 'random');
  const family = (['whole', 'random-halves', 'natural-man-made', 'classes'] as const).find((each) =>
    [...results.networks, ...left].some(
      (network) => network.family === each && network.treatment === 'random',
    ),
  );
  const summary = family === undefined ? undefined : familyResults(results, family);
  const points = summary ? pointsOf(summary, 'random') : [];
  const early = points.filter(({ n }) => isEarly(n, weightLayers));
  const finding = {
    id: 'F14' as const,
    statement: `Frozen random layers lose at once (${placesHere('n = 1, 2', early)}), and from n = 3 on networks on top of them hardly leave chance.`,
    original: '−8.5, −17.4 Pt at n = 1, 2; at most 5 % accuracy from n = 3',
  };
  if (family === undefined || points.length + left.length === 0) {
    return { ...finding, verdict: 'not-measured', evidence: 'No random networks here.' };
  }
  const shown = points.map((point) => withSampling(results, family, point, scatter));
  const lost = left.filter((network) => network.family === family);
  const isLost = (early: boolean) => lost.some(({ n }) => isEarly(n, weightLayers) === early);
  const atOnce = shown
    .filter(({ point }) => isEarly(point.n, weightLayers))
    .map(({ point, sampled }) => (sampled ? decided(sampled, isBelow(point)) : isBelow(point)));
  const later = matchedOf(results, family, 'random').filter(
    ({ network }) => !isEarly(network.n, weightLayers),
  );
  const sampled = shown.find((each) => each.sampled)?.sampled;
  return {
    ...finding,
    verdict: all([
      ...(isLost(true) ? [...atOnce, 'undecided' as const] : atOnce),
      collapse(later, isLost(false)),
    ]),
    evidence: [
      `${listPoints(shown.map(({ point }) => point))}${sampled?.words ?? ''}.`,
      ...laterWords(later),
      ...(lost.length > 0
        ? [
            `Of ${lost.length} others the training loss ended where guessing is: they decide nothing.`,
          ]
        : []),
    ].join(' '),
  };
}

// Several networks must agree.
function collapse(later: readonly MatchedNetwork[], isSomeLost: boolean): Verdict {
  if (later.length === 0) return isSomeLost ? 'undecided' : 'not-measured';
  const failed = later.filter(hardlyLearned).length;
  const isKnown = later.every(
    ({ network }) => network.state === 'dead' || network.classes !== null,
  );
  if (later.length < 2) return 'undecided';
  if (failed === later.length) return 'supports';
  return failed === 0 && isKnown && !isSomeLost ? 'contradicts' : 'undecided';
}

function laterWords(later: readonly MatchedNetwork[]): string[] {
  const dead = later.filter(({ network }) => network.state === 'dead').length;
  const note =
    dead === 0
      ? ''
      : ` (${dead} never left chance: training failed there, which says little of the features)`;
  const failed = later.filter(hardlyLearned).length;
  return [
    `${failed} of ${later.length} later networks never left chance or stay within a tenth of`,
    `their base’s distance from it${note}.`,
  ];
}

// One random network has no interval over clusters; that of its test images and of training noise
// stands for it.
function withSampling(
  results: Results,
  family: Family,
  point: Point,
  scatter: Scatter,
): { readonly point: Point; readonly sampled: Sampled | null } {
  const members = results.networks
    .filter((network) => network.family === family)
    .filter(isMeasured);
  const random = members.filter(({ treatment, n }) => treatment === 'random' && n === point.n);
  const [only] = random;
  const bases = members.filter(
    ({ treatment, split, target }) =>
      treatment === 'base' && split === only?.split && target === only.target,
  );
  if (point.lowPt !== null || random.length !== 1 || bases.length === 0) {
    return { point, sampled: null };
  }
  const sampled = sampledDifference(random, bases, scatter);
  const { meanPt, lowPt, highPt } = sampled;
  return { point: { n: point.n, meanPt, lowPt, highPt, units: 1 }, sampled };
}

// Above chance, 1 / C, by less than a tenth of what the own base is above it.
function hardlyLearned({ network, overBasePt }: MatchedNetwork): boolean {
  if (network.state === 'dead') return true;
  if (network.classes === null) return false;
  const above = network.accuracy - 1 / network.classes;
  return above < (above - overBasePt / 100) / 10;
}
