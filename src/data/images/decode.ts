// One encoded image to pixels. Everything that changes pixels is here; a change of it must raise
// `DECODING`.
import sharp, { type Sharp } from 'sharp';
import { DataError } from '../../base/errors.js';
import { imageFormat, isCutOff, isGreyImage } from './image-format.js';
import type { Channels } from '../image-set.js';

/** Version of the decoding rules; part of every manifest hash. */
export const DECODING = 1;

/** Channels of decoded images where the source does not say otherwise: colour, also for grey files,
 *  so that one data set has one shape. */
export const CHANNELS = 3;

/** How images become square: `warp` stretches to size x size, aspect ratio not kept, as the paper
 *  did; `crop` brings the shorter side to `size` and keeps the centre. */
export type Resize = 'warp' | 'crop';

/** Quality of recompressed records, without chroma subsampling. */
export const JPEG_QUALITY = 95;

/** Decodes JPEG, PNG or WebP (told from its bytes, not its name) to RGB, or to grey, and makes it
 *  size x size. Kernel Lanczos with 3 lobes, widened when shrinking so that nothing aliases (after
 *  the decoder's own halving of far larger JPEG and WebP images, which is much faster); images of
 *  the right size are not resampled. Grey, CMYK and 16-bit images become 8-bit sRGB; transparency
 *  is shown on white; only the first frame of an animation is used; EXIF orientation is ignored (as
 *  Caffe and torchvision do).
 *  @param into u8 [channels,size,size], filled from its start
 *  @param channels 1: colour images are refused
 *  @throws DataError with a short reason if the bytes are no such image, damaged or cut off */
export async function decodeInto(
  bytes: Uint8Array,
  size: number,
  into: Uint8Array,
  { resize = 'warp', channels = CHANNELS }: { resize?: Resize; channels?: Channels } = {},
): Promise<void> {
  toPlanes(await decodeInterleaved(bytes, size, resize, channels), channels, into);
}

/** The same pixels as {@link decodeInto} gives, channels interleaved: for who puts the planes
 *  elsewhere with {@link toPlanes}.
 *  @returns u8 [size,size,channels]
 *  @throws DataError likewise */
export async function decodeInterleaved(
  bytes: Uint8Array,
  size: number,
  resize: Resize,
  channels: Channels,
): Promise<Uint8Array> {
  const square = decoded(bytes, size, resize, channels).raw({ depth: 'uchar' });
  const pixels = await rendered(square, bytes);
  if (pixels.length === channels * size * size) return pixels;
  throw new DataError(`decoded to ${pixels.length} bytes, wanted ${channels * size * size}`);
}

/** The same image as {@link decodeInto} gives, compressed again as a JPEG of quality {@link
 *  JPEG_QUALITY}.
 *  @throws DataError likewise */
export async function recompressImage(
  bytes: Uint8Array,
  size: number,
  resize: Resize,
  channels: Channels = CHANNELS,
): Promise<Uint8Array> {
  return rendered(asJpeg(decoded(bytes, size, resize, channels)), bytes);
}

function decoded(bytes: Uint8Array, size: number, resize: Resize, channels: Channels): Sharp {
  const format = imageFormat(bytes); // refuses what is no image before sharp does
  if (channels === 1 && !isGreyImage(bytes)) {
    throw new DataError('a colour image in a set of grey ones');
  }
  // failOn 'error': cut-off files fail; what a decoder gets over (stray bytes, bad EXIF: common in
  // ImageNet) does not.
  const square = squared(sharp(bytes, { failOn: 'error' }), size, resize, channels);
  // A JPEG has no transparency, and parsing the colour takes a noticeable part of the time of a
  // small image.
  return format === 'JPEG' ? square : square.flatten({ background: '#ffffff' });
}

/** The steps from an opened image to a square one of 8 bits a channel, grey or sRGB. */
export function squared(image: Sharp, size: number, resize: Resize, channels: Channels): Sharp {
  return image
    .resize(size, size, { fit: resize === 'warp' ? 'fill' : 'cover', kernel: 'lanczos3' })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb');
}

/** An image as a JPEG of quality {@link JPEG_QUALITY}. */
export function asJpeg(image: Sharp): Sharp {
  return image.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' });
}

async function rendered(image: Sharp, bytes: Uint8Array): Promise<Uint8Array> {
  const format = imageFormat(bytes);
  try {
    return await image.toBuffer();
  } catch (cause) {
    const message = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
    if (message?.includes('exceeds pixel limit')) {
      throw new DataError(`${format} image of more than 268 million pixels`, { cause });
    }
    // libvips has one error text for all threads: it may speak of another image, so it is not
    // repeated here.
    const detail = isCutOff(bytes, format) ? ' (its end is missing)' : '';
    throw new DataError(`damaged or cut off ${format} image${detail}`, { cause });
  }
}

/** Lets sharp decode many small images at once instead of one image with many threads.
 *  Process-wide. */
export function prepareDecoder(): void {
  sharp.concurrency(1);
  sharp.cache(false);
}

/** Puts channels one after another: planes[c * P + p] = interleaved[C * p + c].
 *  @param interleaved u8 [P,C]   @param planes u8 [C,P], overwritten */
export function toPlanes(interleaved: Uint8Array, channels: Channels, planes: Uint8Array): void {
  if (channels === 1) {
    planes.set(interleaved);
    return;
  }
  const pixels = interleaved.length / CHANNELS;
  for (let at = 0, from = 0; at < pixels; at++, from += CHANNELS) {
    planes[at] = interleaved[from] as number;
    planes[at + pixels] = interleaved[from + 1] as number;
    planes[at + 2 * pixels] = interleaved[from + 2] as number;
  }
}
