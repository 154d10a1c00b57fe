import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDataInfo } from '../../src/data/info/data-info.js';
import { inspectStore } from '../../src/data/info/inspect-store.js';
import { packImages } from '../../src/data/pack/pack-images.js';
import { openStore } from '../../src/data/prepare/store.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-info-'));
// Stores of JPEG records are decoded into the cache.
process.env['SELFFER_CACHE_DIR'] = join(root, 'cache');
afterAll(() => rmSync(root, { recursive: true }));

const SIZE = 64;

/** A picture of large shapes, another one for each seed. */
function scene(seed: number): Sharp {
  const data = Buffer.alloc(3 * SIZE * SIZE);
  for (let at = 0; at < data.length; at++) {
    const [x, y] = [Math.floor(at / 3) % SIZE, Math.floor(at / 3 / SIZE)];
    // Blocks of 8x8 pixels of grey values without any order.
    const block = (y >> 3) * 8 + (x >> 3) + 64 * seed;
    data[at] = (Math.imul(block + 1, 2654435761) >>> 24) ^ ((block * 37) & 0x7f);
  }
  return sharp(data, { raw: { width: SIZE, height: SIZE, channels: 3 } });
}

function pack(out: string, records: 'raw' | 'jpeg') {
  const request = {
    source: [join(root, 'images')],
    baseDirectory: root,
    out: join(root, out),
    size: SIZE,
  };
  return packImages({ ...request, resize: 'warp', records, isStrict: false });
}

beforeAll(async () => {
  const png = (seed: number) => scene(seed).png().toBuffer();
  const plain = (background: string) =>
    sharp({ create: { width: SIZE, height: SIZE, channels: 3, background } })
      .png()
      .toBuffer();
  const files: Record<string, Buffer> = {};
  for (let seed = 0; seed < 12; seed++)
    files[`train/${seed < 6 ? 'a' : 'b'}/${seed}.png`] = await png(seed);
  for (let seed = 12; seed < 16; seed++)
    files[`val/${seed < 14 ? 'a' : 'b'}/${seed}.png`] = await png(seed);
  Object.assign(files, {
    'train/a/again.png': await png(1), // exact, within training and class
    'val/b/leak.png': await png(8), // exact, across the parts
    'train/b/both.png': await png(2), // exact, across the classes
    // Near: recompressed; brighter.
    'val/a/near.jpg': await scene(7).linear(0.93, 4).jpeg({ quality: 70 }).toBuffer(),
    'val/b/near.png': await scene(9).linear(1, 12).png().toBuffer(),
    'train/a/plain-1.png': await plain('#ff0000'),
    'train/b/plain-2.png': await plain('#0000ff'),
  });
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'images', path)), { recursive: true });
    writeFileSync(join(root, 'images', path), bytes);
  }
});

const names = (
  groups: readonly (readonly { part: string; class: string; name: string | null }[])[],
) =>
  groups.map((group) => group.map((image) => `${image.part}/${image.class}/${image.name}`)).sort();

test('copies are found wherever they are, and a leak is a warning', async () => {
  const { store, manifestHash } = await pack('x.store', 'raw');
  const info = await inspectStore(store);
  expect(names(info.exact.members)).toEqual([
    ['train/a/1.png', 'train/a/again.png'],
    ['train/a/2.png', 'train/b/both.png'],
    ['train/b/8.png', 'val/b/leak.png'],
  ]);
  expect(names(info.near.members)).toEqual([
    ...[
      ['train/a/1.png', 'train/a/again.png'],
      ['train/a/2.png', 'train/b/both.png'],
      ['train/b/7.png', 'val/a/near.jpg'],
      ['train/b/8.png', 'val/b/leak.png'],
      ['train/b/9.png', 'val/b/near.png'],
    ],
  ]);
  expect(info.exact).toMatchObject({
    ...{ groups: 3, images: 6, withinTrain: 2, withinVal: 0 },
    ...{ betweenTrainAndVal: 1, leakedVal: 1, betweenClasses: 1 },
  });
  expect(info.near.leakedVal).toBe(3);
  expect(info.unjudged).toBe(2);
  expect(info.warnings).toEqual([
    expect.stringMatching(/^1 validation images \(14\.29 %\) are also training images/),
    expect.stringMatching(/^3 validation images \(42\.86 %\) look almost like/),
    expect.stringMatching(/^1 groups of equal images stand in several classes/),
  ]);
  // What a report reads.
  expect(readDataInfo(store, manifestHash)).toEqual(info);
  expect(readDataInfo(store, 'of other data')).toBeNull();
});

test('counts, means and pictures are those of the pixels', async () => {
  const { store } = await pack('y.store', 'raw');
  const info = await inspectStore(store);
  expect(info.classes).toEqual([
    { name: 'a', train: 8, val: 3, test: 0 },
    { name: 'b', train: 8, val: 4, test: 0 },
  ]);
  const { train } = openStore(store);
  const red = Array.from({ length: train.count }, (_, at) => [
    ...train.pixels(at).subarray(0, SIZE * SIZE),
  ]).flat();
  const mean = red.reduce((sum, value) => sum + value, 0) / red.length;
  const variance = red.reduce((sum, value) => sum + (value - mean) ** 2, 0) / red.length;
  expect(info.channelMean[0]).toBeCloseTo(mean, 9);
  expect(info.channelDeviation[0]).toBeCloseTo(Math.sqrt(variance), 9);
  const sheet = sharp(readFileSync(`${store}.contact-sheet.png`));
  expect(await sheet.metadata()).toMatchObject({ width: 2 + 12 * 66, height: 2 + 2 * 66 });
  // The first tile of the first row is the first image of class a.
  const tile = await sheet.extract({ left: 2, top: 2, width: SIZE, height: SIZE }).raw().toBuffer();
  expect([tile[0], tile[1], tile[2]]).toEqual(
    [0, 1, 2].map((channel) => train.pixels(0)[channel * SIZE * SIZE]),
  );
  const middle = await sharp(readFileSync(`${store}.mean.png`))
    .raw()
    .toBuffer();
  const first = Array.from({ length: train.count }, (_, at) => train.pixels(at)[0]!);
  expect(middle[0]).toBe(Math.round(first.reduce((sum, value) => sum + value, 0) / train.count));
});

test('a damaged record is found by its checksum, in raw and in JPEG stores', async () => {
  for (const records of ['raw', 'jpeg'] as const) {
    const { store } = await pack(`${records}.store`, records);
    const whole = await inspectStore(store);
    expect(whole.damaged).toEqual([]);
    expect(whole.exact.groups).toBe(3);
    rmSync(join(root, 'cache'), { recursive: true, force: true });
    const file = openSync(store, 'r+');
    writeSync(file, Buffer.from([1, 2, 3]), 0, 3, 4096 + 300);
    closeSync(file);
    const { damaged, warnings } = await inspectStore(store);
    expect(names([damaged])).toEqual([['train/a/0.png']]);
    expect(warnings).toContain('1 records are damaged: pack again');
  }
});

test('a place that cannot be written costs the files, not what was found', async () => {
  const { store } = await pack('unwritable.store', 'raw');
  const nowhere = await inspectStore(store, undefined, join(root, 'no-folder/x'));
  expect(nowhere.unwritten).toContain('no-folder/x.contact-sheet.png');
  const elsewhere = join(root, 'elsewhere');
  const { unwritten, ...info } = await inspectStore(store, undefined, elsewhere);
  expect(unwritten).toBeUndefined();
  expect(JSON.parse(readFileSync(`${elsewhere}.info.json`, 'utf8'))).toEqual(info);
  expect(nowhere).toMatchObject({ images: info.images, exact: info.exact });
});
