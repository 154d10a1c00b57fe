// Binary portable pixel maps (PPM, P6) and grey maps (PGM, P5): a header in text and then the
// pixels. sharp does not read them, and older data sets of traffic signs and faces are made of
// them.
import sharp, { type Sharp } from 'sharp';
import { DataError } from '../../base/errors.js';
import type { HeaderFacts } from './headers.js';

interface PnmHeader {
  readonly channels: 1 | 3;
  readonly width: number;
  readonly height: number;
  readonly maximum: number;
  /** Where the pixels begin. */
  readonly at: number;
}

/** Facts of a PNM; null if its header is damaged. */
export function pnmHeader(bytes: Uint8Array): HeaderFacts | null {
  const header = parse(bytes);
  if (header === null) return null;
  const { height, width, channels } = header;
  const none = { isCmyk: false, hasExif: false, hasProfile: false };
  return { height, width, isGrey: channels === 1, ...none };
}

/** Opens a PNM of one or two bytes a value; values are scaled to 0..255.
 *  @throws DataError if it is damaged or cut off
 *  @source netpbm's ppm(5) and pgm(5) */
export function openPnm(bytes: Uint8Array): Sharp {
  const header = parse(bytes);
  if (header === null) throw new DataError('damaged PNM image (its header)');
  const { channels, width, height, maximum, at } = header;
  const values = channels * width * height;
  const size = maximum < 256 ? 1 : 2;
  if (bytes.length < at + size * values) {
    throw new DataError('damaged or cut off PNM image (its end is missing)');
  }
  if (size === 1 && maximum === 255) return opened(bytes.subarray(at, at + values), header);
  const pixels = new Uint8Array(values);
  for (let index = 0; index < values; index++) {
    const from = at + size * index;
    const high = bytes[from] as number;
    const value = size === 1 ? high : high * 256 + (bytes[from + 1] as number);
    pixels[index] = Math.min(255, Math.round((255 * value) / maximum));
  }
  return opened(pixels, header);
}

function opened(pixels: Uint8Array, { width, height, channels }: PnmHeader): Sharp {
  return sharp(pixels, { raw: { width, height, channels } });
}

// "P6", width, height and maximum between white space and comments, then one white space.
function parse(bytes: Uint8Array): PnmHeader | null {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  const gap = '(?:\\s+(?:#[^\\n]*\\n\\s*)*)';
  const pattern = `^P([56])${gap}(\\d{1,6})${gap}(\\d{1,6})${gap}(\\d{1,5})\\s`;
  const [all, kind, width, height, maximum] = new RegExp(pattern).exec(start) ?? [];
  if (all === undefined) return null;
  const [w, h, most] = [Number(width), Number(height), Number(maximum)];
  if (w < 1 || h < 1 || most < 1 || most > 65_535) return null;
  return { channels: kind === '5' ? 1 : 3, width: w, height: h, maximum: most, at: all.length };
}
