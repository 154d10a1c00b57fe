// The network that is asked about, as its file has it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { UsageError } from '../base/errors.js';
import { segmentsOf } from '../net/cuts.js';
import { readModel } from '../net/formats/onnx/model-file.js';
import { readOnnx } from '../net/formats/onnx/read-onnx.js';
import type { Network } from '../net/network.js';
import { stageCuts } from '../net/stages.js';
import { type Preprocessing, statedPreprocessing } from './preprocessing.js';

/** A pretrained network. */
export interface SourceNetwork {
  /** Absolute. */
  readonly file: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly network: Network;
  /** Classes that its classifier tells apart. */
  readonly classes: number;
  /** What its file says of the preparation of images. */
  readonly stated: Preprocessing | null;
  /** What is to be said of the file. */
  readonly notes: readonly string[];
}

/** Input size where a file leaves it open. */
export const USUAL_SIZE = 224;

/** Most places that are looked at. */
const MOST_CUTS = 10;

/** Reads the source.
 *  @throws UsageError if it is no ONNX file, or cannot be cut; ParseError, FileError */
export async function readSource(file: string): Promise<SourceNetwork> {
  if (!file.endsWith('.onnx')) {
    throw new UsageError(`${file}: found no .onnx at its end, wanted an ONNX file`, {
      hint: '`selffer export RUN --onnx FILE --prepared` writes one of a trained network.',
    });
  }
  const { network, classes, notes } = readOnnx(file, { height: USUAL_SIZE, width: USUAL_SIZE });
  const { height, width, channels } = network.input;
  if (height !== width) {
    throw new UsageError(`${file}: takes images of ${height} x ${width}, wanted square ones`);
  }
  if (segmentsOf(network).length < 2) {
    throw new UsageError(
      `${file}: has one place where its layers narrow to one tensor, wanted two: there is nothing to cut`,
    );
  }
  const stated = statedPreprocessing(readModel(file).metadata, channels);
  return { file, hash: await hashOf(file), network, classes, stated, notes };
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
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
