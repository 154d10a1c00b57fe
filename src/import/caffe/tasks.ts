// Facts of the original's tasks that its logs do not say: classes, and images for training and
// testing.
import type { OriginalNetwork } from './names.js';

/** Facts of one task of ILSVRC2012. */
export interface OriginalTask {
  /** Classes that occur. Not the 1000 outputs that every network has. */
  readonly classes: number;
  /** Distinct validation images: 50 a class. A logged test is 50,000 images, two passes over a
   *  random half. */
  readonly valImages: number;
  /** Training images; the mean number a class times the classes where the exact one is not
   *  known. */
  readonly trainImages: number;
}

const CLASSES = 1000;
const TRAIN_IMAGES = 1_281_167;
const VAL_IMAGES_A_CLASS = 50;
const naturalManMade: Readonly<Record<string, number>> = { A: 449, B: 551 };

/** What the repository's letters stand for: the paper's text has them the other way round. */
export const naturalManMadeLabels = { A: 'natural', B: 'man-made' } as const;

/** Images of a training minibatch, in every network of the original. */
export const originalBatch = 256;

/** CaffeNet's weight layers: every network of the original. */
export const originalWeightLayers = 8;

/** What the person who imports says of logs of other data; the original's facts where it is left
 *  out. */
export interface GivenFacts {
  /** Classes of each task. */
  readonly classes?: number;
  /** Training and validation images of each task. */
  readonly trainImages?: number;
  readonly valImages?: number;
  /** Images of a training minibatch. */
  readonly batch?: number;
  /** Weight layers of the networks. */
  readonly weightLayers?: number;
}

/** The task that a network is trained and tested on.
 *  Every network has 1000 outputs, also on 500 classes, but chance and the plateau of guessing both
 *  go by the task's classes C: the best that a network can do which knows nothing of its images is
 *  to give each of the C classes its frequency, which has accuracy 1 / C and loss ln C. A network
 *  of 1000 outputs begins at ln 1000 and gets down to ln C by the biases of its last layer alone:
 *  with the 1000 in place of C, one that learned no more than that would count as trained. */
export function originalTask(
  { family, imagesPerClass, target }: OriginalNetwork,
  given: GivenFacts = {},
): OriginalTask {
  const classes = given.classes ?? classesOf(family, target);
  // reduced-0100: the first 100 images of each class; no class has more than 1300.
  const kept = imagesPerClass === null ? Infinity : CLASSES * imagesPerClass;
  return {
    classes,
    valImages: given.valImages ?? VAL_IMAGES_A_CLASS * classes,
    trainImages:
      given.trainImages ?? Math.min(kept, Math.round((TRAIN_IMAGES * classes) / CLASSES)),
  };
}

function classesOf(family: OriginalNetwork['family'], target: string | null): number {
  if (family === 'natural-man-made') return naturalManMade[target ?? ''] ?? CLASSES / 2;
  return family === 'random-halves' ? CLASSES / 2 : CLASSES;
}
