// One encoded image to pixels. Everything that changes pixels is here; a change of it must raise
// `DECODING`.
import sharp, { type Sharp } from 'sharp';
import { DataError } from '../../base/errors.js';
import { imageFormat, isCutOff, isGreyImage } from './image-format.js';
import { type Channels, imageValues, type PixelForm } from '../image-form.js';

/** Version of the decoding rules; part of every manifest hash. */
export const DECODING = 1;

/** Channels of decoded images where the source does not say otherwise: colour, also for grey files,
 *  so that one data set has one shape. */
export const CHANNELS = 3;

/** How images get their form: `warp` stretches to height x width, aspect ratio not kept, as the
 *  paper did; `crop` scales until one side fits, the other not being shorter, and keeps the
 *  centre. */
export type Resize = 'warp' | 'crop';

/** Quality of recompressed records, without chroma subsampling. */
export const JPEG_QUALITY = 95;

/** What an encoded image becomes. */
export interface DecodedForm extends PixelForm {
  readonly resize: Resize;
}

/** Decodes JPEG, PNG or WebP (recognised by its bytes, not its name) to RGB, or to grey, and brings
 *  it to the form's height and width. Kernel Lanczos with 3 lobes, widened when shrinking so that
 *  nothing aliases (after the decoder's own halving of far larger JPEG and WebP images, which is
 *  much faster); images of the right size are not resampled. Grey, CMYK and 16-bit images become
 *  8-bit sRGB; transparency is shown on white; only the first frame of an animation is used; EXIF
 *  orientation is ignored (as Caffe and torchvision do). A form of 1 channel refuses colour images.
 *  @param into u8 [C,H,W], filled from its start
 *  @throws DataError (rejects) with a short reason if the bytes are not such an image, damaged or
 *  cut off */
export async function decodeInto(
  bytes: Uint8Array,
  form: DecodedForm,
  into: Uint8Array,
): Promise<void> {
  toPlanes(await decodeInterleaved(bytes, form), form.channels, into);
}

/** The pixels of {@link decodeInto} with interleaved channels: for callers that put the planes
 *  elsewhere with {@link toPlanes}.
 *  @returns u8 [H,W,C]
 *  @throws DataError (rejects) as {@link decodeInto} does */
export async function decodeInterleaved(bytes: Uint8Array, form: DecodedForm): Promise<Uint8Array> {
  const pixels = await rendered(decoded(bytes, form).raw({ depth: 'uchar' }), bytes);
  if (pixels.length === imageValues(form)) return pixels;
  throw new DataError(`decoded to ${pixels.length} bytes, wanted ${imageValues(form)}`);
}

/** The image of {@link decodeInto}, compressed again as a JPEG of quality {@link JPEG_QUALITY}.
 *  @throws DataError (rejects) as {@link decodeInto} does */
export async function recompressImage(bytes: Uint8Array, form: DecodedForm): Promise<Uint8Array> {
  return rendered(asJpeg(decoded(bytes, form)), bytes);
}

function decoded(bytes: Uint8Array, form: DecodedForm): Sharp {
  const format = imageFormat(bytes); // refuses what is not an image before sharp does
  if (form.channels === 1 && !isGreyImage(bytes)) {
    throw new DataError('a colour image in a set of grey ones');
  }
  // failOn 'error': cut-off files fail; what a decoder gets over (stray bytes, bad EXIF: common in
  // ImageNet) does not.
  const image = shaped(sharp(bytes, { failOn: 'error' }), form);
  // A JPEG has no transparency, and parsing the colour takes a noticeable part of the time of a
  // small image.
  return format === 'JPEG' ? image : image.flatten({ background: '#ffffff' });
}

/** The steps from an opened image to one of a form, 8 bits a channel, grey or sRGB. */
export function shaped(image: Sharp, { channels, height, width, resize }: DecodedForm): Sharp {
  return image
    .resize(width, height, { fit: resize === 'warp' ? 'fill' : 'cover', kernel: 'lanczos3' })
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
