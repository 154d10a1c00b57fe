// Intervals of single networks: of their test images, and of training them once.
import jStat from 'jstat';
import { mean } from '../../stats/mean.js';
import type { Measured } from '../../study/results/measured.js';
import { type TrainingNoise, trainingNoiseOf } from '../../study/results/training-noise.js';
import type { Results } from '../../study/results/types.js';
import type { Range, Verdict } from './finding.js';

/** A difference of networks with what may be made of it. */
export interface Sampled extends Range {
  /** Said beside the interval. */
  readonly words: string;
  /** Whether the interval has training noise in it: without, it decides nothing. */
  readonly hasTrainingNoise: boolean;
}

/** Standard errors of differences of two networks on the same images, percentage points, by
 *  {@link pairKey}. */
type PairErrors = ReadonlyMap<string, number>;

function pairKey(one: string, other: string): string {
  return JSON.stringify([one, other].sort());
}

/** The pairs of a study whose networks left their answers by image. */
function pairErrorsOf({ byImage = {} }: Results): PairErrors {
  const pairs = Object.values(byImage).flatMap((parts) => parts.flatMap((part) => part.pairs));
  return new Map(
    pairs.map(({ network, against, standardErrorPt }) => [
      pairKey(network, against),
      standardErrorPt,
    ]),
  );
}

/** What {@link sampledDifference} knows of a study. */
export interface Scatter {
  /** Null if it is not known. */
  readonly noise: TrainingNoise | null;
  readonly pairs: PairErrors;
}

/** What is known of these results. */
export function scatterOf(results: Results): Scatter {
  return { noise: trainingNoiseOf(results), pairs: pairErrorsOf(results) };
}

/** Mean accuracy of networks minus that of others, or minus a fixed number, percentage points, with
 *  a 95 % interval of two variances:
 *  - of the test images: if each network has a partner on the other side whose answers to the same
 *    images are known, or one network stands against such ones, the square of the pairs' mean
 *    standard error, for a mean of differences has at most the mean of their deviations; else
 *    p (1 - p) / m of each side's m images, as if the sides had images of their own, which is too
 *    large if they have the same;
 *  - of training: sd^2 / k of the noise for each side's k networks.
 *
 *  The quantile is t's at the noise's degrees of freedom, or the normal one where the noise is not
 *  known. Answers are of the last test, whatever the study's statistic is.
 *  @param networks at least one, of the same task */
export function sampledDifference(
  networks: readonly Measured[],
  reference: number | readonly Measured[],
  { noise, pairs }: Scatter,
): Sampled {
  const sides = typeof reference === 'number' ? [networks] : [networks, reference];
  const means = sides.map((side) => mean(side.map(({ accuracy }) => accuracy)) as number);
  const meanPt = 100 * ((means[0] as number) - (means[1] ?? (reference as number)));
  const paired = typeof reference === 'number' ? null : pairedVariance(networks, reference, pairs);
  const images =
    paired === null ? sides.map((side, i) => imageVariance(side, means[i] as number)) : [paired];
  const trainings = sides.map((side) => (noise?.sdPt ?? 0) ** 2 / side.length);
  const hasTrainingNoise = noise !== null;
  const what = paired === null ? 'test images' : 'paired test images';
  const words = hasTrainingNoise
    ? ` (interval of ${what} and training noise)`
    : ` (interval of the ${what} alone: how much another training would change is not known)`;
  if (images.includes(null)) return { meanPt, lowPt: null, highPt: null, words, hasTrainingNoise };
  const variancePt = [...images, ...trainings].reduce<number>((sum, each) => sum + (each ?? 0), 0);
  const quantile = noise === null ? 1.96 : jStat.studentt.inv(0.975, noise.degrees);
  const halfPt = quantile * Math.sqrt(variancePt);
  return { meanPt, lowPt: meanPt - halfPt, highPt: meanPt + halfPt, words, hasTrainingNoise };
}

// Null unless one side is one network whose pairs with all others are known, or every network has a
// partner of its own.
function pairedVariance(
  networks: readonly Measured[],
  others: readonly Measured[],
  pairs: PairErrors,
): number | null {
  const errorOf = (one: Measured, other: Measured) => pairs.get(pairKey(one.name, other.name));
  const [first] = networks;
  const errors =
    networks.length === 1 && first !== undefined
      ? others.map((other) => errorOf(first, other))
      : matchedErrors(networks, others, errorOf);
  const known = errors.filter((error) => error !== undefined);
  return known.length < errors.length ? null : (mean(known) ?? NaN) ** 2;
}

function matchedErrors(
  networks: readonly Measured[],
  others: readonly Measured[],
  errorOf: (one: Measured, other: Measured) => number | undefined,
): (number | undefined)[] {
  const partners = networks.map((network) =>
    others.find((other) => errorOf(network, other) !== undefined),
  );
  const areAllTaken = new Set(partners).size === others.length;
  return networks.map((network, i) => {
    const partner = partners[i];
    return partner === undefined || !areAllTaken || networks.length !== others.length
      ? undefined
      : errorOf(network, partner);
  });
}

// Percentage points squared; networks of one task are tested on the same images. Null if their
// number is not known.
function imageVariance(side: readonly Measured[], accuracy: number): number | null {
  const testImages = side[0]?.testImages ?? null;
  return testImages === null ? null : (1e4 * accuracy * (1 - accuracy)) / testImages;
}

/** The verdict, if the interval may decide. */
export function decided({ hasTrainingNoise }: Sampled, verdict: Verdict): Verdict {
  return hasTrainingNoise || verdict === 'not-measured' ? verdict : 'undecided';
}
