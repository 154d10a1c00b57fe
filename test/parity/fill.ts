// Initial weights and minibatches of the parity test, made by an integer hash; bit-equal to
// record_torch.py's, which documents why the amplitudes are what they are. Nothing here is used
// outside tests.

/** Images in a minibatch. */
export const batchSize = 8;
/** Outputs of fc8; labels are 0..19. */
export const numClasses = 20;

const weightShapes = {
  conv1: [32, 3, 5, 5],
  conv2: [64, 32, 5, 5],
  conv3: [96, 64, 3, 3],
  conv4: [96, 96, 3, 3],
  conv5: [64, 96, 3, 3],
  fc6: [256, 64 * 4 * 4],
  fc7: [256, 256],
  fc8: [numClasses, 256],
} as const satisfies Record<string, readonly number[]>;

/** Name of a weight layer of `tiny32`. */
export type LayerName = keyof typeof weightShapes;
/** Name of a parameter tensor of `tiny32`. */
export type ParameterName = `${LayerName}.${'weight' | 'bias'}`;

const [channels, side, cell] = [3, 32, 4];
const [labelStreams, patternStream, noiseStream] = [[100, 101] as const, 200, 1000];
const [biasAmplitude, fc8Amplitude, patternAmplitude, noiseAmplitude] = [
  2 ** -4,
  2 ** -8,
  2 ** -1,
  2 ** -3,
];

/** The 32-bit finaliser of MurmurHash3 (Appleby, public domain). */
function fmix32(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** fmix32(fmix32(index + 1) xor fmix32((stream + 1) * 0x9e3779b9)), a uint32. */
function hash32(stream: number, index: number): number {
  return fmix32(fmix32(index + 1) ^ fmix32(Math.imul(stream + 1, 0x9e3779b9)));
}

/** A float32 in [-a, a): (hash >> 8) * 2^-23 - 1 is exact, and so is its product with float32(a) in
 *  double, rounded once. */
function uniform(stream: number, index: number, amplitude: number): number {
  return Math.fround(((hash32(stream, index) >>> 8) * 2 ** -23 - 1) * Math.fround(amplitude));
}

function uniformArray(stream: number, length: number, amplitude: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => uniform(stream, index, amplitude));
}

/** Shapes of all parameters, in the order of their streams: weights OIHW or [O,K], biases [O]. */
export const parameterShapes: Readonly<Record<ParameterName, readonly number[]>> =
  Object.fromEntries(
    Object.entries(weightShapes).flatMap(([layer, shape]) => [
      [`${layer}.weight`, shape],
      [`${layer}.bias`, shape.slice(0, 1)],
    ]),
  ) as Record<ParameterName, readonly number[]>;

function amplitudeOf(name: string, shape: readonly number[]): number {
  if (name.endsWith('.bias')) return biasAmplitude;
  if (name === 'fc8.weight') return fc8Amplitude;
  return Math.sqrt(6 / shape.slice(1).reduce((product, size) => product * size, 1));
}

/** Fresh initial parameters of `tiny32`: f32, weights OIHW or [O,K] uniform in +-sqrt(6 / fan-in)
 *  (fc8 +-2^-8), biases [O] in +-2^-4. */
export function initialParameters(): Record<ParameterName, Float32Array> {
  return Object.fromEntries(
    Object.entries(parameterShapes).map(([name, shape], stream) => [
      name,
      uniformArray(
        stream,
        shape.reduce((product, size) => product * size, 1),
        amplitudeOf(name, shape),
      ),
    ]),
  ) as Record<ParameterName, Float32Array>;
}

/** One minibatch: normalised images f32 [8,3,32,32] and their labels i32 [8]. */
export interface Minibatch {
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/** The minibatch of an iteration (0, 1, ...): each image is its label's pattern, constant on 4x4
 *  cells, plus noise; the label is the smaller of two draws from 0..19. */
export function minibatch(iteration: number): Minibatch {
  const labels = Int32Array.from({ length: batchSize }, (_, row) =>
    Math.min(...labelStreams.map((s) => hash32(s, iteration * batchSize + row) % numClasses)),
  );
  const perImage = channels * side * side;
  const images = uniformArray(noiseStream + iteration, batchSize * perImage, noiseAmplitude);
  labels.forEach((label, row) => {
    const image = images.subarray(row * perImage, (row + 1) * perImage);
    image.forEach((noise, i) => {
      const [c, h, w] = [Math.floor(i / (side * side)), Math.floor(i / side) % side, i % side];
      const index =
        c * (side / cell) ** 2 + Math.floor(h / cell) * (side / cell) + Math.floor(w / cell);
      image[i] = noise + uniform(patternStream + label, index, patternAmplitude);
    });
  });
  return { images, labels };
}
