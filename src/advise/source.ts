// The network that is asked about, read: an ONNX file as it is, any other made one in the advice's
// folder, so that all that follows reads one kind of file.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import { DataError, UsageError } from '../base/errors.js';
import { packageVersion } from '../base/package-files.js';
import { segmentsOf } from '../net/cuts.js';
import { readModel } from '../net/formats/onnx/model-file.js';
import { readOnnx } from '../net/formats/onnx/read-onnx.js';
import { writeOnnx } from '../net/formats/onnx/write/write-onnx.js';
import type { Network, NetworkInput } from '../net/network.js';
import { stageCuts } from '../net/stages.js';
import { exportRun, type ExportedRun, preparationOf } from '../study/export/exported-run.js';
import { readBaseFile } from '../study/pretrained/read-base-file.js';
import { f32 } from '../tensor/tensor.js';
import type { Model } from './model.js';
import { type Preprocessing, statedPreprocessing } from './preprocessing.js';

/** A pretrained network. */
export interface SourceNetwork {
  /** As it was asked for. */
  readonly given: string;
  /** ONNX file, absolute: the given one, or one that was made of what was given. */
  readonly file: string;
  /** See `modelHash`. */
  readonly hash: string;
  readonly network: Network;
  /** Classes that its classifier tells apart. */
  readonly classes: number;
  /** What is known of the preparation of images, and from what. */
  readonly stated: { readonly how: Preprocessing; readonly from: 'the file' | 'its run' } | null;
  /** What is to be said of the file. */
  readonly notes: readonly string[];
}

/** Input size where a file leaves it open. */
export const USUAL_SIZE = 224;

/** Most places that are looked at. */
const MOST_CUTS = 10;

/** Reads the source.
 *  @param hash of the model   @param directory where a file is made of what is no ONNX file
 *  @throws UsageError if it cannot be cut; ParseError, FileError, RunStoreError */
export async function readSource(
  { given, place }: Model,
  hash: string,
  directory: string,
): Promise<SourceNetwork> {
  const made = join(directory, 'source.onnx');
  let found: Pick<SourceNetwork, 'file' | 'stated' | 'notes'>;
  switch (place.kind) {
    case 'onnx':
      found = { file: place.file, stated: null, notes: [] };
      break;
    case 'caffe':
      found = fromCaffe(place.prototxt, place.weights, made);
      break;
    case 'run':
      found = await fromRun(place.run, made);
  }
  const { file } = found;
  const { network, classes, notes } = readOnnx(file, { height: USUAL_SIZE, width: USUAL_SIZE });
  refuseUnfit(given, network);
  const written = statedPreprocessing(readModel(file).metadata, network.input.channels);
  const stated = found.stated ?? (written && { how: written, from: 'the file' });
  return { given, file, hash, network, classes, stated, notes: [...found.notes, ...notes] };
}

function refuseUnfit(given: string, network: Network): void {
  const { height, width } = network.input;
  if (height !== width) {
    throw new UsageError(`${given}: takes images of ${height} x ${width}, wanted square ones`);
  }
  if (segmentsOf(network).length < 2) {
    throw new UsageError(
      `${given}: has one place where its layers narrow to one tensor, wanted two: there is nothing to cut`,
    );
  }
}

type Found = Pick<SourceNetwork, 'file' | 'stated' | 'notes'>;

// Where the prototxt does not say it.
const usualInput: NetworkInput = {
  ...{ channels: 3, height: USUAL_SIZE, width: USUAL_SIZE, scale: [1], mean: [0] },
};

function fromCaffe(prototxt: string, file: string, made: string): Found {
  const { network, classes, weights } = readBaseFile({ file, prototxt }, usualInput);
  const { mean, scale } = network.input;
  if (!existsSync(made)) {
    const tensors = [...weights].map(([name, { shape, read }]) => [name, f32(shape, read())]);
    writeFileAtomic(
      made,
      writeOnnx({
        ...{ network, classes, weights: Object.fromEntries(tensors), preparation: null },
        ...{ metadata: {}, version: packageVersion() },
      }),
    );
  }
  const how =
    mean === 'image' ? null : { name: 'stated', mean, std: scale.map((each) => 1 / each) };
  return { file: made, stated: how && { how, from: 'the file' }, notes: [] };
}

async function fromRun(run: ExportedRun, made: string): Promise<Found> {
  if (!existsSync(made)) writeFileAtomic(made, (await exportRun(run, { isPrepared: true })).bytes);
  try {
    const { mean, scale } = await preparationOf(run);
    const isImage = mean.shape.length > 1;
    const how: Preprocessing = {
      name: 'stated',
      mean: isImage ? channelMeans(mean.data, mean.shape[0] ?? 1) : [...mean.data],
      std: scale.map((each) => 1 / each),
    };
    const note = 'Its run subtracts a mean image; the mean of each channel is taken in its place.';
    return { file: made, stated: { how, from: 'its run' }, notes: isImage ? [note] : [] };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const note = 'Its run subtracts the mean image of images that are not there any more.';
    return { file: made, stated: null, notes: [note] };
  }
}

function channelMeans(image: Float32Array, channels: number): readonly number[] {
  const places = image.length / channels;
  return Array.from({ length: channels }, (_, channel) => {
    const own = image.subarray(channel * places, (channel + 1) * places);
    return own.reduce((sum, value) => sum + value, 0) / places;
  });
}
/** Where the network is looked at: all its cuts if they are few; else the ends of its stages and
 *  the last one, with others between, evenly spaced. Ascending. */
export function consideredCuts(network: Network): readonly number[] {
  const last = segmentsOf(network).length - 1;
  if (last <= MOST_CUTS) return Array.from({ length: last }, (_, at) => at + 1);
  const kept = new Set([...stageCuts(network), last]);
  // The largest gaps are halved until there are enough.
  while (kept.size < MOST_CUTS) {
    const sorted = [0, ...[...kept].sort((a, b) => a - b)];
    let [widest, at] = [1, -1];
    for (let index = 1; index < sorted.length; index++) {
      const gap = (sorted[index] as number) - (sorted[index - 1] as number);
      if (gap > widest) [widest, at] = [gap, index];
    }
    if (at < 0) break;
    kept.add((sorted[at - 1] as number) + Math.floor(widest / 2));
  }
  const all = [...kept].sort((a, b) => a - b);
  return all.slice(-MOST_CUTS);
}
