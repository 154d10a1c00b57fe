// From what a source hands out, an encoded image or pixels, to the record that a store keeps of it.
import { createHash, hash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { DataError } from '../../base/errors.js';
import {
  asJpeg,
  CHANNELS,
  decoded,
  type DecodedForm,
  decodedPixels,
  type DecodingStep,
  recompressed,
  toPlanes,
} from './decode.js';
import { type Channels, formText, imageValues, isSameForm, type PixelForm } from '../image-form.js';
import { interleaved } from './interleaved.js';
import { isEnlarged, resized } from './resize.js';
import type { ImageSource, SourceFile } from '../source.js';

/** What the records of a store are. */
export interface RecordForm extends DecodedForm {
  readonly records: 'raw' | 'jpeg';
}

// Far beyond any input size of today; a guard against typing errors.
const LARGEST_SIDE = 4096;

/** @throws DataError unless `size` is a height and width that images can be brought to */
export function refuseSize(size: number): void {
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_SIDE) {
    throw new DataError(`image size is ${size}: wanted an integer from 1 to ${LARGEST_SIDE}`);
  }
}

// The channels that all sources of a data set have. @throws DataError if they differ, or a source
// is damaged
async function commonChannels(sources: readonly ImageSource[]): Promise<Channels> {
  let first: { readonly path: string; readonly channels: Channels } | null = null;
  for (const source of sources) {
    const channels = (await source.channels?.()) ?? CHANNELS;
    first ??= { path: source.path, channels };
    if (channels === first.channels) continue;
    const say = (each: Channels) => (each === 1 ? 'grey (1 channel)' : 'colour (3 channels)');
    throw new DataError(
      `the images of ${first.path} are ${say(first.channels)}, those of ${source.path} ${say(channels)}`,
      { hint: 'The sources of one data set must have the same number of channels.' },
    );
  }
  return first?.channels ?? CHANNELS;
}

/** The form of records of `size` pixels: of the channels that are asked for, or that the sources
 *  have.
 *  @throws DataError as the sources' `channels` do, or if they differ */
export async function recordForm(
  { size, channels }: { readonly size: number; readonly channels?: Channels },
  sources: readonly ImageSource[],
  how: Pick<RecordForm, 'resize' | 'records'>,
): Promise<RecordForm> {
  const sides = { height: size, width: size };
  return channels === undefined
    ? { channels: await commonChannels(sources), ...sides, ...how }
    : { channels, ...sides, ...how, isConverting: true };
}

/** SHA-256 of a file's bytes as hex; of pixels with "u8 CxHxW\n" before them, since their bytes
 *  alone do not say their shape. */
export function contentSha256({ pixels }: SourceFile, bytes: Uint8Array): string {
  if (pixels === undefined) return hash('sha256', bytes);
  return createHash('sha256')
    .update(`u8 ${formText(pixels)}\n`)
    .update(bytes)
    .digest('hex');
}

/** A record except for the order of its pixels, so that the caller can put it straight to its
 *  place. */
export interface Rendering {
  /** u8 [H,W,C] if `isInterleaved`, else the record's bytes. */
  readonly data: Uint8Array;
  readonly isInterleaved: boolean;
  readonly steps: readonly DecodingStep[];
}

/** Writes a rendering as a record. @param into as long as the rendering's data */
export function putRecord(
  { data, isInterleaved }: Rendering,
  channels: Channels,
  into: Uint8Array,
): void {
  if (isInterleaved) toPlanes(data, channels, into);
  else into.set(data);
}

/** The record of a file, see {@link renderRecord}.
 *  @returns u8 [C,H,W], or a JPEG file
 *  @throws DataError (rejects) as {@link renderRecord} does */
export async function makeRecord(
  file: SourceFile,
  bytes: Uint8Array,
  form: RecordForm,
): Promise<Uint8Array> {
  const rendering = await renderRecord(file, bytes, form);
  if (!rendering.isInterleaved) return rendering.data;
  const record = new Uint8Array(rendering.data.length);
  putRecord(rendering, form.channels, record);
  return record;
}

/** Makes a file's record: encoded images are decoded, pixels resized by the same rules, or taken as
 *  they are where they have the form.
 *  @param bytes what the file's `read` gave
 *  @throws DataError with a short reason if the bytes are not what the file says, damaged or cut
 *  off */
export async function renderRecord(
  { pixels: shape }: SourceFile,
  bytes: Uint8Array,
  form: RecordForm,
): Promise<Rendering> {
  if (shape === undefined) {
    const { image, steps } = await decoded(bytes, form);
    return form.records === 'raw'
      ? asInterleaved(await decodedPixels(image, bytes, form), steps)
      : asRecord(await recompressed(image, bytes), steps);
  }
  refuseShape(shape, bytes, form);
  if (isSameForm(shape, form) && form.records === 'raw') return asRecord(bytes);
  const steps: DecodingStep[] = isEnlarged(shape, form) ? ['enlarged'] : [];
  const image = await resized(opened(bytes, shape), shape, form);
  return form.records === 'jpeg'
    ? asRecord(await asJpeg(image).toBuffer(), steps)
    : asInterleaved(await image.raw({ depth: 'uchar' }).toBuffer(), steps);
}

function asInterleaved(data: Uint8Array, steps: readonly DecodingStep[]): Rendering {
  return { data, isInterleaved: true, steps };
}

function asRecord(data: Uint8Array, steps: readonly DecodingStep[] = []): Rendering {
  return { data, isInterleaved: false, steps };
}

function refuseShape(shape: PixelForm, bytes: Uint8Array, form: DecodedForm): void {
  const { channels, isConverting = false } = form;
  if ((isConverting || shape.channels === channels) && bytes.length === imageValues(shape)) return;
  throw new DataError(
    `${bytes.length} bytes of pixels said to be ${formText(shape)}, wanted ${channels} channels`,
  );
}

function opened(planes: Uint8Array, { channels, height, width }: PixelForm): Sharp {
  return sharp(interleaved(planes, channels), { raw: { width, height, channels } });
}
