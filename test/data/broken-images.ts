// Makes a folder of 300 broken or unusual images of 30 kinds among good ones, each with the reason
// a report must give.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A file of the folder that must be reported. */
export interface OddFile {
  readonly kind: string;
  /** "train/<class>/<name>". */
  readonly file: string;
  readonly isKept: boolean;
  readonly reason: RegExp;
}

type Good = {
  readonly jpeg: Buffer;
  readonly png: Buffer;
  readonly webp: Buffer;
  readonly raw: Sharp;
};
type Kind = readonly [
  kind: string,
  extension: string,
  make: (good: Good, turn: number) => Buffer | Promise<Buffer> | 'link' | 'loop' | 'pipe',
  reason: RegExp,
];

const damaged = (format: string) => new RegExp(`^damaged or cut off ${format} image`);
const foreign = (name: string) =>
  new RegExp(`not an image that can be read \\(it looks like ${name}.*\\)$`);
const box = (brand: string) => Buffer.from(`\0\0\0\x1cftyp${brand}\0\0\0\0`, 'latin1');

const leftOut: readonly Kind[] = [
  ['empty', 'jpg', () => Buffer.alloc(0), /^the file is empty$/],
  [
    'jpeg cut off',
    'jpg',
    ({ jpeg }, turn) => jpeg.subarray(0, jpeg.length * (0.4 + turn / 20)),
    damaged('JPEG'),
  ],
  [
    'png cut off',
    'png',
    ({ png }, turn) => png.subarray(0, png.length * (0.4 + turn / 20)),
    damaged('PNG'),
  ],
  [
    'webp cut off',
    'webp',
    ({ webp }, turn) => webp.subarray(0, webp.length * (0.4 + turn / 20)),
    damaged('WebP'),
  ],
  ['jpeg of a header only', 'jpg', ({ jpeg }, turn) => jpeg.subarray(0, 4 + turn), damaged('JPEG')],
  ['zeros', 'jpg', (_, turn) => Buffer.alloc(100 + turn), /it begins with zeros/],
  [
    'noise',
    'jpg',
    (_, turn) => noise(500, turn + 77).fill(0xc3, 0, 4),
    /it begins with bytes c3c3c3c3/,
  ],
  ['text', 'txt', () => Buffer.from('boxes 1 2 3 4'), /it begins with bytes 626f7865/],
  ['error page', 'jpg', () => Buffer.from('<!DOCTYPE html><p>404'), foreign('HTML or XML')],
  ['heic', 'heic', () => box('heic'), foreign('HEIC: convert it')],
  ['video', 'mp4', () => box('isom'), foreign('a video')],
  ['bmp', 'bmp', () => Buffer.from('BM' + 'x'.repeat(60)), foreign('BMP')],
  [
    'tiff cut off',
    'tif',
    async ({ raw }) => (await raw.clone().tiff().toBuffer()).subarray(0, -300),
    damaged('TIFF'),
  ],
  ['avif of a header only', 'avif', () => box('avif'), damaged('AVIF')],
  ['pdf', 'jpg', () => Buffer.from('%PDF-1.4 '), foreign('PDF')],
  ['gzipped', 'jpg', ({ jpeg }) => gzipSync(jpeg), foreign('gzip')],
  [
    'png through text mode',
    'png',
    ({ png }) => Buffer.from(png.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
    damaged('PNG'),
  ],
  ['png of flipped pixels', 'png', ({ png }, turn) => flipped(png, 60 + turn), damaged('PNG')],
  [
    'png without pixels',
    'png',
    ({ png }) => Buffer.concat([png.subarray(0, 33), png.subarray(-12)]),
    damaged('PNG'),
  ],
  [
    'png of too many pixels',
    'png',
    ({ png }) => resized(png, 60000),
    /more than 268 million pixels/,
  ],
  ['jpeg of no size', 'jpg', ({ jpeg }) => withoutSize(jpeg), damaged('JPEG')],
  ['link to nothing', 'jpg', () => 'link', /cannot be read \(it is gone/],
  ['link to itself', 'jpg', () => 'loop', /cannot be read \(a link that leads to itself/],
  ['named pipe', 'jpg', () => 'pipe', /^not a regular file/],
];

const kept: readonly Kind[] = [
  ['png named jpg', 'jpg', ({ png }) => png, /PNG image that is not named so/],
  ['jpeg without extension', 'x', ({ jpeg }) => jpeg, /JPEG image that is not named so/],
  ['cmyk', 'jpg', ({ raw }) => raw.clone().toColourspace('cmyk').jpeg().toBuffer(), /^CMYK/],
  ['16 bit', 'png', ({ raw }) => raw.clone().toColourspace('rgb16').png().toBuffer(), /^16 bits/],
  [
    'transparent',
    'png',
    ({ raw }) => raw.clone().ensureAlpha(0.5).png().toBuffer(),
    /^transparency/,
  ],
  ['animated', 'webp', ({ raw }) => animated(raw), /animated, only its first frame/],
];

const EACH = 10;

/** Writes the folder: train/a and train/b with ten odd files of each of 30 kinds, and `good` good
 *  images in every class and part. */
export async function writeBrokenFolder(folder: string, good: number): Promise<OddFile[]> {
  const odd: OddFile[] = [];
  for (const part of ['train', 'val']) {
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, part, name), { recursive: true });
      for (let at = 0; at < good; at++) {
        writeFileSync(join(folder, part, name, `good-${at}.jpg`), (await goodImage(at)).jpeg);
      }
    }
  }
  for (const [isKept, kinds] of [
    [false, leftOut],
    [true, kept],
  ] as const) {
    for (const [kind, extension, make, reason] of kinds) {
      for (let turn = 0; turn < EACH; turn++) {
        const name = turn % 2 === 0 ? 'a' : `b/deeper`;
        const file = `train/${name}/${kind.replaceAll(' ', '-')}-${turn}${extension === 'x' ? '' : `.${extension}`}`;
        write(join(folder, file), await make(await goodImage(turn), turn));
        odd.push({ kind, file, isKept, reason });
      }
    }
  }
  return odd;
}

function write(path: string, content: Buffer | 'link' | 'loop' | 'pipe'): void {
  mkdirSync(dirname(path), { recursive: true });
  if (content === 'link') symlinkSync('/nowhere/at-all.jpg', path);
  else if (content === 'loop') symlinkSync(path, path);
  else if (content === 'pipe') execFileSync('mkfifo', [path]);
  else writeFileSync(path, content);
}

async function goodImage(turn: number): Promise<Good> {
  const [width, height] = [40 + turn, 50 - turn];
  const raw = sharp(noise(3 * width * height, turn), { raw: { width, height, channels: 3 } });
  const [jpeg, png, webp] = await Promise.all([
    raw.clone().jpeg().toBuffer(),
    raw.clone().png().toBuffer(),
    raw.clone().webp().toBuffer(),
  ]);
  return { jpeg, png, webp, raw };
}

/** Bytes of a linear congruential generator, the same on every machine. */
function noise(length: number, seed: number): Buffer {
  let state = seed + 1;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    }),
  );
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ 0xff;
  return copy;
}

// A header that promises size x size pixels, with the checksum it must have.
function resized(png: Buffer, size: number): Buffer {
  const copy = Buffer.from(png);
  copy.writeUInt32BE(size, 16);
  copy.writeUInt32BE(size, 20);
  copy.writeUInt32BE(crc32(copy.subarray(12, 29)), 29);
  return copy;
}

function withoutSize(jpeg: Buffer): Buffer {
  const copy = Buffer.from(jpeg);
  const frame = copy.indexOf(Buffer.from([0xff, 0xc0]));
  copy.writeUInt32BE(0, frame + 5);
  return copy;
}

async function animated(raw: Sharp): Promise<Buffer> {
  const { data, info } = await raw.clone().raw().toBuffer({ resolveWithObject: true });
  const strip = Buffer.concat([data, Buffer.from(data).reverse()]);
  const { width, height } = info;
  return sharp(strip, { raw: { width, height: 2 * height, channels: 3, pageHeight: height } })
    .webp()
    .toBuffer();
}
