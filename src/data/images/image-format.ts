// What an encoded image is, recognised by its first bytes and headers. Nothing is decoded here.
import { DataError } from '../../base/errors.js';
import { type HeaderFacts, jpegHeader, pngChunks, pngHeader, webpFlags } from './headers.js';
import { pnmHeader } from './pnm.js';

/** What is known of one format that can be decoded. */
interface FormatRule {
  /** How its files are named, the usual ending first. */
  readonly extensions: readonly [string, ...string[]];
  /** What its header says; null if that is left to the decoder. */
  header(bytes: Uint8Array): HeaderFacts | null;
  /** What is unusual about an image that can still be used. */
  remarks(bytes: Uint8Array): string[];
  /** Whether its end is missing, if the format has a mark there. */
  isCutOff?(bytes: Buffer): boolean;
}

/** Formats that can be decoded wherever sharp runs, and portable pixel maps. */
export type ImageFormat = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'TIFF' | 'AVIF' | 'PNM';

const formats: Readonly<Record<ImageFormat, FormatRule>> = {
  JPEG: {
    extensions: ['jpg', 'jpeg', 'jpe', 'jfif'],
    header: jpegHeader,
    remarks: (bytes) => (jpegHeader(bytes)?.isCmyk ? ['CMYK, converted to RGB'] : []),
    isCutOff: (bytes) => !bytes.includes(Buffer.from([0xff, 0xd9])),
  },
  PNG: {
    extensions: ['png'],
    header: pngHeader,
    remarks: pngRemarks,
    isCutOff: (bytes) => !bytes.includes('IEND'),
  },
  WebP: {
    extensions: ['webp'],
    header: () => null,
    remarks: (bytes) => [
      ...(webpFlags(bytes) & 0x10 ? [CLEAR] : []),
      ...(webpFlags(bytes) & 0x02 ? [ANIMATED] : []),
      ...(webpFlags(bytes) & 0x20 ? [PROFILE] : []),
    ],
    isCutOff: (bytes) => bytes.length < 12 || bytes.length < 8 + bytes.readUInt32LE(4),
  },
  GIF: { extensions: ['gif'], header: () => null, remarks: () => [] },
  TIFF: { extensions: ['tif', 'tiff'], header: () => null, remarks: () => [] },
  AVIF: { extensions: ['avif'], header: () => null, remarks: () => [] },
  PNM: { extensions: ['ppm', 'pgm', 'pnm'], header: pnmHeader, remarks: () => [] },
};

const CLEAR = 'transparency, shown on white';
const PROFILE = 'a colour profile, converted to sRGB';
const ANIMATED = 'animated, only its first frame is used';

/** The usual ending of a format's file names, without a dot. */
export function usualExtension(format: ImageFormat): string {
  return formats[format].extensions[0];
}

/** Whether a name ends as those of images do, also of formats that cannot be read. */
export function hasImageName(name: string): boolean {
  const extension = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const known = Object.values(formats).some(({ extensions }) => extensions.includes(extension));
  return known || ['heic', 'heif', 'bmp', 'jxl', 'jp2'].includes(extension);
}

/** All formats, as sentences name them. */
export const formatNames = 'JPEG, PNG, WebP, GIF, TIFF, AVIF or PPM';

const starts: readonly (readonly [name: ImageFormat, hex: string, at?: number])[] = [
  ['JPEG', 'ffd8ff'],
  ['PNG', '89504e47'],
  ['WebP', '57454250', 8],
  ['GIF', '47494638'],
  ['TIFF', '49492a00'],
  ['TIFF', '4d4d002a'],
  ['TIFF', '49492b00'],
  ['TIFF', '4d4d002b'],
  ['PNM', '5035'],
  ['PNM', '5036'],
];

const CONVERT = 'convert it to PNG or JPEG';
// What people keep beside images or take for some, and what to do about it.
const others: readonly (readonly [name: string, hex: string, at?: number])[] = [
  [`BMP: ${CONVERT}, for example magick mogrify -format png *.bmp`, '424d'],
  ['a text form of PPM or PGM: ' + CONVERT, '5032'],
  ['a text form of PPM or PGM: ' + CONVERT, '5033'],
  [`JPEG 2000: ${CONVERT}`, '0000000c6a502020'],
  [`JPEG XL: ${CONVERT}`, 'ff0a'],
  [`JPEG XL: ${CONVERT}`, '0000000c4a584c20'],
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
  const head = Buffer.from(bytes.subarray(0, 32)).toString('hex');
  const named = <T>(list: readonly (readonly [T, string, number?])[]) =>
    list.find(([, hex, at = 0]) => head.startsWith(hex, 2 * at))?.[0];
  const box = boxFormat(Buffer.from(bytes.subarray(0, 32)));
  const format = named(starts) ?? (box === 'AVIF' ? box : undefined);
  if (format !== undefined) return format;
  if (isLfsPointer(bytes)) {
    throw new DataError('a Git LFS pointer, not the image itself: git lfs pull fetches it');
  }
  const begins = /^(00)+$/.test(head)
    ? 'it begins with zeros'
    : `it begins with bytes ${head.slice(0, 8)}`;
  const looks = box ?? named(others);
  throw new DataError(
    `not an image that can be read (${looks === undefined ? begins : `it looks like ${looks}`})`,
  );
}

/** Whether a file is what Git LFS leaves in the place of one that was not fetched. */
export function isLfsPointer(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, LFS.length)).toString('latin1') === LFS;
}

const LFS = 'version https://git-lfs';

// ISO base media files: bytes 4 to 7 are "ftyp", then the major brand and, from byte 16, others.
function boxFormat(head: Buffer): string | undefined {
  if (head.toString('latin1', 4, 8) !== 'ftyp') return undefined;
  const brands = head.toString('latin1', 8);
  if (/avi[fs]/.test(brands)) return 'AVIF';
  if (/^(hei|hev|mif1|msf1)/.test(brands)) {
    return `HEIC: ${CONVERT}, for example heif-convert or magick mogrify -format jpg *.heic`;
  }
  return 'a video (MP4 or QuickTime)';
}

/** What the header of an image says; null where only the decoder knows.
 *  @throws DataError like {@link imageFormat} */
export function imageHeader(bytes: Uint8Array): HeaderFacts | null {
  return formats[imageFormat(bytes)].header(bytes);
}

/** Whether an image is stored without colour. (WebP has no grey; GIF, TIFF and AVIF pass for
 *  colour.)
 *  @throws DataError like {@link imageFormat} */
export function isGreyImage(bytes: Uint8Array): boolean {
  return imageHeader(bytes)?.isGrey ?? false;
}

/** What is unusual about an image that can still be used, for the report: a wrong name, CMYK, 16
 *  bits, transparency, animation, a colour profile.
 *  @throws DataError like {@link imageFormat} */
export function imageRemarks(bytes: Uint8Array, name: string): string[] {
  const format = imageFormat(bytes);
  const rule = formats[format];
  const extension = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return [
    ...(rule.extensions.includes(extension) ? [] : [`a ${format} image that is not named so`]),
    ...rule.remarks(bytes),
    ...(rule.header(bytes)?.hasProfile ? [PROFILE] : []),
  ];
}

function pngRemarks(bytes: Uint8Array): string[] {
  const types = new Set([...pngChunks(bytes)].map(({ type }) => type));
  const isClear = bytes[25] === 4 || bytes[25] === 6 || types.has('tRNS');
  return [
    ...(bytes[24] === 16 ? ['16 bits a channel, reduced to 8'] : []),
    ...(isClear ? [CLEAR] : []),
    ...(types.has('acTL') ? [ANIMATED] : []),
  ];
}

/** Whether an image that fails to decode lacks the mark with which its format ends (false does not
 *  say that it is whole). */
export function isCutOff(bytes: Uint8Array, format: ImageFormat): boolean {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return formats[format].isCutOff?.(all) ?? false;
}
