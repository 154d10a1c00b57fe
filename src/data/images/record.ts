// From what a source hands out, an encoded image or pixels, to the record that a store keeps of it.
import { createHash, hash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { DataError } from '../../base/errors.js';
import {
  asJpeg,
  CHANNELS,
  decodeInterleaved,
  recompressImage,
  type Resize,
  squared,
  toPlanes,
} from './decode.js';
import type { Channels } from '../image-set.js';
import { interleaved } from './interleaved.js';
import type { ImageSource, PixelShape, SourceFile } from '../source.js';

/** What the records of a store are. */
export interface RecordForm {
  readonly channels: Channels;
  /** Height = width in pixels. */
  readonly size: number;
  readonly resize: Resize;
  readonly records: 'raw' | 'jpeg';
}

/** The channels that all sources of a data set have.
 *  @throws DataError if they differ, or a source is damaged */
export async function commonChannels(sources: readonly ImageSource[]): Promise<Channels> {
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

/** SHA-256 of a file's bytes as hex; of pixels with "u8 CxHxW\n" before them, since their bytes
 *  alone do not say their shape. */
export function contentSha256({ pixels }: SourceFile, bytes: Uint8Array): string {
  if (pixels === undefined) return hash('sha256', bytes);
  return createHash('sha256')
    .update(`u8 ${shapeText(pixels)}\n`)
    .update(bytes)
    .digest('hex');
}

/** A record but for the order of its pixels, so that whoever keeps it puts it straight to its
 *  place. */
export interface Rendering {
  /** u8 [size,size,channels] if `isInterleaved`, else the record's bytes. */
  readonly data: Uint8Array;
  readonly isInterleaved: boolean;
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
 *  @returns u8 [channels,size,size], or a JPEG file
 *  @throws DataError likewise */
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
 *  they are where they have the size.
 *  @param bytes what the file's `read` gave
 *  @throws DataError with a short reason if the bytes are not what the file says, damaged or cut
 *  off */
export async function renderRecord(
  { pixels: shape }: SourceFile,
  bytes: Uint8Array,
  form: RecordForm,
): Promise<Rendering> {
  const { channels, size, resize, records } = form;
  if (shape === undefined) {
    return records === 'raw'
      ? asInterleaved(await decodeInterleaved(bytes, size, resize, channels))
      : asRecord(await recompressImage(bytes, size, resize, channels));
  }
  refuseShape(shape, bytes, channels);
  const isSized = shape.height === size && shape.width === size;
  if (isSized && records === 'raw') return asRecord(bytes);
  const square = squared(opened(bytes, shape), size, resize, channels);
  return records === 'jpeg'
    ? asRecord(await asJpeg(square).toBuffer())
    : asInterleaved(await square.raw({ depth: 'uchar' }).toBuffer());
}

function asInterleaved(data: Uint8Array): Rendering {
  return { data, isInterleaved: true };
}

function asRecord(data: Uint8Array): Rendering {
  return { data, isInterleaved: false };
}

function refuseShape(shape: PixelShape, bytes: Uint8Array, channels: Channels): void {
  const wanted = shape.channels * shape.height * shape.width;
  if (shape.channels === channels && bytes.length === wanted) return;
  throw new DataError(
    `${bytes.length} bytes of pixels said to be ${shapeText(shape)}, wanted ${channels} channels`,
  );
}

function opened(planes: Uint8Array, { channels, height, width }: PixelShape): Sharp {
  return sharp(interleaved(planes, channels), { raw: { width, height, channels } });
}

function shapeText({ channels, height, width }: PixelShape): string {
  return `${channels}x${height}x${width}`;
}
