// From images to the rows of a minibatch whose windows are drawn.
import type { Augmentation, Place } from './augment.js';
import { copyCrop, copyPadded } from './crop.js';
import { eachConcurrently } from '../each-concurrently.js';
import { type ImageForm, imageValues } from '../image-form.js';
import type { ImagePart, ImageSet, Minibatch } from '../image-set.js';
import { resample } from './resample.js';

/** Images that are decoded at a time: what libuv's pool has threads for, unless UV_THREADPOOL_SIZE
 *  says otherwise. */
const IN_WORK = 4;

// Memory that is used again and again: records of the rows by the minibatch they are for, whole
// images by their set.
const rowPlaces = new WeakMap<Minibatch, RowPlace[]>();
const rowRecords = new WeakMap<Minibatch, Int32Array>();
const wholeImages = new WeakMap<ImageSet, Uint8Array[]>();

/** Room for the record numbers of a minibatch's first `rows` rows, i32 [rows]; always the same
 *  memory for one minibatch. */
export function recordsOf(minibatch: Minibatch, rows: number): Int32Array {
  let records = rowRecords.get(minibatch);
  if (records === undefined) {
    records = new Int32Array(minibatch.labels.length);
    rowRecords.set(minibatch, records);
  }
  return records.subarray(0, Math.max(0, rows));
}

/** Fills row r of `into.crops` with the window that `into.windows` has for it, cut out of image
 *  `records[r]`.
 *  @param records i32 [rows]
 *  @returns a promise if the set's images must be decoded; at most {@link IN_WORK} are then in
 *  work */
export function cutRows(
  set: ImageSet,
  part: ImagePart,
  records: Int32Array,
  into: Minibatch,
): Minibatch | Promise<Minibatch> {
  if (set.isEncoded) return cutEncoded(set, part, records, into);
  const pixels = takeImage(set);
  for (let row = 0; row < records.length; row++) {
    // Nothing to wait for: the set is decoded.
    void part.read(records[row] as number, pixels);
    cutRow(set, pixels, row, into);
  }
  giveBack(set, pixels);
  return into;
}

async function cutEncoded(
  set: ImageSet,
  part: ImagePart,
  records: Int32Array,
  into: Minibatch,
): Promise<Minibatch> {
  async function* rows(): AsyncGenerator<number> {
    yield* records.keys();
  }
  await eachConcurrently(rows(), Math.min(IN_WORK, records.length), async (row) => {
    const pixels = takeImage(set);
    await part.read(records[row] as number, pixels);
    cutRow(set, pixels, row, into);
    giveBack(set, pixels);
  });
  return into;
}

/** Which rectangle of its image a row is made of, and how. */
export interface RowPlace {
  readonly kind: Augmentation['kind'];
  readonly place: Place;
}

/** The places of a minibatch's rows; empty unless they are cut otherwise than by `windows`, and
 *  always the same memory for one minibatch. */
export function placesOf(minibatch: Minibatch): RowPlace[] {
  const places = rowPlaces.get(minibatch) ?? [];
  rowPlaces.set(minibatch, places);
  return places;
}

function cutRow({ form }: ImageSet, pixels: Uint8Array, row: number, into: Minibatch): void {
  const { windows, crops } = into;
  const drawn = rowPlaces.get(into)?.[row];
  if (drawn !== undefined) {
    cutPlace(form, pixels, row, into, drawn);
    return;
  }
  const top = windows[3 * row] as number;
  const left = windows[3 * row + 1] as number;
  const isMirrored = windows[3 * row + 2] === 1;
  const at = row * imageValues(into.form);
  copyCrop({ pixels, form, top, left, window: into.form, isMirrored, out: crops, at });
}

function cutPlace(
  form: ImageForm,
  pixels: Uint8Array,
  row: number,
  into: Minibatch,
  { kind, place }: RowPlace,
): void {
  const { windows, crops: out } = into;
  const isMirrored = windows[3 * row + 2] === 1;
  const at = row * imageValues(into.form);
  const cut = { pixels, form, window: into.form, isMirrored, out, at };
  if (kind === 'pad') copyPadded({ ...cut, top: place.top, left: place.left });
  else resample({ ...cut, place });
}

function takeImage(set: ImageSet): Uint8Array {
  return wholeImages.get(set)?.pop() ?? new Uint8Array(imageValues(set.form));
}

function giveBack(set: ImageSet, pixels: Uint8Array): void {
  const free = wholeImages.get(set);
  if (free === undefined) wholeImages.set(set, [pixels]);
  else free.push(pixels);
}
