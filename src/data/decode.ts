// One encoded image to pixels. Everything that changes pixels is here; a change of it must raise `DECODING`.
import sharp from 'sharp';
import { DataError } from '../base/errors.js';

/** Version of the decoding rules; part of every manifest hash. */
export const DECODING = 1;

/** Channels of decoded images: colour, also for grey sources, so that one data set has one shape. */
export const CHANNELS = 3;

/** Decodes JPEG, PNG or WebP (told from its bytes, not its name) to RGB and warps it to size x size: aspect ratio not kept, as the
 *  paper did. Kernel Lanczos with 3 lobes, widened when shrinking so that nothing aliases (after the decoder's own halving of far
 *  larger JPEG and WebP images, which is much faster); images of the right size are not
 *  resampled. Grey, CMYK and 16-bit images become 8-bit sRGB; transparency is shown on white; only the first frame of an
 *  animation is used; EXIF orientation is ignored (as Caffe and torchvision do).
 *  @returns u8 [3,size,size]
 *  @throws DataError with a short reason if the bytes are no such image, damaged or cut off */
export async function decodeImage(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const format = formatOf(bytes);
  return planar(await toRgb(bytes, format, size), size * size);
}

async function toRgb(bytes: Uint8Array, format: string, size: number): Promise<Uint8Array> {
  try {
    // failOn 'error': cut-off files fail; what a decoder gets over (stray bytes, bad EXIF: common in ImageNet) does not.
    return await sharp(bytes, { failOn: 'error' })
      .resize(size, size, { fit: 'fill', kernel: 'lanczos3' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
  } catch (cause) {
    const message = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
    // libvips has one error text for all threads: another image's success can wipe it.
    const detail = message === 'Unknown error' ? '' : ` (${message})`;
    throw new DataError(`damaged or cut off ${format} image${detail}`, { cause });
  }
}

/** Lets sharp decode many small images at once instead of one image with many threads. Process-wide. */
export function prepareDecoder(): void {
  sharp.concurrency(1);
  sharp.cache(false);
}

function planar(interleaved: Uint8Array, pixels: number): Uint8Array {
  if (interleaved.length !== CHANNELS * pixels) {
    throw new DataError(`decoded to ${interleaved.length} bytes, wanted ${CHANNELS * pixels}`);
  }
  const planes = new Uint8Array(CHANNELS * pixels);
  for (let at = 0, from = 0; at < pixels; at++, from += CHANNELS) {
    planes[at] = interleaved[from] as number;
    planes[at + pixels] = interleaved[from + 1] as number;
    planes[at + 2 * pixels] = interleaved[from + 2] as number;
  }
  return planes;
}

const JPEG = [0xff, 0xd8, 0xff];
const PNG = [0x89, 0x50, 0x4e, 0x47];
const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];

// Which other formats sharp can read depends on how it was built; these three are always there.
function formatOf(bytes: Uint8Array): 'JPEG' | 'PNG' | 'WebP' {
  const has = (magic: readonly number[], at = 0) =>
    magic.every((byte, index) => bytes[at + index] === byte);
  if (has(JPEG)) return 'JPEG';
  if (has(PNG)) return 'PNG';
  if (has(RIFF) && has(WEBP, 8)) return 'WebP';
  if (bytes.length === 0) throw new DataError('the file is empty');
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  throw new DataError(`not a JPEG, PNG or WebP image (it begins with bytes ${start})`);
}
