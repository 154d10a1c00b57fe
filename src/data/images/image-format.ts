// What an encoded image is, recognised by its first bytes and headers. Nothing is decoded here.
import { DataError } from '../../base/errors.js';

/** Formats that can be decoded wherever sharp runs; which others it reads depends on how it was
 *  built. */
export type ImageFormat = 'JPEG' | 'PNG' | 'WebP';

type Start = readonly [name: string, hex: string, at?: number];

const starts: readonly Start[] = [
  ['JPEG', 'ffd8ff'],
  ['PNG', '89504e47'],
  ['WebP', '57454250', 8],
  ['GIF', '47494638'],
  ['BMP', '424d'],
  ['TIFF', '49492a00'],
  ['TIFF', '4d4d002a'],
  ...['69736f6d', '69736f32', '6d703431', '6d703432', '61766331', '4d345620', '71742020'].map(
    (brand): Start => ['an MP4 or QuickTime film', `66747970${brand}`, 4],
  ),
  ['HEIC or AVIF', '66747970', 4],
  ['JPEG 2000', '0000000c6a502020'],
  ['JPEG XL', 'ff0a'],
  ['PSD', '38425053'],
  ['PDF', '25504446'],
  ['zip', '504b0304'],
  ['gzip', '1f8b'],
  ['HTML or XML', '3c'],
];

/** The format of an image that can be decoded.
 *  @throws DataError with a short reason for everything else */
export function imageFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new DataError('the file is empty');
  const head = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  const [name] = starts.find(([, hex, at = 0]) => head.startsWith(hex, 2 * at)) ?? [];
  if (name === 'JPEG' || name === 'PNG' || name === 'WebP') return name;
  if (isLfsPointer(bytes)) {
    throw new DataError('a Git LFS pointer, not the image itself: git lfs pull fetches it');
  }
  const found = /^(00)+$/.test(head)
    ? 'it begins with zeros'
    : `it begins with bytes ${head.slice(0, 8)}`;
  throw new DataError(
    `not a JPEG, PNG or WebP image (${name === undefined ? found : `it looks like ${name}`})`,
  );
}

/** Whether a file is what Git LFS leaves in the place of one that was not fetched. */
export function isLfsPointer(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, LFS.length)).toString('latin1') === LFS;
}

const LFS = 'version https://git-lfs';

const extensions: Readonly<Record<string, ImageFormat>> = {
  jpg: 'JPEG',
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
};

/** What is unusual about an image that can still be used, for the report: a wrong name, CMYK, 16
 *  bits, transparency, animation.
 *  @throws DataError like {@link imageFormat} */
export function imageRemarks(bytes: Uint8Array, name: string): string[] {
  const format = imageFormat(bytes);
  const extension = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const named = extensions[extension];
  const remarks = named === format ? [] : [`a ${format} image that is not named so`];
  if (format === 'JPEG' && jpegComponents(bytes) === 4) remarks.push('CMYK, converted to RGB');
  if (format === 'PNG')
    remarks.push(...pngRemarks(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)));
  if (format === 'WebP' && String.fromCharCode(...bytes.subarray(12, 16)) === 'VP8X') {
    const flags = bytes[20] ?? 0;
    if (flags & 0x10) remarks.push('transparency, shown on white');
    if (flags & 0x02) remarks.push('animated, only its first frame is used');
  }
  return remarks;
}

/** Whether an image is stored without colour: a JPEG of one component, a PNG of colour type grey.
 *  (WebP has no grey.)
 *  @throws DataError like {@link imageFormat} */
export function isGreyImage(bytes: Uint8Array): boolean {
  const format = imageFormat(bytes);
  if (format === 'PNG') return bytes[25] === 0 || bytes[25] === 4;
  return format === 'JPEG' && jpegComponents(bytes) === 1;
}

// Walks the segments up to the frame header (SOF0..SOF15, except the tables DHT, JPG and DAC that
// lie between).
function jpegComponents(bytes: Uint8Array): number {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return bytes[at + 9] as number;
    at += marker === 0xff ? 1 : 2 + (bytes[at + 2] as number) * 256 + (bytes[at + 3] as number);
  }
  return 0;
}

// Chunks before the pixels: length, type, data, checksum.
function pngRemarks(bytes: Buffer): string[] {
  const remarks: string[] = [];
  if (bytes[24] === 16) remarks.push('16 bits a channel, reduced to 8');
  let isClear = bytes[25] === 4 || bytes[25] === 6;
  let isAnimated = false;
  for (let at = 8; at + 12 <= bytes.length;) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IDAT') break;
    isClear ||= type === 'tRNS';
    isAnimated ||= type === 'acTL';
    at += 12 + bytes.readUInt32BE(at);
  }
  if (isClear) remarks.push('transparency, shown on white');
  if (isAnimated) remarks.push('animated, only its first frame is used');
  return remarks;
}

/** Whether an image that fails to decode lacks the mark with which its format ends (false does not
 *  say that it is whole). */
export function isCutOff(bytes: Uint8Array, format: ImageFormat): boolean {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (format === 'WebP') return all.length < 12 || all.length < 8 + all.readUInt32LE(4);
  return !all.includes(format === 'JPEG' ? Buffer.from([0xff, 0xd9]) : 'IEND');
}
