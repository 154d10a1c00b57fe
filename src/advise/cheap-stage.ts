// The cheap stage: what frozen features are worth at each cut, before anything is trained. A linear
// probe by cross-validation, and LogME and the H-score beside their values for random labels and
// for random weights, without which they have no scale.
import { setImmediate } from 'node:timers/promises';
import { type Check, count, listOf, number, objectOf, orNull, text } from '../base/checks.js';
import { shuffle, streamKey } from '../base/random-stream.js';
import { segmentsOf } from '../net/cuts.js';
import { crossValidatedProbe, stratifiedFolds } from '../stats/linear-probe.js';
import { principalAxes } from '../stats/principal-axes.js';
import type { LabelledRows } from '../stats/rows.js';
import { hScore, logMe } from '../stats/transfer-scores.js';
import type { AdviceContext } from './advice-context.js';
import { type FeatureChoice, featuresOf, rowsAt } from './features.js';
import { consideredCuts } from './source.js';

/** What features of one kind are worth. */
export interface FeatureWorth {
  /** Share of images that a probe without them gets right. */
  readonly accuracy: number;
  readonly logMe: number;
  readonly hScore: number;
}

/** What the features at a cut are worth. */
export interface CutEvidence extends FeatureWorth {
  readonly n: number;
  readonly name: string;
  /** Numbers of a feature vector. */
  readonly width: number;
  readonly randomLabels: FeatureWorth;
  /** Null at cuts where it was not computed. */
  readonly randomWeights: FeatureWorth | null;
}

/** The cheap stage's result. */
export interface CheapStage {
  readonly images: number;
  readonly folds: number;
  readonly cuts: readonly CutEvidence[];
}

const worth = { accuracy: number, logMe: number, hScore: number };
const worthCheck = objectOf<FeatureWorth>(worth);

/** Check of one that is read back. */
export const cheapCheck: Check<CheapStage> = objectOf<CheapStage>({
  images: count,
  folds: count,
  cuts: listOf(
    objectOf<CutEvidence>({
      ...{ n: count, name: text, width: count, ...worth },
      randomLabels: worthCheck,
      randomWeights: orNull(worthCheck),
    }),
  ),
});

const FOLDS = 5;

/** Share of the time that probes may take before further cuts are left out, but never below so many
 *  cuts. */
const TIME_SHARE = 0.2;
const LEAST_CUTS = 3;

/** Images that probes are fitted to in a budget of ten minutes; the time grows with the third
 *  power. */
const USUAL_ROWS = 300;

/** Training images of each class that the cheap stage looks at. */
export function probedPerClass({ data, budgetSeconds }: AdviceContext): number {
  const rows = Math.min(1000, USUAL_ROWS * Math.sqrt(Math.max(0.25, budgetSeconds / 600)));
  return Math.max(2, Math.floor(rows / data.classes.length));
}

/** Looks at every considered cut. @param imagesPerClass see {@link probedPerClass}
 *  @throws what the workers throw */
export async function cheapStage(
  context: AdviceContext,
  imagesPerClass: number,
): Promise<CheapStage> {
  const { source, data, seed, preprocessing, host } = context;
  const ends = consideredCuts(source.network);
  const choice: FeatureChoice = {
    ...{ preprocessing, imagesPerClass, ends, weights: 'source', part: 'train' },
  };
  host.say(`frozen features at ${ends.length} cuts`);
  const features = await featuresOf(context, choice);
  const random = await featuresOf(context, {
    ...{ ...choice, weights: { random: ['advice', seed] } },
  });
  const labels = features.labels;
  const classes = data.classes.length;
  const folds = Math.min(FOLDS, imagesPerClass);
  const foldOf = stratifiedFolds({ labels, classes }, folds, streamKey(['advice folds', seed]));
  const shuffled = shuffle(labels.slice(), streamKey(['advice labels', seed]));
  const segments = segmentsOf(source.network);
  const cuts: CutEvidence[] = [];
  const time = host.left();
  // The last cuts are those that most depends on.
  for (const n of ends.toReversed()) {
    if (cuts.length >= LEAST_CUTS && host.left() < (1 - TIME_SHARE) * time) break;
    // Between cuts a request to stop is heard.
    await setImmediate();
    host.stop.throwIfAborted();
    const rows = rowsAt(features, n);
    const [own, nothing] = worthOf({ rows, labels, classes }, foldOf, shuffled);
    const [ofRandom] = worthOf({ rows: rowsAt(random, n), labels, classes }, foldOf);
    const name = segments[n - 1]?.name ?? String(n);
    host.say(
      `cut ${n} (${name}): probe ${percent(own.accuracy)}, random weights ${percent(ofRandom.accuracy)}, random labels ${percent(nothing?.accuracy ?? 0)}`,
    );
    const randomLabels = nothing as FeatureWorth;
    cuts.push({ n, name, width: rows.width, ...own, randomLabels, randomWeights: ofRandom });
  }
  return { images: labels.length, folds, cuts: cuts.reverse() };
}

/** Worth for the labels, and for others if they are given. */
function worthOf(
  data: LabelledRows,
  foldOf: Int32Array,
  others?: Int32Array,
): readonly [FeatureWorth, FeatureWorth?] {
  const standardised = principalAxes(data.rows, 'standardised');
  const axes = principalAxes(data.rows, 'as they are');
  const of = (labels: Int32Array): FeatureWorth => {
    const scored = { axes, labels, classes: data.classes };
    const { correct } = crossValidatedProbe({ ...data, labels }, foldOf, standardised);
    return { accuracy: correct / labels.length, logMe: logMe(scored), hScore: hScore(scored) };
  };
  return others === undefined ? [of(data.labels)] : [of(data.labels), of(others)];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Gain, of the best cut's, that another must not lack more than, or two standard errors. */
const FAR_BELOW = 0.1;

/** The cuts in order of promise, the last one apart: of those whose features gain most over those
 *  of random weights by a probe, within a standard error of it, the latest; then the one nearest
 *  to half-way below it, unless it gains far less; then the others by their gain. A probe sees
 *  features as they are, not what layers above can make of them: two places of different depth say
 *  more than two that it likes. */
export function promisingCuts({ cuts, images }: CheapStage): readonly number[] {
  const gain = ({ accuracy, randomWeights }: CutEvidence): number =>
    accuracy - (randomWeights?.accuracy ?? 0);
  const inner = cuts.slice(0, -1).sort((a, b) => gain(b) - gain(a) || b.n - a.n);
  const [top] = inner;
  if (top === undefined) return [];
  const error = Math.sqrt((2 * top.accuracy * (1 - top.accuracy)) / images);
  const within = (loss: number, of: readonly CutEvidence[]): readonly CutEvidence[] =>
    of.filter((each) => gain(top) - gain(each) <= loss);
  const first = within(error, inner).reduce((a, b) => (b.n > a.n ? b : a));
  const rest = inner.filter((each) => each !== first);
  const distance = ({ n }: CutEvidence): number => Math.abs(n - first.n / 2);
  const [second] = [...within(Math.max(FAR_BELOW, 2 * error), rest)].sort(
    (a, b) => distance(a) - distance(b),
  );
  const ordered = [first, ...(second === undefined ? [] : [second]), ...rest];
  return [...new Set(ordered.map(({ n }) => n))];
}
