// How alike two networks of one architecture are, segment by segment, on the same images.
import { segmentsOf } from '../net/cuts.js';
import {
  addMinibatch,
  alignment,
  type AlignmentSums,
  fewestImages,
  noAlignment,
} from '../stats/centred-kernel-alignment.js';
import type { Similarity } from '../study/measurements/types.js';
import type { HostTensor } from '../tensor/tensor.js';
import type { ForwardNetwork } from '../train/forward/forward-network.js';
import { imageCount, passImages } from '../train/forward/image-pass.js';
import type { TaskSpec } from '../train/job.js';
import { randomChoice } from './image-choice.js';
import type { Subject } from './job.js';
import { BATCH, type Place } from './place.js';

/** Two networks and the task on whose validation images they are compared. */
export interface ComparedPair {
  readonly subject: Subject;
  readonly other: Subject;
  readonly target: string;
  /** What the other one subtracts, if not its own mean image. */
  readonly otherMean?: TaskSpec;
}

/** Linear CKA at the end of every segment. */
export async function compareNetworks(
  place: Place,
  { subject, other, target, otherMean }: ComparedPair,
): Promise<readonly Similarity[]> {
  const { job } = place;
  const task = place.task(target);
  const records = randomChoice(task, job.imageLimit, `${job.place} ${target}`);
  const ends = segmentsOf(job.network).map(({ ordinal }) => ordinal);
  const viewing = { target, looks: ['grams'], ends } as const;
  const first = await place.open({ ...viewing, subject });
  try {
    const meanTask = otherMean === undefined ? {} : { meanTask: otherMean };
    const second = await place.open({ ...viewing, subject: other, ...meanTask });
    try {
      const choice = { task, part: 'val', records } as const;
      const { sums, images } = await sumsOf(first, second, choice);
      return ends.map((segment) => ({
        ...{ network: subject.name, other: other.name, target, segment },
        alignment: alignment(sums.get(segment) ?? noAlignment),
        images,
      }));
    } finally {
      second.dispose();
    }
  } finally {
    first.dispose();
  }
}

// Over whole minibatches: of images that make less than one, over these.
async function sumsOf(
  first: ForwardNetwork,
  second: ForwardNetwork,
  choice: Parameters<typeof passImages>[0],
): Promise<{ readonly sums: ReadonlyMap<number, AlignmentSums>; readonly images: number }> {
  const sums = new Map<number, AlignmentSums>();
  const least = Math.max(fewestImages, Math.min(BATCH, imageCount(choice)));
  let images = 0;
  for await (const { minibatch, rows } of passImages(choice, first.takes)) {
    if (rows < least) continue;
    const [a, b] = [await first.look('grams', minibatch), await second.look('grams', minibatch)];
    for (const [end, k] of a) {
      const l = b.get(end) as HostTensor;
      sums.set(end, addMinibatch(sums.get(end) ?? noAlignment, gramOf(k, rows), gramOf(l, rows)));
    }
    images += rows;
  }
  return { sums, images };
}

function gramOf({ data, shape }: HostTensor, count: number) {
  return { values: data, stride: shape[0] as number, count };
}
