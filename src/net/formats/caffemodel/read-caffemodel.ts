// A .caffemodel: the weights of a network that was read from its prototxt.
import { closeSync, fstatSync, openSync } from 'node:fs';
import { type FileIssue, ParseError } from '../../../base/errors.js';
import { onFile } from '../../../base/system-error.js';
import { readFully } from '../../../data/store/read-fully.js';
import { elementCount, type Shape } from '../../../tensor/tensor.js';
import type { OnnxWeight } from '../onnx/read-onnx.js';
import type { CaffeNetwork } from '../prototxt/read-network.js';
import { isWhole, type StoredBlob, type StoredLayers, storedLayers } from './stored-blobs.js';
import { type WantedBlob, type WantedLayers, wantedLayers } from './wanted-blobs.js';
import { WireFile } from './wire.js';

/** The weights of a caffemodel. */
export interface CaffeModel {
  /** By "<layer>.<blob>", as those of an ONNX file: read when they are asked for. */
  readonly weights: ReadonlyMap<string, OnnxWeight>;
  /** What of the file is not taken, or may surprise. */
  readonly notes: readonly string[];
}

/** Finds the weights of a network in a file of any of Caffe's three syntaxes. Sizes 1 of a shape do
 *  not count: old files have four axes for everything. Running means and variances are divided by
 *  their factor.
 *  @param network as `readCaffeNetwork` made it   @param classes outputs of the file's classifier
 *  @throws ParseError with every layer that either lacks and every blob of another shape
 *  @throws FileError if the file cannot be read */
export function readCaffeModel(
  path: string,
  network: Pick<CaffeNetwork, 'network' | 'scales'>,
  classes: number,
): CaffeModel {
  const wanted = wantedLayers(network, classes);
  return withFile(path, (handle, file) => {
    const found = storedLayers(file);
    if (found.size === 0) file.damaged('found no layers with weights in it');
    const others = [...found.keys()].filter((name) => !wanted.has(name));
    const messages = [...problemsOf(wanted, found)];
    if (messages.length > 0) {
      if (others.length > 0) messages.push(`${notTaken(others)}: is it of another network?`);
      throw new ParseError(messages.map((message): FileIssue => ({ file: path, message })));
    }
    const notes = others.length > 0 ? [notTaken(others)] : [];
    const weights = new Map<string, OnnxWeight>();
    for (const [layer, { blobs }] of wanted) {
      const stored = found.get(layer) as readonly StoredBlob[];
      const factor = factorOf(path, handle, layer, stored, blobs);
      if (factor === 0) notes.push(`layer "${layer}" has never gathered statistics: they are 0`);
      for (const { name, spec, index } of blobs) {
        weights.set(name, weightOf(path, stored[index] as StoredBlob, spec.shape, factor));
      }
    }
    return { weights, notes };
  });
}

function notTaken(layers: readonly string[]): string {
  return `it has weights of layers that the network lacks: ${layers.join(', ')}`;
}

function withFile<T>(path: string, use: (handle: number, file: WireFile) => T): T {
  return onFile(path, () => {
    const handle = openSync(path, 'r');
    try {
      const file = new WireFile(path, handle, fstatSync(handle).size);
      if (isHdf5(file)) {
        const message =
          'found an HDF5 file, wanted a binary one: write it with snapshot_format: BINARYPROTO';
        throw new ParseError([{ file: path, message }]);
      }
      return use(handle, file);
    } finally {
      closeSync(handle);
    }
  });
}

function isHdf5(file: WireFile): boolean {
  const start = file.bytes(0, Math.min(4, file.size));
  return [0x89, 0x48, 0x44, 0x46].every((byte, at) => start[at] === byte);
}

function* problemsOf(wanted: WantedLayers, found: StoredLayers): Generator<string> {
  for (const [layer, { blobs, count }] of wanted) {
    const stored = found.get(layer);
    if (stored === undefined) {
      yield `it lacks the layer "${layer}" of the network`;
      continue;
    }
    if (stored.length !== count) {
      yield `layer "${layer}" has ${stored.length} blobs, wanted ${count}: ${namesOf(blobs, count)}`;
      continue;
    }
    yield* blobs.flatMap((blob) => blobProblems(layer, blob, stored));
  }
}

function namesOf(blobs: readonly WantedBlob[], count: number): string {
  const names = blobs.map(({ spec }) => spec.name);
  return [...names, ...(count > names.length ? ['scale factor'] : [])].join(', ');
}

function blobProblems(
  layer: string,
  { spec, index, divisor }: WantedBlob,
  stored: readonly StoredBlob[],
): readonly string[] {
  const blob = stored[index] as StoredBlob;
  const what = `layer "${layer}": ${spec.name}`;
  if (!isWhole(blob)) {
    return [`${what} has ${blob.count} numbers, its shape [${blob.shape.join(', ')}] wants others`];
  }
  const factor = divisor === null ? undefined : stored[divisor];
  if (factor !== undefined && (factor.count !== 1 || !isWhole(factor))) {
    return [`${what} is divided by ${factor.count} numbers, wanted 1`];
  }
  if (squeezed(blob.shape) === squeezed(spec.shape)) return [];
  return [`${what} has the shape [${blob.shape.join(', ')}], wanted [${spec.shape.join(', ')}]`];
}

function squeezed(shape: Shape): string {
  return shape.filter((size) => size !== 1).join();
}

/** What the blobs of a layer are to be divided by. */
function factorOf(
  path: string,
  handle: number,
  layer: string,
  stored: readonly StoredBlob[],
  [first]: readonly WantedBlob[],
): number {
  if (first?.divisor === null || first === undefined) return 1;
  const [factor = NaN] = numbersOf(path, handle, stored[first.divisor] as StoredBlob);
  if (factor >= 0 && Number.isFinite(factor)) return factor;
  const message = `layer "${layer}": found the scale factor ${factor}, wanted at least 0`;
  throw new ParseError([{ file: path, message }]);
}

function weightOf(path: string, blob: StoredBlob, shape: Shape, factor: number): OnnxWeight {
  const read = (): Float32Array => {
    const numbers = onFile(path, () => {
      const handle = openSync(path, 'r');
      try {
        return numbersOf(path, handle, blob);
      } finally {
        closeSync(handle);
      }
    });
    // Caffe takes 0 for what was never gathered.
    return factor === 1 ? numbers : numbers.map((each) => (factor === 0 ? 0 : each / factor));
  };
  return { shape, read, tensor: null };
}

function numbersOf(
  path: string,
  handle: number,
  { shape, bytes, pieces }: StoredBlob,
): Float32Array {
  const count = elementCount(shape);
  const numbers = bytes === 8 ? new Float64Array(count) : new Float32Array(count);
  const target = new Uint8Array(numbers.buffer);
  let at = 0;
  for (const { start, end } of pieces) {
    readFully(path, handle, target.subarray(at, at + end - start), start);
    at += end - start;
  }
  return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
}
