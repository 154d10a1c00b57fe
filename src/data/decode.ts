// One encoded image to pixels. Everything that changes pixels is here; a change of it must raise `DECODING`.
import sharp, { type Sharp } from 'sharp';
import { DataError } from '../base/errors.js';
import { imageFormat, isCutOff } from './image-format.js';

/** Version of the decoding rules; part of every manifest hash. */
export const DECODING = 1;

/** Channels of decoded images: colour, also for grey sources, so that one data set has one shape. */
export const CHANNELS = 3;

/** How images become square: `warp` stretches to size x size, aspect ratio not kept, as the paper did; `crop` brings the shorter
 *  side to `size` and keeps the centre. */
export type Resize = 'warp' | 'crop';

/** Quality of recompressed records, without chroma subsampling. */
export const JPEG_QUALITY = 95;

/** Decodes JPEG, PNG or WebP (told from its bytes, not its name) to RGB and makes it size x size.
 *  Kernel Lanczos with 3 lobes, widened when shrinking so that nothing aliases (after the decoder's own halving of far
 *  larger JPEG and WebP images, which is much faster); images of the right size are not
 *  resampled. Grey, CMYK and 16-bit images become 8-bit sRGB; transparency is shown on white; only the first frame of an
 *  animation is used; EXIF orientation is ignored (as Caffe and torchvision do).
 *  @returns u8 [3,size,size]
 *  @throws DataError with a short reason if the bytes are no such image, damaged or cut off */
export async function decodeImage(
  bytes: Uint8Array,
  size: number,
  resize: Resize = 'warp',
): Promise<Uint8Array> {
  const interleaved = await decodeInterleaved(bytes, size, resize);
  const planes = new Uint8Array(interleaved.length);
  toPlanes(interleaved, planes);
  return planes;
}

/** The same pixels as {@link decodeImage} gives, channels interleaved: for who puts the planes elsewhere with {@link toPlanes}.
 *  @returns u8 [size,size,3]   @throws DataError likewise */
export async function decodeInterleaved(
  bytes: Uint8Array,
  size: number,
  resize: Resize,
): Promise<Uint8Array> {
  const square = squareRgb(bytes, size, resize).raw({ depth: 'uchar' });
  const pixels = await rendered(square, bytes);
  if (pixels.length === CHANNELS * size * size) return pixels;
  throw new DataError(`decoded to ${pixels.length} bytes, wanted ${CHANNELS * size * size}`);
}

/** The same image as {@link decodeImage} gives, compressed again as a JPEG of quality {@link JPEG_QUALITY}. @throws DataError likewise */
export async function recompressImage(
  bytes: Uint8Array,
  size: number,
  resize: Resize,
): Promise<Uint8Array> {
  const quality = { quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' };
  return rendered(squareRgb(bytes, size, resize).jpeg(quality), bytes);
}

function squareRgb(bytes: Uint8Array, size: number, resize: Resize): Sharp {
  const format = imageFormat(bytes); // refuses what is no image before sharp does
  // failOn 'error': cut-off files fail; what a decoder gets over (stray bytes, bad EXIF: common in ImageNet) does not.
  const square = sharp(bytes, { failOn: 'error' })
    .resize(size, size, { fit: resize === 'warp' ? 'fill' : 'cover', kernel: 'lanczos3' })
    .toColourspace('srgb');
  // A JPEG has no transparency, and parsing the colour takes a noticeable part of the time of a small image.
  return format === 'JPEG' ? square : square.flatten({ background: '#ffffff' });
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
    // libvips has one error text for all threads: it may speak of another image, so it is not repeated here.
    const detail = isCutOff(bytes, format) ? ' (its end is missing)' : '';
    throw new DataError(`damaged or cut off ${format} image${detail}`, { cause });
  }
}

/** Lets sharp decode many small images at once instead of one image with many threads. Process-wide. */
export function prepareDecoder(): void {
  sharp.concurrency(1);
  sharp.cache(false);
}

/** Puts channels one after another: planes[c * P + p] = interleaved[C * p + c].
 *  @param interleaved u8 [P,C]   @param planes u8 [C,P], overwritten */
export function toPlanes(interleaved: Uint8Array, planes: Uint8Array): void {
  const pixels = interleaved.length / CHANNELS;
  for (let at = 0, from = 0; at < pixels; at++, from += CHANNELS) {
    planes[at] = interleaved[from] as number;
    planes[at + pixels] = interleaved[from + 1] as number;
    planes[at + 2 * pixels] = interleaved[from + 2] as number;
  }
}
