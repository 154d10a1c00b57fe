// F16: how much the amount of data matters.
import { formatInterval } from '../../figures/format.js';
import { isMeasured } from '../../study/results/measured.js';
import type { Results } from '../../study/results/types.js';
import type { PaperFinding, Verdict } from './finding.js';
import { decided, sampledDifference, type Scatter } from './sampling.js';

/** What the paper's step from 1000 to 1300 images may gain at most to be called little, percentage
 *  points. */
const littlePt = 2;

/** F16, from the two largest numbers of images per class: the gain for 30 % more, if accuracy grows
 *  with the logarithm. */
export function reducedFinding(results: Results, scatter: Scatter): PaperFinding {
  const finding = {
    id: 'F16' as const,
    statement: 'At full size a little more data brings little: the networks do not overfit much.',
    original: '+1.1 Pt from 1000 to 1300 images per class, one network each',
  };
  const bases = results.networks
    .filter(({ family, treatment }) => family === 'reduced' && treatment === 'base')
    .filter(isMeasured)
    .filter(({ imagesPerClass }) => imagesPerClass !== null)
    .sort((a, b) => (b.imagesPerClass ?? 0) - (a.imagesPerClass ?? 0));
  const [most] = bases;
  // Repeats have equal k: the step is to the next smaller number.
  const fewer = bases.find(({ imagesPerClass }) => imagesPerClass !== most?.imagesPerClass);
  if (!most || !fewer) {
    return {
      ...finding,
      verdict: 'not-measured',
      evidence: 'It takes base networks with two numbers of images per class.',
    };
  }
  const [k, j] = [most.imagesPerClass ?? 1, fewer.imagesPerClass ?? 1];
  const scale = Math.log(1.3) / Math.log(k / j);
  const at = (images: number) => bases.filter(({ imagesPerClass }) => imagesPerClass === images);
  const difference = sampledDifference(at(k), at(j), scatter);
  const scaled = (value: number | null) => (value === null ? null : value * scale);
  const [gainPt, lowPt, highPt] = [difference.meanPt, difference.lowPt, difference.highPt].map(
    scaled,
  ) as [number | null, number | null, number | null];
  return {
    ...finding,
    verdict: decided(difference, judge(lowPt, highPt)),
    evidence: `From ${j} to ${k} images per class, scaled to 30 % more: ${formatInterval(gainPt, lowPt, highPt)}${lowPt === null ? '' : difference.words}.`,
  };
}

function judge(lowPt: number | null, highPt: number | null): Verdict {
  if (lowPt === null || highPt === null) return 'undecided';
  if (highPt < littlePt) return 'supports';
  return lowPt > littlePt ? 'contradicts' : 'undecided';
}
