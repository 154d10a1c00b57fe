import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataError } from '../../base/errors.js';
import { cacheDirectory } from '../../base/cache-directory.js';
import { glyphsFile } from '../glyphs/glyphs.js';
import type { ImageSet } from '../image-set.js';
import { openImages } from '../store/open-images.js';
import { cacheWriter } from './cache-writer.js';
import { openStore, prepareStore } from './store.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-store-'));
afterAll(() => rmSync(root, { recursive: true }));

let serial = 0;
/** A fresh folder below the test's root. */
function fresh(): string {
  const path = join(root, String(serial++));
  mkdirSync(path);
  return path;
}

/** One image of a single colour. */
function plain(colour: string, width = 8, height = 8) {
  return sharp({ create: { width, height, channels: 3, background: colour } });
}

type Files = Record<string, Uint8Array>;

function writeFolder(files: Files): string {
  const folder = fresh();
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}

async function writeTar(path: string, files: Files, prefix = ''): Promise<void> {
  const archive = pack();
  for (const [name, bytes] of Object.entries(files)) archive.entry({ name: prefix + name }, bytes);
  archive.finalize();
  await pipeline(archive, createWriteStream(path));
}

async function gzip(path: string): Promise<void> {
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
  rmSync(path);
}

function prepare(source: string | string[], extra: { cache?: string; size?: number } = {}) {
  return prepareStore({
    source,
    baseDirectory: root,
    size: 8,
    cache: join(root, 'cache'),
    ...extra,
  });
}

/** Colour [r,g,b] at a place of one image. */
function colourAt(set: ImageSet, pixels: Uint8Array, row: number, column: number): number[] {
  const { height, width } = set.form;
  return [0, 1, 2].map((channel) => pixels[(channel * height + row) * width + column]!);
}

/** Everything a data set says, in a form to be compared. */
function contents(set: ImageSet) {
  const part = (which: 'train' | 'val') =>
    [...set[which].labels].map((label, index) => [label, ...set[which].pixels(index)]);
  const { classes, form, manifestHash } = set;
  return { classes, form, manifestHash, train: part('train'), val: part('val') };
}

/** Two classes, all good: b before a in time, several formats, a deeper folder. */
let good: Files;
beforeAll(async () => {
  good = {
    'train/b/1.png': await plain('#ff0000').png().toBuffer(),
    'train/b/10.png': await plain('#00ff00').png().toBuffer(),
    'train/b/2.webp': await plain('#0000ff').webp({ lossless: true }).toBuffer(),
    'train/a/x.jpg': await plain('#808080').jpeg().toBuffer(),
    'train/a/deep/y.png': await plain('#102030').png().toBuffer(),
    'val/a/v.png': await plain('#ffffff').png().toBuffer(),
    'val/b/w.png': await plain('#000000').png().toBuffer(),
  };
});

describe('a folder', () => {
  test('is read in byte order of class and name, all three formats', async () => {
    const info = await prepare(writeFolder(good));
    expect(info).toMatchObject({
      classes: ['a', 'b'],
      counts: { train: [2, 3], val: [1, 1], test: [0, 0] },
      form: { channels: 3, height: 8, width: 8 },
      skipped: [],
    });
    const set = openStore(info.path);
    expect(set.manifestHash).toBe(info.manifestHash);
    expect([...set.train.labels]).toEqual([0, 0, 1, 1, 1]);
    const colours = [0, 1, 2, 3, 4].map((index) => colourAt(set, set.train.pixels(index), 3, 5));
    // a/deep/y, a/x, b/1, b/10, b/2: by bytes, not by number.
    expect(colours).toEqual([
      ...[
        [16, 32, 48],
        [128, 128, 128],
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
      ],
    ]);
    expect(colourAt(set, set.val.pixels(0), 0, 0)).toEqual([255, 255, 255]);
    expect(() => set.val.pixels(2)).toThrow('no image 2, the part has 2');
  });

  test('images are warped, not cropped: a wide picture keeps both its ends', async () => {
    const end = (colour: string) => plain(colour, 100, 100).png().toBuffer();
    const wide = await plain('#00ff00', 400, 100)
      .composite([
        { input: await end('#ff0000'), left: 0, top: 0 },
        { input: await end('#0000ff'), left: 300, top: 0 },
      ])
      .png()
      .toBuffer();
    const info = await prepare(writeFolder({ ...good, 'train/a/a.png': wide }));
    const set = openStore(info.path);
    const pixels = set.train.pixels(0);
    for (const row of [0, 7]) {
      expect(colourAt(set, pixels, row, 0)).toEqual([255, 0, 0]);
      expect(colourAt(set, pixels, row, 7)).toEqual([0, 0, 255]);
    }
  });

  test('images of the right size are not resampled', async () => {
    const noise = Buffer.from(Array.from({ length: 192 }, (_, at) => (at * 89) % 256));
    const raw = { width: 8, height: 8, channels: 3 } as const;
    const png = await sharp(noise, { raw }).png().toBuffer();
    const set = openStore((await prepare(writeFolder({ ...good, 'train/a/a.png': png }))).path);
    const expected = [0, 1, 2].flatMap((channel) =>
      Array.from({ length: 64 }, (_, at) => noise[3 * at + channel]),
    );
    expect([...set.train.pixels(0)]).toEqual(expected);
  });

  test('grey, 16-bit, CMYK, transparent and wrongly named images become RGB', async () => {
    const clear = { r: 255, g: 0, b: 0, alpha: 0 };
    const see = { create: { width: 8, height: 8, channels: 4 as const, background: clear } };
    const folder = writeFolder({
      ...good,
      'train/c/1-grey.png': await plain('#505050').toColourspace('b-w').png().toBuffer(),
      'train/c/2-grey.jpg': await plain('#505050').toColourspace('b-w').jpeg().toBuffer(),
      'train/c/3-deep.png': await plain('#505050').toColourspace('rgb16').png().toBuffer(),
      'train/c/4-cmyk.jpg': await plain('#505050').toColourspace('cmyk').jpeg().toBuffer(),
      'train/c/5-clear.png': await sharp(see).png().toBuffer(),
      'train/c/6-named.jpg': await plain('#505050').png().toBuffer(),
      'val/c/1.png': await plain('#505050').png().toBuffer(),
    });
    const info = await prepare(folder);
    expect(info.skipped).toEqual([]);
    const set = openStore(info.path);
    for (const [index, wanted, tolerance] of [
      [0, 80, 0],
      [1, 80, 1],
      [2, 80, 1],
      [3, 80, 24], // through ink colours and back
      [4, 255, 0], // shown on white
      [5, 80, 0],
    ] as const) {
      for (const value of colourAt(set, set.train.pixels(5 + index), 4, 4)) {
        expect(Math.abs(value - wanted), `image ${index}: ${value}`).toBeLessThanOrEqual(tolerance);
      }
    }
  });

  test('what cannot be decoded is skipped and named with its reason; hidden files are not even tried', async () => {
    const noise = Buffer.from(Array.from({ length: 3 * 64 * 64 }, (_, at) => (at * at) % 251));
    const raw = { width: 64, height: 64, channels: 3 } as const;
    const jpeg = await sharp(noise, { raw }).jpeg().toBuffer();
    const folder = writeFolder({
      ...good,
      'train/a/cut.jpg': jpeg.subarray(0, jpeg.length / 2),
      'train/a/empty.png': Buffer.alloc(0),
      'train/b/notes.txt': Buffer.from('boxes 1 2 3 4'),
      'train/b/.DS_Store': Buffer.from('x'),
      'train/.hidden/1.png': good['train/b/1.png']!,
    });
    const info = await prepare(folder);
    const reasons = Object.fromEntries(info.skipped.map(({ file, reason }) => [file, reason]));
    expect(Object.keys(reasons)).toEqual([
      ...['train/a/cut.jpg', 'train/a/empty.png', 'train/b/notes.txt'],
    ]);
    expect(reasons['train/a/cut.jpg']).toMatch(/^damaged or cut off JPEG image/);
    expect(reasons['train/a/empty.png']).toBe('the file is empty');
    expect(reasons['train/b/notes.txt']).toMatch(/not an image that can be read.*626f7865/);
    expect(info.skipped[0]!.origin).toBe(folder);
    expect(info.counts.train).toEqual([2, 3]);
    // The rest is where it belongs although the failed ones left holes.
    const { train, val, classes } = contents(openStore(info.path));
    const clean = contents(openStore((await prepare(writeFolder(good))).path));
    expect({ train, val, classes }).toEqual({
      train: clean.train,
      val: clean.val,
      classes: clean.classes,
    });
    expect(info.manifestHash).not.toBe(clean.manifestHash);
  });
});

describe('archives', () => {
  test('tar and tar.gz shards give what the folder gives, in whatever order', async () => {
    const expected = contents(openStore((await prepare(writeFolder(good))).path));
    const names = Object.keys(good);
    const pick = (chosen: string[]) =>
      Object.fromEntries(chosen.map((name) => [name, good[name]!]));
    for (const [first, second] of [
      [names.slice(0, 3), names.slice(3)],
      [names.slice(4).reverse(), names.slice(0, 4).reverse()],
    ] as const) {
      const folder = fresh();
      await writeTar(join(folder, 'set-0of2.tar'), pick([...first]), './');
      // Archives made on a Mac carry hidden twins.
      const hidden = { 'train/a/._x.jpg': Buffer.from('Mac'), 'README.md': Buffer.from('hello') };
      await writeTar(join(folder, 'set-1of2.tar'), { ...pick([...second]), ...hidden }, 'top/');
      await gzip(join(folder, 'set-1of2.tar'));
      const info = await prepare(`${folder}/set-[0-9]of2.tar*`);
      expect(info.sources).toHaveLength(2);
      expect(contents(openStore(info.path))).toEqual(expected);
    }
  });

  test('a cut-off or foreign archive is an error that names it', async () => {
    const folder = fresh();
    const path = join(folder, 'x.tar');
    await writeTar(path, good);
    const whole = readFileSync(path);
    // Inside a file's bytes, and inside a header.
    for (const length of [700, 1300]) {
      writeFileSync(path, whole.subarray(0, length));
      await expect(prepare(path)).rejects.toThrow(`${path}: not a whole .tar or .tar.gz archive`);
    }
    const packed = gzipSync(whole);
    writeFileSync(path, packed.subarray(0, packed.length - 20));
    await expect(prepare(path)).rejects.toThrow(/unexpected end of file/);
    writeFileSync(path, Buffer.alloc(2048, 'no archive at all '));
    await expect(prepare(path)).rejects.toThrow(DataError);
    expect(
      readdirSync(join(root, 'cache', 'images')).filter((name) => name.endsWith('.tmp')),
    ).toEqual([]);
  });

  test('the same file in two shards is an error', async () => {
    const folder = fresh();
    await writeTar(join(folder, '0.tar'), good);
    await writeTar(join(folder, '1.tar'), { 'train/b/1.png': good['train/b/1.png']! });
    await expect(prepare([`${folder}/*.tar`])).rejects.toThrow(
      `train/b/1.png comes twice: in ${folder}/0.tar and in ${folder}/1.tar`,
    );
  });
});

describe('what is missing is named', () => {
  const without = (pattern: RegExp) =>
    Object.fromEntries(Object.entries(good).filter(([path]) => !pattern.test(path)));

  test('a path or glob without match', async () => {
    await expect(prepare('none-*.tar')).rejects.toThrow(
      `data source "none-*.tar": nothing there, looked in ${root}`,
    );
    const folder = writeFolder(good);
    await expect(prepare([folder, 'gone'])).rejects.toThrow('data source "gone"');
  });

  test('validation images, training images, all images', async () => {
    const noVal = writeFolder(without(/^val/));
    await expect(prepare(noVal)).rejects.toThrow(`no validation images in ${noVal}`);
    await expect(prepare(writeFolder(without(/^train/)))).rejects.toThrow('no training images in');
    await expect(prepare(fresh())).rejects.toThrow('no training images in');
    const folder = fresh();
    await writeTar(join(folder, 'x.tar'), without(/^val/));
    await expect(prepare(join(folder, 'x.tar'))).rejects.toThrow(
      `no validation images in ${folder}`,
    );
  });

  test('an empty class, and one whose files all fail', async () => {
    const folder = writeFolder(good);
    mkdirSync(join(folder, 'train/c'));
    await expect(prepare(folder)).rejects.toThrow('no images of class c at train/');
    const failing = writeFolder({
      ...good,
      'train/c/x.jpg': Buffer.from('nonsense'),
      'val/c/x.png': good['val/a/v.png']!,
    });
    const error = await prepare(failing).catch((caught: unknown) => caught as DataError);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).message).toContain('no images of class c at train/');
    expect((error as DataError).hint).toContain('train/c/x.jpg: not an image');
  });

  test('a size of nonsense', async () => {
    await expect(prepare(writeFolder(good), { size: 0 })).rejects.toThrow('image size is 0');
  });
});

describe('the store', () => {
  /** Prepares and counts the files that had to be decoded. */
  async function decoded(folder: string, cache: string) {
    let files = 0;
    const request = { source: folder, baseDirectory: root, size: 8, cache };
    const info = await prepareStore(request, (progress) => (files = progress.files));
    return { info, files };
  }

  test('is used again while nothing changed, made anew when a file did', async () => {
    const folder = writeFolder(good);
    const cache = fresh();
    const first = await decoded(folder, cache);
    expect(first.files).toBe(7);
    expect(await decoded(folder, cache)).toEqual({ info: first.info, files: 0 });
    // Another time, same bytes: decoded again, same identity.
    utimesSync(join(folder, 'train/b/1.png'), 1e9, 1e9);
    const touched = await decoded(folder, cache);
    expect(touched.files).toBe(7);
    expect(touched.info.manifestHash).toBe(first.info.manifestHash);
    writeFileSync(join(folder, 'train/b/1.png'), good['val/b/w.png']!);
    const changed = await decoded(folder, cache);
    expect(changed.info.manifestHash).not.toBe(first.info.manifestHash);
  });

  test('its identity does not depend on the place, but on size, names and classes', async () => {
    const hash = async (files: Files, size = 8) =>
      (await prepare(writeFolder(files), { size })).manifestHash;
    const original = await hash(good);
    expect(await hash(good)).toBe(original);
    expect(await hash(good, 9)).not.toBe(original);
    const { 'train/b/1.png': moved, ...rest } = good;
    expect(await hash({ ...rest, 'train/b/0.png': moved! })).not.toBe(original);
    expect(await hash({ ...rest, 'train/a/1.png': moved! })).not.toBe(original);
  });

  test('a torn or damaged file is refused, and made again byte for byte', async () => {
    const folder = writeFolder(good);
    const cache = fresh();
    const { info } = await decoded(folder, cache);
    const whole = readFileSync(info.path);
    const tear = (length: number) => () => truncateSync(info.path, length);
    const flip = (at: number) => () => {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ 1;
      writeFileSync(info.path, bytes);
    };
    const damages = [
      tear(0),
      tear(10),
      tear(4096),
      tear(whole.length - 1),
      flip(0),
      flip(whole.length - 3),
    ];
    for (const damage of damages) {
      damage();
      expect(() => openStore(info.path)).toThrow(/damaged store of decoded images/);
      expect((await decoded(folder, cache)).files).toBe(7);
      expect(readFileSync(info.path).equals(whole)).toBe(true);
    }
    rmSync(info.path);
    expect(() => openStore(info.path)).toThrow(/cannot be opened/);
  });

  test('a writer that dies leaves no store, and the next one removes its remains', async () => {
    const folder = writeFolder(good);
    const cache = fresh();
    const { info } = await decoded(folder, cache);
    rmSync(info.path);
    const alive = cacheWriter(info.path);
    alive.room(192).fill(1);
    expect(existsSync(info.path)).toBe(false);
    // A process id beyond what Linux and macOS give out by default is not running.
    const remains = `${info.path}.${hostname()}.99999999.abcd.tmp`;
    writeFileSync(remains, 'half a store');
    const [ours] = readdirSync(dirname(info.path));
    expect((await decoded(folder, cache)).files).toBe(7);
    expect(existsSync(remains)).toBe(false);
    // That of a living process stays.
    expect(existsSync(join(dirname(info.path), ours!))).toBe(true);
    alive.discard();
    expect(readdirSync(dirname(info.path))).toHaveLength(1);
  });

  test('records read from the file are those in memory', async () => {
    const { path } = await prepare(writeFolder(good));
    const fromFile = openImages(path, 0);
    const kept = fromFile.train.pixels(0);
    const before = [...kept];
    expect(contents(fromFile)).toEqual(contents(openImages(path)));
    // Views stay valid while others are read.
    expect([...kept]).toEqual(before);
  });

  test('a cache that cannot be written is named', async () => {
    const folder = writeFolder(good);
    const blocked = join(fresh(), 'file');
    writeFileSync(blocked, '');
    const error = await prepare(folder, { cache: blocked }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).hint).toContain('SELFFER_CACHE_DIR');
  });

  test('a folder with glob characters in its name is taken literally', async () => {
    const odd = join(fresh(), 'set [1]*');
    cpSync(writeFolder(good), odd, { recursive: true });
    expect((await prepare(odd)).classes).toEqual(['a', 'b']);
  });
});

test('the cache directory follows the environment', () => {
  expect(cacheDirectory({ SELFFER_CACHE_DIR: '/x', XDG_CACHE_HOME: '/y' })).toBe('/x');
  expect(cacheDirectory({ XDG_CACHE_HOME: '/y' })).toBe('/y/selffer');
  expect(cacheDirectory({})).toMatch(/\.cache\/selffer$/);
});

describe.skipIf(!existsSync(glyphsFile))('the built-in glyphs', () => {
  test('open as a grey set of 28x28', async () => {
    const info = await prepare(['glyphs'], { size: 28 });
    const set = openStore(info.path);
    expect(set.form).toEqual({ channels: 1, height: 28, width: 28 });
    expect(set.classes.length).toBeGreaterThanOrEqual(52);
    expect(info.counts.train.reduce((sum, count) => sum + count)).toBe(set.train.count);
    expect(set.val.pixels(set.val.count - 1).length).toBe(784);
    expect(set.manifestHash).toBe(info.manifestHash);
    expect(openStore('glyphs').manifestHash).toBe(info.manifestHash);
  });

  test('other sizes and mixtures are refused', async () => {
    await expect(prepare('glyphs')).rejects.toThrow('its images are 28x28, size is 8');
    await expect(prepare(['glyphs', 'x'])).rejects.toThrow('glyphs cannot be mixed');
  });
});

test('an empty class harms only those who use it', async () => {
  const source = writeFolder({ ...good, 'train/c/1.png': good['train/b/1.png'] as Uint8Array });
  const request = { source, baseDirectory: root, size: 8, cache: join(root, 'cache-used') };
  await expect(prepareStore(request)).rejects.toMatchObject({
    message: `no images of class c at val/<class>/* in ${source}`,
    hint: expect.stringContaining('tasks: {classes: ...}'),
  });
  const info = await prepareStore({ ...request, used: ['a', 'b'] });
  expect(info.counts.val).toEqual([1, 1, 0]);
  // Found again in the cache it is refused again.
  await expect(prepareStore(request)).rejects.toThrow('no images of class c');
});

test('an interrupted decode is resumed: what was decoded is not read again', async () => {
  const ppm = (value: number) =>
    Buffer.concat([Buffer.from('P6 4 4 255 '), Buffer.alloc(48, value)]);
  const files: Files = { 'val/a/v.ppm': ppm(1), 'val/b/v.ppm': ppm(2) };
  for (let at = 0; at < 80; at++) files[`train/${at < 70 ? 'a' : 'b'}/${at}.ppm`] = ppm(at);
  const source = writeFolder(files);
  const first = join(source, 'train/a/0.ppm');
  utimesSync(first, 1000, 1000);
  const whole = await prepareStore({ source, baseDirectory: root, size: 4, cache: fresh() });
  const cache = fresh();
  const request = { source, baseDirectory: root, size: 4, cache };
  const stopped = prepareStore(request, () => {
    throw new Error('stopped');
  });
  await expect(stopped).rejects.toThrow('stopped');
  const left = readdirSync(join(cache, 'images'));
  expect(left.filter((name) => /\.(partial|journal)$/.test(name))).toHaveLength(2);
  // Another picture at the same size and time: only who reads it again sees it.
  writeFileSync(first, ppm(200));
  utimesSync(first, 1000, 1000);
  const info = await prepareStore(request);
  expect(info.manifestHash).toBe(whole.manifestHash);
  expect(readFileSync(info.path).equals(readFileSync(whole.path))).toBe(true);
  expect(readdirSync(join(cache, 'images'))).toHaveLength(1);
});

test('some classes of a source are a data set of their own', async () => {
  const more = { ...good, 'train/c/1.png': good['train/b/1.png'] as Uint8Array };
  const [source, small] = [writeFolder(more), writeFolder(good)];
  const request = { source, baseDirectory: root, size: 8, cache: join(root, 'cache-some') };
  const info = await prepareStore({ ...request, classes: ['b', 'a'] });
  expect(info.classes).toEqual(['a', 'b']);
  expect(info.manifestHash).toBe((await prepareStore({ ...request, source: small })).manifestHash);
  const wrong = ['a', 'z'];
  await expect(prepareStore({ ...request, classes: wrong, used: wrong })).rejects.toMatchObject({
    message: expect.stringMatching(/^no class z in .*, which has class a$/),
  });
});

test('a file that can be fetched and is not there: the error says how', async () => {
  const source = 'tiny/tiny-imagenet-200.zip';
  await expect(prepareStore({ source, baseDirectory: root, size: 8 })).rejects.toMatchObject({
    hint: expect.stringContaining('selffer data fetch tiny-imagenet --out tiny fetches it'),
  });
});
