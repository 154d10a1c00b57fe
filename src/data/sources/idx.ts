// MNIST and its relatives (EMNIST, Fashion-MNIST, KMNIST) in their IDX files, plain or gzipped:
// grey images and labels apart. Format: big-endian u32 0x00000803, count, rows, columns, then u8
// [count,rows,columns]; labels 0x00000801, count, u8 [count].
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from '../../base/errors.js';
import type { PixelForm } from '../image-form.js';
import { neededParts } from '../parts.js';
import type { ImageSource, SourceEntry } from '../source.js';
import { byteStream, CUT_OFF_HINT, firstBytes, fixedRecords, withoutFirst } from './byte-stream.js';
import { findIdxSet, type IdxPair, type IdxSet } from './idx-files.js';
import { idxClasses } from './idx-classes.js';

const IMAGES_MAGIC = 0x803;
const LABELS_MAGIC = 0x801;
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;
// Far beyond any such set; a guard against damaged headers.
const LARGEST_SIDE = 4096;

/** Opens a set of IDX files: the folder of one set, or any file of a set, whose others lie beside
 *  it; null if `path` is neither. Images have one channel. EMNIST's, which are stored on their
 *  side, are turned upright.
 *  @throws DataError if a file of the set is missing, or a folder holds several sets */
export function idxSource(path: string): ImageSource | null {
  const set = findIdxSet(path);
  if (set === null) return null;
  const { train, val, mapping } = set;
  const files = [train.images, train.labels, val.images, val.labels, ...(mapping ? [mapping] : [])];
  const stats = files.map((file) => statSync(file));
  return {
    // One path for a set, however it was named.
    path: train.images,
    recognised: `IDX files${set.isTransposed ? ' of EMNIST' : ''}, grey`,
    bytes: stats.reduce((sum, { size }) => sum + size, 0),
    fingerprint: [
      'idx',
      stats.map(({ size, mtimeMs }, at) => [basename(files[at] as string), size, mtimeMs]),
    ],
    listing: null,
    channels: () => Promise.resolve(1),
    entries: (onBytes) => idxEntries(set, onBytes),
  };
}

async function* idxEntries(
  set: IdxSet,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  const labelsOf = {
    train: await readLabels(set.train, onBytes),
    val: await readLabels(set.val, onBytes),
  };
  const classes = idxClasses(set, labelsOf.train);
  for (const part of neededParts) {
    for (const name of classes.values()) yield { kind: 'class', part, class: name };
  }
  for (const part of neededParts) {
    const pair = set[part];
    const { count, rows, columns } = imagesHeader(pair);
    const labels = labelsOf[part];
    if (labels.length !== count) refuseOthers(pair, labels.length, count);
    // What is stored as rows of an upright image is columns of an image on its side.
    const pixels: PixelForm = set.isTransposed
      ? { channels: 1, height: columns, width: rows }
      : { channels: 1, height: rows, width: columns };
    const stream = withoutFirst(byteStream(pair.images, onBytes), IMAGES_HEADER);
    let index = 0;
    for await (const record of fixedRecords(stream, rows * columns, pair.images)) {
      if (index === count) refuseCount(pair.images, 'more than', count, true);
      yield {
        kind: 'file',
        part,
        class: className(classes, labels[index] as number, pair.labels, index),
        name: String(index).padStart(6, '0'),
        origin: pair.images,
        pixels,
        read: () => Promise.resolve(set.isTransposed ? transposed(record, rows, columns) : record),
      };
      index++;
    }
    if (index < count) refuseCount(pair.images, `only ${index} of`, count);
  }
}

function imagesHeader({ images }: IdxPair): { count: number; rows: number; columns: number } {
  const start = header(images, IMAGES_HEADER, IMAGES_MAGIC, 'images');
  const [count, rows, columns] = [4, 8, 12].map((at) => start.readUInt32BE(at)) as [
    number,
    number,
    number,
  ];
  if (rows < 1 || columns < 1 || rows > LARGEST_SIDE || columns > LARGEST_SIDE) {
    throw new DataError(
      `${images}: images of ${rows}x${columns} pixels, wanted 1 to ${LARGEST_SIDE} a side`,
      {
        hint: CUT_OFF_HINT,
      },
    );
  }
  return { count, rows, columns };
}

/** @returns u8 [count] */
async function readLabels(
  { labels }: IdxPair,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array> {
  const count = header(labels, LABELS_HEADER, LABELS_MAGIC, 'labels').readUInt32BE(4);
  const parts: Uint8Array[] = [];
  for await (const chunk of withoutFirst(byteStream(labels, onBytes), LABELS_HEADER))
    parts.push(chunk);
  const all = Buffer.concat(parts);
  if (all.length !== count) refuseCount(labels, `${all.length} of`, count, all.length > count);
  return all;
}

function refuseOthers({ images, labels }: IdxPair, said: number, count: number): never {
  throw new DataError(`${labels}: ${said} labels for the ${count} images of ${images}`, {
    hint: 'The two files are not of the same set: fetch both again.',
  });
}

function header(path: string, length: number, magic: number, what: string): Buffer {
  const start = firstBytes(path, length);
  const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`;
  const found = start.length < 4 ? null : start.readUInt32BE(0);
  if (found !== magic) {
    const text = found === null ? 'it has no four first bytes' : `it begins with ${hex(found)}`;
    throw new DataError(`${path}: not an IDX file of ${what}: ${text}, wanted ${hex(magic)}`, {
      hint: otherKind(found),
    });
  }
  if (start.length < length) {
    throw new DataError(`${path}: it ends inside its header`, { hint: CUT_OFF_HINT });
  }
  return start;
}

/** What to do about a file that begins otherwise; of IDX files of other kinds what they hold. */
function otherKind(found: number | null): string {
  if (found === IMAGES_MAGIC || found === LABELS_MAGIC) {
    return 'Images and labels are exchanged: give each file the name it was published with.';
  }
  if (found === null || found >>> 16 !== 0) return CUT_OFF_HINT;
  const [type, dimensions] = [(found >>> 8) & 0xff, found & 0xff];
  return `It may hold ${dimensions} dimensions of type 0x${type.toString(16).padStart(2, '0')}: wanted are grey images, bytes (0x08) in 3 dimensions. Write others as PNG files in train/<class>/ and val/<class>/.`;
}

function className(
  classes: ReadonlyMap<number, string>,
  label: number,
  labels: string,
  index: number,
): string {
  const name = classes.get(label);
  if (name !== undefined) return name;
  const known = [...classes.keys()];
  throw new DataError(
    `${labels}: label ${label} of image ${index}, wanted ${Math.min(...known)} to ${Math.max(...known)}`,
    { hint: 'The file is damaged or not of this data set: fetch it again.' },
  );
}

function refuseCount(path: string, found: string, count: number, isLong = false): never {
  throw new DataError(`${path}: it holds ${found} the ${count} items that its header says`, {
    hint: isLong
      ? 'The file is longer than it should be: something was written behind it. Fetch it again.'
      : CUT_OFF_HINT,
  });
}

/** u8 [rows,columns] as u8 [columns,rows]. */
function transposed(pixels: Uint8Array, rows: number, columns: number): Uint8Array {
  const out = new Uint8Array(pixels.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[column * rows + row] = pixels[row * columns + column] as number;
    }
  }
  return out;
}
