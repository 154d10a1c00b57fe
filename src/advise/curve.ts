// What more images would bring: the chosen arm on fewer of them, and a line through what it reaches
// against the logarithm of their number.
import { type Check, count, listOf, objectOf } from '../base/checks.js';
import { fillUint32, streamKey } from '../base/random-stream.js';
import { segmentsOf } from '../net/cuts.js';
import {
  crossValidatedProbe,
  fitProbe,
  probeClasses,
  stratifiedFolds,
} from '../stats/linear-probe.js';
import type { AdviceContext } from './advice-context.js';
import type { Arm } from './arms.js';
import { featuresOf, rowsAt } from './features.js';
import { judge, type JudgedArm } from './judged.js';
import type { RoundDecision } from './real-stage.js';
import { planRound, roundResults, trainRound } from './round.js';
import { stage } from './stage.js';

/** The chosen arm on some of the images. */
export interface CurvePoint {
  readonly imagesPerClass: number;
  /** Class that each test image was given. */
  readonly answers: readonly number[];
}

/** The line, one doubling further. */
export interface Extrapolation {
  readonly imagesPerClass: number;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}

/** Check of the points that are read back. */
const pointsCheck: Check<readonly CurvePoint[]> = listOf(
  objectOf<CurvePoint>({ imagesPerClass: count, answers: listOf(count) }),
);

const sizesCheck = objectOf<{ readonly sizes: readonly number[] }>({ sizes: listOf(count) });

/** Shares of the images, the most telling first. */
const FRACTIONS = [4, 2, 8];
const LEAST_PER_CLASS = 2;

/** Trains the chosen arm on fewer images, as far as there is time.
 *  @param seconds that it took on all   @throws what planning and workers throw */
export async function curvePoints(
  context: AdviceContext,
  arm: Arm,
  { epochs }: RoundDecision,
  seconds: number,
): Promise<readonly CurvePoint[]> {
  const { directory, data, host } = context;
  const all = Math.floor(data.train / data.classes.length);
  if (arm.treatment === 'probe') return probePoints(context, all);
  const { sizes } = await stage(directory, 'curve-sizes', sizesCheck, () => {
    let time = 0.7 * host.left() - 20;
    const taken = FRACTIONS.map((part) => ({ size: Math.floor(all / part), part })).filter(
      ({ size, part }) => {
        const needed = (1.3 * seconds) / part + 3;
        if (size < LEAST_PER_CLASS || needed > time) return false;
        time -= needed;
        return true;
      },
    );
    return { sizes: taken.map(({ size }) => size) };
  });
  const points: CurvePoint[] = [];
  for (const imagesPerClass of sizes) {
    const point = await pointOf(context, { arms: [arm], epochs, imagesPerClass });
    if (point !== null) points.push(point);
  }
  return points.sort((a, b) => a.imagesPerClass - b.imagesPerClass);
}

/** Of a probe, which costs next to nothing. */
async function probePoints(context: AdviceContext, all: number): Promise<readonly CurvePoint[]> {
  const { preprocessing, source, data, seed } = context;
  const classes = data.classes.length;
  const n = segmentsOf(source.network).length - 1;
  const choice = { preprocessing, weights: 'source', ends: [n] } as const;
  const test = await featuresOf(context, { ...choice, part: 'test', imagesPerClass: null });
  const sizes = FRACTIONS.map((part) => Math.floor(all / part));
  const points: CurvePoint[] = [];
  for (const imagesPerClass of sizes.filter((size) => size >= LEAST_PER_CLASS)) {
    const features = await featuresOf(context, { ...choice, part: 'train', imagesPerClass });
    const { labels } = features;
    const rows = { rows: rowsAt(features, n), labels, classes };
    const folds = Math.min(5, imagesPerClass);
    const key = streamKey(['advice folds', seed]);
    const { l2 } = crossValidatedProbe(rows, stratifiedFolds(rows, folds, key));
    const answers = [...probeClasses(fitProbe(rows, l2), rowsAt(test, n))];
    points.push({ imagesPerClass, answers });
  }
  return points.sort((a, b) => a.imagesPerClass - b.imagesPerClass);
}

async function pointOf(
  context: AdviceContext,
  decision: Omit<RoundDecision, 'startSeconds'>,
): Promise<CurvePoint | null> {
  const { imagesPerClass, arms } = decision;
  const name = `curve-${imagesPerClass}`;
  const points = await stage(context.directory, `${name}-answers`, pointsCheck, async () => {
    context.host.say(`learning curve: ${imagesPerClass} images a class`);
    const studies = await planRound(context, { ...decision, name });
    await trainRound(context, studies);
    context.host.stop.throwIfAborted();
    const results = roundResults(studies).filter(({ arm }) => arm.n === arms[0]?.n);
    const own = results.filter(({ arm }) => arm.treatment === arms[0]?.treatment);
    const { arms: judged } = await judge(context, own.slice(0, 1), true);
    return judged.map(({ answers }) => ({ imagesPerClass: imagesPerClass ?? 0, answers }));
  }).catch((error: unknown) => {
    if (context.host.stop.aborted) return [];
    throw error;
  });
  return points[0] ?? null;
}

const RESAMPLES = 1000;

/** Where the line logit(accuracy) = a + b log2(images) through the points, all images included, is
 *  at twice the images: accuracy stays below 1. With k of m right, logit = ln((k + 1/2) / (m - k +
 *  1/2)). The 95 % interval is that of a bootstrap over the test images (percentiles of 1000
 *  resamples; the images of a resample are the same for all points): it takes the line for true.
 *  Null below three points. */
export function extrapolate(
  points: readonly CurvePoint[],
  whole: { readonly imagesPerClass: number; readonly answers: JudgedArm['answers'] },
  labels: readonly number[],
  seed: number,
): Extrapolation | null {
  const all = [...points, whole];
  if (all.length < 3 || labels.length === 0) return null;
  const x = all.map(({ imagesPerClass }) => Math.log2(imagesPerClass));
  const right = all.map(({ answers }) => answers.map((each, at) => Number(each === labels[at])));
  const images = labels.map((_, at) => at);
  const further = (chosen: ArrayLike<number>): number => {
    const y = right.map((own) => {
      let sum = 0;
      for (let i = 0; i < chosen.length; i++) sum += own[chosen[i] as number] as number;
      return Math.log((sum + 0.5) / (chosen.length - sum + 0.5));
    });
    return 1 / (1 + Math.exp(-leastSquares(x, y, Math.log2(2 * whole.imagesPerClass))));
  };
  const draws = resamples(labels.length, seed).map(further);
  draws.sort((a, b) => a - b);
  return {
    imagesPerClass: 2 * whole.imagesPerClass,
    accuracy: further(images),
    low: draws[Math.floor(0.025 * RESAMPLES)] ?? 0,
    high: draws[Math.ceil(0.975 * RESAMPLES) - 1] ?? 1,
  };
}

function leastSquares(x: readonly number[], y: readonly number[], at: number): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const spread = x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
  const slope =
    x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] as number) - my), 0) / spread;
  return my + slope * (at - mx);
}

// Draws with replacement.
function resamples(size: number, seed: number): readonly Uint32Array[] {
  return Array.from({ length: RESAMPLES }, (_, index) => {
    const words = new Uint32Array(size);
    fillUint32(words, streamKey(['advice bootstrap', seed]), index);
    return words.map((word) => Math.floor((word / 2 ** 32) * size));
  });
}
