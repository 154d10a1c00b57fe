// What becomes of images that are not upright, not of the size, not in colour, or of formats less
// common than JPEG, PNG and WebP.
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import type { Channels } from '../../src/data/image-form.js';
import { decodeInto } from '../../src/data/images/decode.js';
import { openStore, prepareStore } from '../../src/data/prepare/store.js';
import { manifestHash } from '../../src/data/store/manifest.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-forms-'));
afterAll(() => rmSync(root, { recursive: true }));

const [HEIGHT, WIDTH] = [6, 9];
/** u8 [6,9,3], red over green over blue ramps that differ in both directions. */
const pixels = Uint8Array.from({ length: HEIGHT * WIDTH * 3 }, (_, at) => {
  const [row, column] = [Math.floor(at / 3 / WIDTH), Math.floor(at / 3) % WIDTH];
  return [25 * column, 45 * row, 10 * row + 15 * column][at % 3] as number;
});
const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
const image = () => sharp(pixels, { raw });

async function decode(bytes: Uint8Array, form: Partial<Form> = {}): Promise<number[]> {
  const whole: Form = { channels: 3, height: HEIGHT, width: WIDTH, resize: 'warp', ...form };
  const into = new Uint8Array(whole.channels * whole.height * whole.width);
  await decodeInto(bytes, whole, into);
  return [...into];
}
interface Form {
  readonly channels: Channels;
  readonly height: number;
  readonly width: number;
  readonly resize: 'warp' | 'crop';
  readonly isConverting?: boolean;
}

/** The picture as planes, u8 [3,6,9]. */
const planes = [0, 1, 2].flatMap((channel) => [...pixels].filter((_, at) => at % 3 === channel));

function pnm(kind: 5 | 6, maximum: number, values: readonly number[], comment = ''): Buffer {
  const head = Buffer.from(`P${kind}\n${comment}${WIDTH} ${HEIGHT}\n${maximum}\n`);
  const body = Buffer.alloc(values.length * (maximum > 255 ? 2 : 1));
  for (const [at, value] of values.entries()) {
    if (maximum > 255) body.writeUInt16BE(value, 2 * at);
    else body[at] = value;
  }
  return Buffer.concat([head, body]);
}

describe('formats', () => {
  test.each([
    ['TIFF', () => image().tiff({ compression: 'lzw' }).toBuffer()],
    ['GIF', () => image().gif({ colours: 256, dither: 0, effort: 10 }).toBuffer()],
    ['PPM', () => pnm(6, 255, [...pixels], '# by hand\n')],
    [
      'PPM of two bytes',
      () =>
        pnm(
          6,
          65_535,
          [...pixels].map((value) => value * 257),
        ),
    ],
  ])('%s keeps every pixel', async (_, make) => {
    expect(await decode(await make())).toEqual(planes);
  });

  test('AVIF is near', async () => {
    const bytes = await image().avif({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
    const found = await decode(bytes);
    expect(Math.max(...found.map((value, at) => Math.abs(value - planes[at]!)))).toBeLessThan(12);
  });

  test('PGM is grey, and colour where the form is', async () => {
    const grey = planes.slice(0, HEIGHT * WIDTH);
    const bytes = pnm(5, 255, grey);
    expect(await decode(bytes, { channels: 1 })).toEqual(grey);
    expect(await decode(bytes)).toEqual([...grey, ...grey, ...grey]);
  });

  test.each([
    ['cut off', pnm(6, 255, [...pixels]).subarray(0, -1), /its end is missing/],
    ['without a height', Buffer.from('P6\n9\n255\nxxxxxxxxxx'), /its header/],
    ['of a comment that never ends', Buffer.from(`P6 ${'# '.repeat(5e5)}`), /its header/],
    ['of a thousand million pixels', Buffer.from('P6 99999 99999 255 x'), /its end is missing/],
  ])('a PPM %s is refused', async (_, bytes, words) => {
    await expect(decode(bytes)).rejects.toThrow(words);
  });
});

describe('EXIF orientation', () => {
  // The picture as a camera held otherwise stores it, with the note that turns it back.
  const stored: Record<number, () => Sharp> = {
    1: () => image(),
    2: () => image().flop(),
    3: () => image().rotate(180),
    4: () => image().flip(),
    6: () => image().rotate(-90),
    8: () => image().rotate(90),
  };
  test.each(Object.keys(stored).map(Number))('%i is turned upright', async (orientation) => {
    const turned = await stored[orientation]!().png().toBuffer();
    for (const format of ['png', 'jpeg', 'webp', 'tiff'] as const) {
      const options = { quality: 100, lossless: true, chromaSubsampling: '4:4:4' } as object;
      const noted = sharp(turned).withMetadata({ orientation });
      const bytes = await noted.toFormat(format, options).toBuffer();
      const found = await decode(bytes);
      const worst = Math.max(...found.map((value, at) => Math.abs(value - planes[at]!)));
      expect(worst, format).toBeLessThan(format === 'jpeg' ? 8 : 1);
    }
  });

  test('is remarked upon where it turns an image, with its colour profile', async () => {
    const jpeg = (orientation: number) => image().withMetadata({ orientation }).jpeg().toBuffer();
    const reasons = async (orientation: number) => {
      const info = await prepared({ 'train/a/1.jpg': await jpeg(orientation) });
      return info.packed?.remarks.map(({ reason }) => reason);
    };
    expect(await reasons(1)).toEqual(['a colour profile, converted to sRGB']);
    expect(await reasons(6)).toEqual([
      'a colour profile, converted to sRGB; turned upright, as its EXIF orientation says',
    ]);
  });
});

let serial = 0;
async function prepared(files: Record<string, Buffer>, size = 6, extra: object = {}) {
  const folder = join(root, String(serial++));
  const others = ['train/b/1.png', 'val/a/1.png', 'val/b/1.png'];
  const plain = await image().resize(size, size).png().toBuffer();
  const all = { ...Object.fromEntries(others.map((name) => [name, plain])), ...files };
  for (const [name, bytes] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const request = { source: folder, baseDirectory: root, size, cache: join(root, 'cache') };
  return prepareStore({ ...request, ...extra });
}

describe('resizing', () => {
  // Ramps in x and y; how far they have moved from sampling at pixel centres, in result pixels.
  async function shift(width: number, height: number, form: Form): Promise<[number, number]> {
    const ramp = Uint8Array.from({ length: 3 * width * height }, (_, at) => {
      const [row, column] = [Math.floor(at / 3 / width), Math.floor(at / 3) % width];
      return Math.round([(255 * column) / (width - 1), (255 * row) / (height - 1), 0][at % 3]!);
    });
    const png = await sharp(ramp, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    const found = await decode(png, form);
    const cover = Math.max(form.width / width, form.height / height);
    const scale =
      form.resize === 'crop' ? [cover, cover] : [form.width / width, form.height / height];
    const [sx, sy] = scale as [number, number];
    const [left, top] = [(width * sx - form.width) / 2, (height * sy - form.height) / 2];
    let [dx, dy, count] = [0, 0, 0];
    for (let y = form.height >> 2; y < form.height - (form.height >> 2); y++) {
      for (let x = form.width >> 2; x < form.width - (form.width >> 2); x++, count++) {
        const [cx, cy] = [(x + left + 0.5) / sx - 0.5, (y + top + 0.5) / sy - 0.5];
        dx += found[y * form.width + x]! - (255 * cx) / (width - 1);
        dy += found[form.height * form.width + y * form.width + x]! - (255 * cy) / (height - 1);
      }
    }
    const pixelsOf = (sum: number, n: number, s: number) => (sum / count / 255) * (n - 1) * s;
    return [pixelsOf(dx, width, sx), pixelsOf(dy, height, sy)];
  }

  test.each([
    [28, 28, 32, 32, 'warp'],
    [32, 32, 36, 36, 'warp'],
    [63, 63, 64, 64, 'warp'],
    [75, 56, 64, 64, 'warp'],
    [40, 250, 64, 64, 'warp'],
    [20, 30, 64, 48, 'crop'],
    [30, 20, 64, 64, 'crop'],
    [2, 2, 64, 64, 'warp'],
    [100, 100, 64, 64, 'warp'],
    [200, 100, 64, 64, 'crop'],
  ] as const)('a ramp of %i x %i lies where it should at %i x %i (%s)', async (...sizes) => {
    const [width, height, toWidth, toHeight, resize] = sizes;
    const form = { channels: 3, width: toWidth, height: toHeight, resize } as const;
    // Rounding to 8 bits of a ramp of few levels moves it a little.
    for (const each of await shift(width, height, form)) expect(Math.abs(each)).toBeLessThan(0.06);
  });

  test('edges are repeated, single pixels fill everything', async () => {
    const one = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#6496c8' } })
      .png()
      .toBuffer();
    const found = await decode(one, { width: 40, height: 30 });
    expect(new Set(found.slice(0, 1200))).toEqual(new Set([100]));
    expect(new Set(found.slice(2400))).toEqual(new Set([200]));
  });
});

describe('the identity of a data set', () => {
  // The hash of a set as version 0.1.0 gave it: name, bytes and whether each file is kept.
  async function olderHash(files: Record<string, Buffer>): Promise<[string, string]> {
    const { manifestHash: found, path } = await prepared(files);
    const { classes, form } = openStore(path);
    const lines = Object.entries(files).map(([name, bytes]) => {
      const [part, className, rest] = name.split('/') as ['train' | 'val', string, string];
      return { part, class: className, name: rest, sha256: hash('sha256', bytes), skipped: null };
    });
    return [found, manifestHash(lines, classes, { ...form, channels: 3 })];
  }
  const four = (first: Buffer, other: Buffer) => ({
    'train/a/1.jpg': first,
    'train/b/1.png': other,
    'val/a/1.png': other,
    'val/b/1.png': other,
  });

  test('is as ever where nothing is turned or enlarged, and new where something is', async () => {
    const other = await image().resize(6, 6, { fit: 'fill' }).png().toBuffer();
    const jpeg = (orientation: number) => image().withMetadata({ orientation }).jpeg().toBuffer();
    const same = await olderHash(four(await jpeg(1), other));
    expect(same[0]).toBe(same[1]);
    const turned = await olderHash(four(await jpeg(6), other));
    expect(turned[0]).not.toBe(turned[1]);
    const small = await image().resize(5, 6, { fit: 'fill' }).png().toBuffer();
    const enlarged = await olderHash(four(small, other));
    expect(enlarged[0]).not.toBe(enlarged[1]);
  });
});
