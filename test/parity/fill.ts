// Initial weights and minibatches of the parity tests, made by an integer hash; bit-equal to
// hash_fill.py's, record_torch.py's and record_training.py's, which document why the amplitudes are
// what they are. Nothing here is used outside tests.
import type { Shape } from '../../src/tensor/tensor.js';
import { fillOf, hash32, uniform, uniformArray } from './hash.js';

/** The networks that are trained. */
export type TrainedName = 'tiny32' | 'resnet20' | 'mobilenet-v2';

const tiny32Layers = ['conv1', 'conv2', 'conv3', 'conv4', 'conv5', 'fc6', 'fc7', 'fc8'];
const classifiers = ['fc.weight', 'classifier.1.weight'];

/** A tensor's first values: f32, weights OIHW or [O,K].
 *  tiny32: weights uniform in +-sqrt(6 / fan-in) (fc8 +-2^-8), biases in +-2^-4, streams numbered
 *  in layer order. The others: see {@link fillOf}, the classifier's weights times 2^-6. */
export function initialTensor(network: TrainedName, name: string, shape: Shape): Float32Array {
  if (network !== 'tiny32') {
    const values = fillOf(name, shape);
    return classifiers.includes(name) ? values.map((value) => value * 2 ** -6) : values;
  }
  const [layer = '', blob] = name.split('.');
  const isBias = blob === 'bias';
  const stream = 2 * tiny32Layers.indexOf(layer) + Number(isBias);
  const product = (sizes: Shape): number => sizes.reduce((all, size) => all * size, 1);
  const ofWeight = layer === 'fc8' ? 2 ** -8 : Math.sqrt(6 / product(shape.slice(1)));
  return uniformArray(stream, product(shape), isBias ? 2 ** -4 : ofWeight);
}

/** One minibatch: normalised images f32 [N,3,side,side] and their labels i32 [N]. */
export interface Minibatch {
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/** Sizes of a minibatch. */
export interface MinibatchSizes {
  readonly batchSize: number;
  readonly numClasses: number;
  /** Height = width of the images. */
  readonly side: number;
}

const cell = 4;
const [labelStreams, patternStream, noiseStream] = [[100, 101], 200, 1000];
const [patternAmplitude, noiseAmplitude] = [2 ** -1, 2 ** -3];

/** The minibatch of an iteration (0, 1, ...): each image is its label's pattern, constant on 4x4
 *  cells, plus noise; the label is the smaller of two draws from all classes. */
export function minibatch(iteration: number, sizes: MinibatchSizes): Minibatch {
  const { batchSize, numClasses, side } = sizes;
  const labels = Int32Array.from({ length: batchSize }, (_, row) =>
    Math.min(...labelStreams.map((s) => hash32(s, iteration * batchSize + row) % numClasses)),
  );
  const perImage = 3 * side * side;
  const cells = side / cell;
  const images = uniformArray(noiseStream + iteration, batchSize * perImage, noiseAmplitude);
  labels.forEach((label, row) => {
    const image = images.subarray(row * perImage, (row + 1) * perImage);
    image.forEach((noise, i) => {
      const [c, h, w] = [Math.floor(i / (side * side)), Math.floor(i / side) % side, i % side];
      const index = c * cells ** 2 + Math.floor(h / cell) * cells + Math.floor(w / cell);
      image[i] = noise + uniform(patternStream + label, index, patternAmplitude);
    });
  });
  return { images, labels };
}
