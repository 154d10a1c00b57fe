// Which preparation of images a network was trained with, where its file does not say: the one
// whose features a probe can tell classes apart by.
import { setImmediate } from 'node:timers/promises';
import { type Check, listOf, number, objectOf, oneOf, orNull, text } from '../base/checks.js';
import { streamKey } from '../base/random-stream.js';
import { segmentsOf } from '../net/cuts.js';
import { crossValidatedProbe, stratifiedFolds } from '../stats/linear-probe.js';
import { pairedDifference } from '../stats/paired.js';
import type { DataContext } from './advice-context.js';
import { featuresOf, rowsAt } from './features.js';
import { conventionsFor, type Preprocessing, preprocessingCheck } from './preprocessing.js';

/** One convention that was tried. */
export interface TriedConvention {
  readonly name: string;
  /** Share of images that a probe of the last features gets right, by cross-validation. */
  readonly accuracy: number;
  /** p of McNemar's test against the best; null for the best itself. */
  readonly p: number | null;
}

/** How images are prepared, and how that is known. */
export interface PreprocessingChoice {
  readonly chosen: Preprocessing;
  readonly from: 'the file' | 'its run' | 'the user' | 'trial';
  readonly tried: readonly TriedConvention[];
}

/** Check of one that is read back. */
export const preprocessingChoiceCheck: Check<PreprocessingChoice> = objectOf<PreprocessingChoice>({
  chosen: preprocessingCheck,
  from: oneOf<PreprocessingChoice['from']>('the file', 'its run', 'the user', 'trial'),
  tried: listOf(objectOf<TriedConvention>({ name: text, accuracy: number, p: orNull(number) })),
});

/** Training images that conventions are tried on. */
const TRIED_IMAGES = 200;

/** Tries the usual conventions on training images; of equal ones the more usual is taken.
 *  @throws what the workers throw */
export async function tryConventions(context: DataContext): Promise<PreprocessingChoice> {
  const { source, data, seed, host } = context;
  const n = segmentsOf(source.network).length - 1;
  const classes = data.classes.length;
  const imagesPerClass = Math.max(2, Math.floor(TRIED_IMAGES / classes));
  const found: { convention: Preprocessing; right: Uint8Array; correct: number }[] = [];
  for (const convention of conventionsFor(source.network.input.channels)) {
    await setImmediate();
    host.stop.throwIfAborted();
    const features = await featuresOf(context, {
      ...{ preprocessing: convention, weights: 'source', part: 'train', imagesPerClass },
      ends: [n],
    });
    const { labels } = features;
    const folds = Math.min(5, imagesPerClass);
    const foldOf = stratifiedFolds({ labels, classes }, folds, streamKey(['advice folds', seed]));
    const { predictions, correct } = crossValidatedProbe(
      { rows: rowsAt(features, n), labels, classes },
      foldOf,
    );
    const right = Uint8Array.from(predictions, (label, at) => Number(label === labels[at]));
    host.say(`preparation ${convention.name}: probe ${correct} of ${labels.length} right`);
    found.push({ convention, right, correct });
  }
  const most = Math.max(...found.map(({ correct }) => correct));
  const best = found.find(({ correct }) => correct === most) as (typeof found)[number];
  return {
    chosen: best.convention,
    from: 'trial',
    tried: found.map((each) => ({
      name: each.convention.name,
      accuracy: each.correct / each.right.length,
      p: each === best ? null : pairedP(best.right, each.right),
    })),
  };
}

function pairedP(first: Uint8Array, second: Uint8Array): number {
  let [onlyFirst, onlySecond] = [0, 0];
  first.forEach((isRight, at) => {
    if (isRight > (second[at] as number)) onlyFirst++;
    if (isRight < (second[at] as number)) onlySecond++;
  });
  return pairedDifference({ onlyFirst, onlySecond, images: first.length }).p;
}
