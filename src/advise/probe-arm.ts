// The last layer by logistic regression: what training a new last layer alone tends to, found
// exactly and at once from the features below it.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { streamKey } from '../base/random-stream.js';
import { segmentsOf } from '../net/cuts.js';
import { factsOf } from '../net/facts.js';
import { outputLayer } from '../net/network.js';
import {
  crossValidatedProbe,
  fitProbe,
  type FittedProbe,
  stratifiedFolds,
} from '../stats/linear-probe.js';
import { fileHash } from '../runs/weights.js';
import { readPretrained } from '../study/pretrained/pretrained-base.js';
import { writeSafetensors } from '../tensor/safetensors.js';
import { f32, sameShape } from '../tensor/tensor.js';
import type { AdviceContext } from './advice-context.js';
import { answersOf } from './answers.js';
import { featuresOf, rowsAt } from './features.js';
import type { ArmResult } from './round.js';

/** Folder of its weights below the advice's, in place of a study's. */
const PROBE = 'probe';

/** File of its weights, in the folder that stands for its study. */
export const PROBE_WEIGHTS = 'weights.safetensors';

/** The file below the folder of an advice. */
export function probeWeights(directory: string): string {
  return join(directory, PROBE, PROBE_WEIGHTS);
}

/** Most training images that it is fitted to: the time grows with the third power. */
const MOST_ROWS = 1000;

/** Fits the last layer and asks the whole network about the images to choose by; null where the
 *  last layer is no inner product of the features that are looked at.
 *  @throws what the workers throw */
export async function probeArm(context: AdviceContext): Promise<ArmResult | null> {
  const { directory, source, data, preprocessing, seed, host } = context;
  const { network } = source;
  const classes = data.classes.length;
  const last = segmentsOf(network).length;
  const head = outputLayer(network);
  const blobs = factsOf(network, classes).get(head?.name ?? '')?.blobs ?? [];
  const weight = blobs.find(({ name }) => name === 'weight');
  const bias = blobs.find(({ name }) => name === 'bias');
  if (head?.kind !== 'inner-product' || weight === undefined) return null;
  const started = performance.now();
  const imagesPerClass = Math.max(2, Math.floor(MOST_ROWS / classes));
  const features = await featuresOf(context, {
    ...{ preprocessing, imagesPerClass, weights: 'source', part: 'train', ends: [last - 1] },
  });
  const rows = rowsAt(features, last - 1);
  if (!sameShape(weight.shape, [classes, rows.width]) || bias === undefined) return null;
  const path = probeWeights(directory);
  const { labels } = features;
  const folds = Math.min(5, imagesPerClass);
  const foldOf = stratifiedFolds({ labels, classes }, folds, streamKey(['advice folds', seed]));
  const found = { rows, labels, classes };
  const { l2 } = crossValidatedProbe(found, foldOf);
  if (!existsSync(path)) {
    const { tensors } = readPretrained({ file: source.file }, network);
    const own = headOf(fitProbe(found, l2), rows.width);
    mkdirSync(dirname(path), { recursive: true });
    writeSafetensors(path, {
      ...tensors,
      [`${head.name}.weight`]: f32(weight.shape, own.weights),
      [`${head.name}.bias`]: f32(bias.shape, own.bias),
    });
  }
  const seconds = (performance.now() - started) / 1000;
  const chosenBy = await featuresOf(context, {
    ...{ preprocessing, part: 'val', imagesPerClass: null, ends: [last] },
    weights: { file: path, identity: fileHash(path) },
  });
  const { accuracy, loss } = judgedRows(chosenBy.labels, rowsAt(chosenBy, last));
  host.say(`last layer by logistic regression: ${(100 * accuracy).toFixed(1)} %`);
  const arm = { treatment: 'probe', n: last - 1, rate: l2 } as const;
  return { arm, accuracy, loss, seconds, study: join(directory, PROBE), network: PROBE };
}

/** A probe as weights [C,D] and biases [C] of features as they are. */
function headOf({ axes, model }: FittedProbe, width: number) {
  const classes = model.bias.length;
  const rank = axes.energies.length;
  const weights = new Float32Array(classes * width);
  const bias = Float32Array.from(model.bias);
  for (let k = 0; k < classes; k++) {
    for (let at = 0; at < width; at++) {
      let sum = 0;
      for (let axis = 0; axis < rank; axis++) {
        const along = model.weights[k * rank + axis] as number;
        sum += along * (axes.axes[axis * width + at] as number);
      }
      const own = sum / (axes.scale[at] as number);
      weights[k * width + at] = own;
      bias[k] = (bias[k] as number) - own * (axes.centre[at] as number);
    }
  }
  return { weights, bias };
}

function judgedRows(labels: Int32Array, rows: ReturnType<typeof rowsAt>) {
  const { answers, losses } = answersOf(rows, labels);
  const right = answers.filter((each, at) => each === labels[at]).length;
  return {
    accuracy: right / labels.length,
    loss: losses.reduce((sum, each) => sum + each, 0) / labels.length,
  };
}
