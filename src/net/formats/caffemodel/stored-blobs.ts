// The layers of a caffemodel that hold blobs, and where their numbers lie.
import { WireType } from '@bufbuild/protobuf/wire';
import { elementCount, type Shape } from '../../../tensor/tensor.js';
import { blobFields, DIM, type LayerFields, layerFields } from './schema.js';
import type { WireField, WireFile } from './wire.js';

/** A blob in its file. */
export interface StoredBlob {
  /** As written: before 2015 all blobs have four axes. */
  readonly shape: Shape;
  /** Numbers that are there. */
  readonly count: number;
  /** Bytes of one number: float or double. */
  readonly bytes: 4 | 8;
  /** Where they lie; Caffe writes one piece. */
  readonly pieces: readonly { readonly start: number; readonly end: number }[];
}

/** Layer -> its blobs in order. */
export type StoredLayers = ReadonlyMap<string, readonly StoredBlob[]>;

// Far more than any network has; a damaged file may say anything.
const MOST_BLOBS = 100_000;
const MOST_PIECES = 1000;
const MOST_AXES = 32;
const LONGEST_NAME = 1024;

/** All layers with blobs; of two of one name the last, as Caffe copies them.
 *  @throws ParseError if the file is no caffemodel */
export function storedLayers(file: WireFile): StoredLayers {
  const layers = new Map<string, readonly StoredBlob[]>();
  let count = 0;
  for (const field of file.fields(0, file.size)) {
    const fields = layerFields[field.number];
    if (fields === undefined || field.type !== WireType.LengthDelimited) continue;
    const { name, blobs } = layerOf(file, field, fields);
    if (blobs.length > 0) layers.set(name, blobs);
    count += blobs.length;
    if (count > MOST_BLOBS) file.damaged(`more than ${MOST_BLOBS} blobs`);
  }
  return layers;
}

function layerOf(
  file: WireFile,
  { start, end }: WireField,
  fields: LayerFields,
): { readonly name: string; readonly blobs: readonly StoredBlob[] } {
  let name = '';
  const blobs: StoredBlob[] = [];
  for (const field of file.fields(start, end)) {
    if (field.type !== WireType.LengthDelimited) continue;
    if (field.number === fields.inner?.number) return layerOf(file, field, fields.inner.fields);
    if (field.number === fields.name) {
      const bytes = file.bytes(field.start, Math.min(field.end, field.start + LONGEST_NAME));
      name = new TextDecoder().decode(bytes);
    }
    if (field.number === fields.blobs) blobs.push(blobOf(file, field));
    if (blobs.length > MOST_BLOBS) file.damaged(`more than ${MOST_BLOBS} blobs`);
  }
  return { name, blobs };
}

function blobOf(file: WireFile, { start, end }: WireField): StoredBlob {
  const { num, channels, height, width, data, shape, doubleData } = blobFields;
  const sizes = new Map<number, number>();
  const pieces: WireField[] = [];
  let dims: Shape | null = null;
  for (const field of file.fields(start, end)) {
    if (field.number <= width && field.type === WireType.Varint) {
      sizes.set(field.number, file.integer(field));
    } else if (field.number === shape && field.type === WireType.LengthDelimited) {
      dims = dimsOf(file, field);
    } else if (field.number === data || field.number === doubleData) {
      if (field.type !== WireType.LengthDelimited) file.damaged('numbers one by one, not packed');
      pieces.push(field);
    }
    if (pieces.length > MOST_PIECES) file.damaged(`a blob in more than ${MOST_PIECES} pieces`);
  }
  // Double numbers alone are what Caffe takes where there are any.
  const doubles = pieces.filter(({ number }) => number === doubleData);
  const [bytes, used] = doubles.length > 0 ? ([8, doubles] as const) : ([4, pieces] as const);
  const legacy = [num, channels, height, width].map((size) => sizes.get(size) ?? 0);
  const total = used.reduce((sum, piece) => sum + piece.end - piece.start, 0);
  return {
    shape: dims ?? (sizes.size > 0 ? legacy : []),
    count: total / bytes,
    bytes,
    pieces: used.map((piece) => ({ start: piece.start, end: piece.end })),
  };
}

function dimsOf(file: WireFile, { start, end }: WireField): Shape {
  const dims: number[] = [];
  for (const field of file.fields(start, end)) {
    if (field.number !== DIM) continue;
    dims.push(...file.integers(field, MOST_AXES));
    if (dims.length > MOST_AXES) file.damaged(`a blob of more than ${MOST_AXES} axes`);
  }
  return dims;
}

/** Whether a blob's numbers are as many as its shape says. */
export function isWhole({ shape, count }: StoredBlob): boolean {
  return count === elementCount(shape);
}
