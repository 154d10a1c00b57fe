// One encoded image to pixels. Everything that changes pixels is here; a change of it must raise
// `PIXEL_RULES`.
import sharp, { type Sharp } from 'sharp';
import { DataError } from '../../base/errors.js';
import { type Channels, type Extent, imageValues, type PixelForm } from '../image-form.js';
import { imageFormat, imageHeader, isCutOff, isGreyImage } from './image-format.js';
import { openPnm } from './pnm.js';
import { isEnlarged, type Resize, resized } from './resize.js';

/** Version of what every data set's identity says about decoding. Later rules that touch only some
 *  images stand with those, see {@link DecodingStep}. */
export const DECODING = 1;

/** Version of all rules that change pixels: what is decoded by others is not used again. */
export const PIXEL_RULES = 2;

/** Channels of decoded images where the source does not say otherwise: colour, also for grey files,
 *  so that one data set has one shape. */
export const CHANNELS = 3;

/** Quality of recompressed records, without chroma subsampling. */
export const JPEG_QUALITY = 95;

/** What an encoded image becomes. */
export interface DecodedForm extends PixelForm {
  readonly resize: Resize;
  /** Whether images of other channels are converted, not refused. */
  readonly isConverting?: boolean;
}

/** What was done to an image that was not done to those like it before version 2 of the rules:
 *  `turned` upright by its EXIF orientation, `enlarged` with pixel centres aligned. */
export type DecodingStep = 'turned' | 'enlarged';

/** An image on its way to pixels. */
export interface Decoding {
  readonly image: Sharp;
  readonly steps: readonly DecodingStep[];
}

/** Decodes an image (recognised by its bytes, not its name) to RGB, or to grey, and brings it to
 *  the form's height and width, see {@link resized} (far larger JPEG and WebP images are halved by
 *  their own decoders first, which is much faster); images of the right size are not resampled.
 *  Pictures are turned upright by their EXIF orientation; a colour profile is applied; grey, CMYK
 *  and 16-bit images become 8-bit sRGB; transparency is shown on white; only the first frame of an
 *  animation is used. A form of 1 channel refuses colour images unless it is converting.
 *  @param into u8 [C,H,W], filled from its start
 *  @throws DataError (rejects) with a short reason if the bytes are not such an image, damaged or
 *  cut off */
export async function decodeInto(
  bytes: Uint8Array,
  form: DecodedForm,
  into: Uint8Array,
): Promise<void> {
  const { image } = await decoded(bytes, form);
  toPlanes(await decodedPixels(image, bytes, form), form.channels, into);
}

/** The pixels of {@link decoded} with interleaved channels: for callers that put the planes
 *  elsewhere with {@link toPlanes}.
 *  @returns u8 [H,W,C]
 *  @throws DataError (rejects) as {@link decodeInto} does */
export async function decodedPixels(
  image: Sharp,
  bytes: Uint8Array,
  form: DecodedForm,
): Promise<Uint8Array> {
  const pixels = await guarded(bytes, () => image.raw({ depth: 'uchar' }).toBuffer());
  if (pixels.length === imageValues(form)) return pixels;
  throw new DataError(`decoded to ${pixels.length} bytes, wanted ${imageValues(form)}`);
}

/** The image of {@link decoded}, compressed again as a JPEG of quality {@link JPEG_QUALITY}.
 *  @throws DataError (rejects) as {@link decodeInto} does */
export async function recompressed(image: Sharp, bytes: Uint8Array): Promise<Uint8Array> {
  return guarded(bytes, () => asJpeg(image).toBuffer());
}

/** Opens an encoded image and brings it to a form; its pixels are only computed when asked for.
 *  @throws DataError (rejects) as {@link decodeInto} does */
export async function decoded(bytes: Uint8Array, form: DecodedForm): Promise<Decoding> {
  const format = imageFormat(bytes); // refuses what is not an image before sharp does
  if (form.channels === 1 && form.isConverting !== true && !isGreyImage(bytes)) {
    throw new DataError('a colour image in a set of grey ones');
  }
  return guarded(bytes, async () => {
    // failOn 'error': cut-off files fail; what a decoder gets over (stray bytes, bad EXIF: common
    // in ImageNet) does not.
    const opened =
      format === 'PNM' ? openPnm(bytes) : sharp(bytes, { failOn: 'error', autoOrient: true });
    const { extent, isTurned } = await uprightExtent(bytes, opened);
    // A JPEG has no transparency, and parsing the colour takes a noticeable part of the time of a
    // small image.
    const whole = format === 'JPEG' ? opened : opened.flatten({ background: '#ffffff' });
    const steps: DecodingStep[] = isTurned ? ['turned'] : [];
    if (isEnlarged(extent, form)) steps.push('enlarged');
    return { image: await resized(whole, extent, form), steps };
  });
}

// The decoder is asked only where the header does not say all.
async function uprightExtent(
  bytes: Uint8Array,
  opened: Sharp,
): Promise<{ extent: Extent; isTurned: boolean }> {
  const header = imageHeader(bytes);
  if (header !== null && !header.hasExif && header.height > 0 && header.width > 0) {
    return { extent: header, isTurned: false };
  }
  const { autoOrient, orientation = 1 } = await opened.metadata();
  return { extent: autoOrient, isTurned: orientation > 1 };
}

/** An image as a JPEG of quality {@link JPEG_QUALITY}. */
export function asJpeg(image: Sharp): Sharp {
  return image.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' });
}

async function guarded<T>(bytes: Uint8Array, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const format = imageFormat(bytes);
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
