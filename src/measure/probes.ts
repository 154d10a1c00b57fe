// Linear probes: how well a linear classifier does on the features at each cut of a base.
import { streamKey } from '../base/random-stream.js';
import { cutPoints } from '../net/cuts.js';
import { binomialInterval } from '../stats/interval.js';
import {
  crossValidatedProbe,
  fitProbe,
  type FittedProbe,
  probeClasses,
  stratifiedFolds,
} from '../stats/linear-probe.js';
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
    const fitted = new Map<number, FittedProbe & { readonly l2: number }>();
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
      fitted.set(n, { ...fitProbe(labelled, l2, axes), l2 });
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
  probes: ReadonlyMap<number, FittedProbe>,
): Promise<ReadonlyMap<number, number>> {
  const correct = new Map<number, number>();
  for await (const { minibatch, rows } of passImages(choice, network.takes)) {
    const seen = await network.look('features', minibatch);
    for (const [end, probe] of probes) {
      const tensor = seen.get(end);
      const [, width = 0] = tensor?.shape ?? [];
      const values = Float64Array.from(tensor?.data.subarray(0, rows * width) ?? []);
      const answers = probeClasses(probe, { values, count: rows, width });
      const right = answers.filter((label, row) => label === minibatch.labels[row]).length;
      correct.set(end, (correct.get(end) ?? 0) + right);
    }
  }
  return correct;
}
