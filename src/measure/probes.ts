// Linear probes: how well a linear classifier does on the features at each cut of a base.
import { streamKey } from '../base/random-stream.js';
import { cutPoints } from '../net/cuts.js';
import { binomialInterval } from '../stats/interval.js';
import {
  crossValidatedProbe,
  fitProbe,
  type FittedProbe,
  stratifiedFolds,
} from '../stats/linear-probe.js';
import { classify, type LinearModel } from '../stats/logistic-regression.js';
import { principalAxes } from '../stats/principal-axes.js';
import type { LabelledRows, Rows } from '../stats/rows.js';
import type { Probe } from '../study/measurements/types.js';
import type { ForwardNetwork } from '../train/forward/forward-network.js';
import { type ImageChoice, imageCount, passImages } from '../train/forward/image-pass.js';
import { stratifiedChoice } from './image-choice.js';
import type { Subject } from './job.js';
import type { Place } from './place.js';

/** Parts of the training images among which the penalty is chosen. */
const FOLDS = 2;

/** Fits a probe of `target` at every cut of a base, on training images, and tests it on all
 *  validation images. */
export async function probeBase(
  place: Place,
  subject: Subject,
  target: string,
): Promise<readonly Probe[]> {
  const { job } = place;
  const task = place.task(target);
  const name = `${job.place} ${target}`;
  const records = stratifiedChoice(task, job.imageLimit, name);
  const ends = cutPoints(job.network);
  const network = await place.open({ subject, target, looks: ['features'], ends });
  try {
    const training: ImageChoice = { task, part: 'train', records };
    const fitted = new Map<number, LinearModel & { readonly l2: number }>();
    const data = await featuresOf(network, training, ends);
    const labels = Int32Array.from(records, (record) => task.trainLabels[record] as number);
    const classes = task.classes.length;
    const folds = stratifiedFolds(
      { labels, classes },
      FOLDS,
      streamKey(['measure', 'folds', name]),
    );
    for (const [n, rows] of data) {
      const labelled: LabelledRows = { rows, labels, classes };
      const axes = principalAxes(rows, 'standardised');
      const { l2 } = crossValidatedProbe(labelled, folds, axes);
      const probe = fitProbe(labelled, l2, axes);
      fitted.set(n, { ...onFeatures(probe), l2 });
    }
    const correct = await testProbes(network, { task, part: 'val' }, fitted);
    const images = task.val.length;
    return [...fitted].map(([n, { l2 }]): Probe => {
      const right = correct.get(n) ?? 0;
      const features = data.get(n)?.width ?? 0;
      return {
        ...{ base: subject.name, target, n, accuracy: right / images },
        ...binomialInterval(right, images, 0.95),
        ...{ images, trainImages: records.length, features, penalty: l2 },
      };
    });
  } finally {
    network.dispose();
  }
}

/** Features of all images at each end, f32 [images, D]. */
async function featuresOf(
  network: ForwardNetwork,
  choice: ImageChoice,
  ends: readonly number[],
): Promise<ReadonlyMap<number, Rows>> {
  const count = imageCount(choice);
  const all = new Map<number, Rows & { readonly values: Float32Array }>();
  let from = 0;
  for await (const { minibatch, rows } of passImages(choice, network.takes)) {
    const seen = await network.look('features', minibatch);
    for (const end of ends) {
      const tensor = seen.get(end);
      const [, width = 0] = tensor?.shape ?? [];
      const own = all.get(end) ?? { values: new Float32Array(count * width), count, width };
      all.set(end, own);
      own.values.set(tensor?.data.subarray(0, rows * width) ?? [], from * width);
    }
    from += rows;
  }
  return all;
}

/** Right answers of each probe, minibatch by minibatch: features of all images are never kept. */
async function testProbes(
  network: ForwardNetwork,
  choice: ImageChoice,
  probes: ReadonlyMap<number, LinearModel>,
): Promise<ReadonlyMap<number, number>> {
  const correct = new Map<number, number>();
  for await (const { minibatch, rows } of passImages(choice, network.takes)) {
    const seen = await network.look('features', minibatch);
    for (const [end, probe] of probes) {
      const tensor = seen.get(end);
      const [, width = 0] = tensor?.shape ?? [];
      const values = Float64Array.from(tensor?.data.subarray(0, rows * width) ?? []);
      const answers = classify({ values, count: rows, width }, probe);
      const right = answers.filter((label, row) => label === minibatch.labels[row]).length;
      correct.set(end, (correct.get(end) ?? 0) + right);
    }
  }
  return correct;
}

/** The same classifier of features as they are: z = W V (x - centre) / scale + b. With fewer
 *  classes than axes it takes as many times fewer operations an image. */
function onFeatures({ axes: { axes, centre, scale, energies }, model }: FittedProbe): LinearModel {
  const width = centre.length;
  const rank = energies.length;
  const classes = model.bias.length;
  const weights = new Float64Array(classes * width);
  const bias = model.bias.slice();
  for (let label = 0; label < classes; label++) {
    const into = weights.subarray(label * width, (label + 1) * width);
    for (let axis = 0; axis < rank; axis++) {
      const weight = model.weights[label * rank + axis] as number;
      const from = axes.subarray(axis * width, (axis + 1) * width);
      for (let at = 0; at < width; at++)
        into[at] = (into[at] as number) + weight * (from[at] as number);
    }
    let offset = 0;
    for (let at = 0; at < width; at++) {
      into[at] = (into[at] as number) / (scale[at] as number);
      offset += (into[at] as number) * (centre[at] as number);
    }
    bias[label] = (bias[label] as number) - offset;
  }
  return { weights, bias };
}
