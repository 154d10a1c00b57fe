import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { inspectStore } from '../../src/data/info/inspect-store.js';
import { packImages } from '../../src/data/pack/pack-images.js';
import { openStore, prepareStore } from '../../src/data/prepare/store.js';
import { contents, pattern } from './contents.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-idx-'));
process.env['SELFFER_CACHE_DIR'] = join(root, 'cache');
afterAll(() => rmSync(root, { recursive: true }));

type Files = Record<string, Uint8Array | string>;
let seed = 0;

function idx(magic: number, sizes: readonly number[], items: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic);
  sizes.forEach((size, at) => header.writeUInt32BE(size, 4 + 4 * at));
  return Buffer.concat([header, items]);
}

const labelsFile = (labels: readonly number[]) =>
  idx(0x801, [labels.length], Uint8Array.from(labels));
const imagesFile = (count: number, rows = 28, columns = 28) =>
  idx(0x803, [count, rows, columns], pattern(seed++, count * rows * columns));

const digits = [3, 1, 4, 1, 5, 9, 2, 6, 0, 7, 8, 8];

/** A set of MNIST's names: 12 training and 12 test images. */
function mnist(prefix = '', test = 't10k', labels = digits): Files {
  return {
    [`${prefix}train-images-idx3-ubyte`]: imagesFile(labels.length),
    [`${prefix}train-labels-idx1-ubyte`]: labelsFile(labels),
    [`${prefix}${test}-images-idx3-ubyte`]: imagesFile(labels.length),
    [`${prefix}${test}-labels-idx1-ubyte`]: labelsFile([...labels].reverse()),
  };
}

/** EMNIST's letters, of which there are three: classes Aa, Bb, Cc with labels from 1. */
function letters(): Files {
  const mapping = '1 65 97\n2 66 98\r\n3 67 99\n';
  return {
    ...mnist('emnist-letters-', 'test', [2, 3, 1, 1]),
    'emnist-letters-mapping.txt': mapping,
  };
}

function writeFiles(files: Files): string {
  const path = join(root, String(seed++));
  mkdirSync(path, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
  return path;
}

const gzipped = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]));

const prepare = (source: string | string[], size = 28) =>
  prepareStore({ source, baseDirectory: root, size });

const packed = (source: string, records: 'raw' | 'jpeg' = 'raw') =>
  packImages({
    ...{ source: [source], baseDirectory: root, size: 28, resize: 'warp', records },
    out: join(root, `${seed++}.store`),
    isStrict: true,
  });

/** [class, ...pixels] of a part, classes in order, images of a class as they come. */
function said(files: Files, part: string, names: readonly string[], first = 0) {
  const pixels = (files[`${part}-images-idx3-ubyte`] as Buffer).subarray(16);
  const labels = [...(files[`${part}-labels-idx1-ubyte`] as Buffer).subarray(8)];
  const images = labels.map((label, at) => [
    names[label - first]!,
    ...pixels.subarray(at * 784, (at + 1) * 784),
  ]);
  return names.flatMap((name) => images.filter(([each]) => each === name));
}

const ten = Array.from({ length: 10 }, (_, digit) => String(digit));

describe('MNIST', () => {
  test('is grey, and keeps every pixel and label', async () => {
    const files = mnist();
    const info = await prepare(writeFiles(files));
    expect(info).toMatchObject({ classes: ten, skipped: [] });
    expect(info.form).toEqual({ channels: 1, height: 28, width: 28 });
    expect(contents(openStore(info.path))).toEqual({
      train: said(files, 'train', ten),
      val: said(files, 't10k', ten),
    });
  });

  test('is the same gzipped, dotted, or named by a file or a glob of its files', async () => {
    const files = mnist();
    const { manifestHash } = await prepare(writeFiles(files));
    const zipped = writeFiles(gzipped(files));
    const dotted = writeFiles(files);
    for (const name of Object.keys(files)) {
      renameSync(join(dotted, name), join(dotted, name.replace('-idx', '.idx')));
    }
    // What unpacking leaves beside them: the gzipped files, and what macOS adds.
    const both = writeFiles({ ...files, ...gzipped(files), '._train-images-idx3-ubyte': 'x' });
    const sources = [
      zipped,
      dotted,
      both,
      join(zipped, 't10k-labels-idx1-ubyte.gz'),
      `${zipped}/*.gz`,
    ];
    for (const source of sources) {
      expect((await prepare(source)).manifestHash, source).toBe(manifestHash);
    }
  });

  test('packed is what a study decodes: raw to the byte, JPEG in grey', async () => {
    const path = writeFiles(gzipped(mnist()));
    const decoded = await prepare(path);
    const report = await packed(path);
    expect(report).toMatchObject({ manifestHash: decoded.manifestHash, channels: 1, remarks: [] });
    expect(report.sizeBytes).toBeLessThan(4096 + 24 * 784 + 4000);
    expect(contents(openStore(report.store))).toEqual(contents(openStore(decoded.path)));
    const jpeg = await prepare((await packed(path, 'jpeg')).store);
    expect(jpeg).toMatchObject({ counts: decoded.counts, form: { channels: 1 }, skipped: [] });
    const [a, b] = [openStore(jpeg.path).train.pixels(3), openStore(decoded.path).train.pixels(3)];
    const difference = a.reduce((sum, value, at) => sum + Math.abs(value - b[at]!), 0) / a.length;
    expect(difference).toBeLessThan(10);
  });

  test('is resized as sharp resizes grey images', async () => {
    const files = mnist();
    const info = await prepare(writeFiles(files), 20);
    const first = (files['train-images-idx3-ubyte'] as Buffer).subarray(16, 16 + 784);
    const wanted = await sharp(first, { raw: { width: 28, height: 28, channels: 1 } })
      .resize(20, 20, { kernel: 'lanczos3' })
      .toColourspace('b-w')
      .raw()
      .toBuffer();
    const set = openStore(info.path);
    const three = [...set.train.labels].indexOf(3);
    expect([...set.train.pixels(three)]).toEqual([...wanted]);
  });

  test('has its mean and contact sheet in data info', async () => {
    const files = mnist();
    const report = await packed(writeFiles(files));
    const info = await inspectStore(report.store);
    const pixels = (files['train-images-idx3-ubyte'] as Buffer).subarray(16);
    const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    expect(info).toMatchObject({ channels: 1, size: 28, images: { train: 12, val: 12 } });
    expect(info.channelMean).toEqual([expect.closeTo(mean, 9)]);
    const sheet = await sharp(`${report.store}.contact-sheet.png`).metadata();
    expect([sheet.width, sheet.height]).toEqual([2 + 12 * 30, 2 + 10 * 30]);
  });

  test('has to be packed for data info', async () => {
    const path = writeFiles(gzipped(mnist()));
    const images = join(path, 'train-images-idx3-ubyte.gz');
    await expect(inspectStore(path)).rejects.toThrow(/ is a folder, wanted a store$/);
    await expect(inspectStore(images)).rejects.toThrow(/: not a store, or a damaged .* foreign$/);
  });

  test('cannot be one data set with colour images', async () => {
    const folder = join(root, 'colour');
    for (const part of ['train', 'val']) {
      mkdirSync(join(folder, part, '0'), { recursive: true });
      const plain = { width: 28, height: 28, channels: 3, background: '#123456' } as const;
      await sharp({ create: plain })
        .png()
        .toFile(join(folder, part, '0', 'x.png'));
    }
    const path = writeFiles(mnist());
    await expect(prepare([path, folder])).rejects.toThrow(
      /are grey \(1 channel\), those of .*colour \(3 channels\)/,
    );
  });
});

describe('EMNIST', () => {
  test('is turned upright and has the names of its mapping', async () => {
    const files = letters();
    const names = ['Aa', 'Bb', 'Cc'];
    const upright = (images: (string | number)[][]) =>
      images.map(([name, ...pixels]) => [
        name,
        ...pixels.map((_, at) => pixels[(at % 28) * 28 + Math.floor(at / 28)]),
      ]);
    const plain = await prepare(writeFiles(files));
    expect(plain).toMatchObject({ classes: names, form: { channels: 1 } });
    expect(contents(openStore(plain.path))).toEqual({
      train: upright(said({ ...unprefixed(files) }, 'train', names, 1)),
      val: upright(said(unprefixed(files), 'test', names, 1)),
    });
  });

  test('of which a folder holds several sets is named by a file of one', async () => {
    const folder = writeFiles({
      ...letters(),
      ...mnist('emnist-digits-', 'test'),
      'emnist-digits-mapping.txt': ten.map((digit) => `${digit} ${48 + Number(digit)}\n`).join(''),
    });
    await expect(prepare(folder)).rejects.toThrow(
      /2 sets of IDX files \(emnist-digits-\*, emnist-letters-\*\), wanted one/,
    );
    const info = await prepare(join(folder, 'emnist-letters-mapping.txt'));
    expect(info.classes).toEqual(['Aa', 'Bb', 'Cc']);
    const glob = await prepare(join(folder, 'emnist-digits-*'));
    expect(glob.classes).toEqual(ten);
  });

  function unprefixed(files: Files): Files {
    return Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name.replace('emnist-letters-', ''), bytes]),
    );
  }
});

describe('a set as people have it', () => {
  const names = (labels: readonly number[]) => [...new Set(labels)].sort((a, b) => a - b);
  test.each([[[0, 1, 2, 3, 4, 4]], [[1, 2, 3]], [Array.from({ length: 33 }, (_, label) => label)]])(
    'of labels %j has those classes',
    async (labels) => {
      const info = await prepare(writeFiles(mnist('', 't10k', labels)));
      expect(info.classes).toEqual(names(labels).map(String).sort());
      expect(info.counts.train.every((count) => count > 0)).toBe(true);
    },
  );

  test('has parts of other names, capital letters, a folder for each file, or lies deeper', async () => {
    const files = mnist();
    const expected = (await prepare(writeFiles(files))).manifestHash;
    const renamed = (change: (name: string) => string) =>
      Object.fromEntries(Object.entries(files).map(([name, bytes]) => [change(name), bytes]));
    for (const change of [
      (name: string) => name.replace('t10k', 'validation').replace('train', 'training'),
      (name: string) => name.toUpperCase(),
    ]) {
      expect((await prepare(writeFiles(renamed(change)))).manifestHash).toBe(expected);
    }
    const deep = join(root, String(seed++));
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(join(deep, 'MNIST/raw', name), { recursive: true });
      writeFileSync(join(deep, 'MNIST/raw', name, name), bytes);
    }
    expect((await prepare(deep)).manifestHash).toBe(expected);
  });

  test('with a test split beside validation leaves it out', async () => {
    const files = mnist('', 'val');
    const with_ = { ...files, ...mnist('', 'test') };
    for (const part of ['train', 'val']) {
      for (const kind of ['images-idx3', 'labels-idx1']) {
        with_[`${part}-${kind}-ubyte`] = files[`${part}-${kind}-ubyte`]!;
      }
    }
    const [a, b] = [await prepare(writeFiles(files)), await prepare(writeFiles(with_))];
    expect(b.manifestHash).toBe(a.manifestHash);
  });

  test('is not a CIFAR set because of a file name', async () => {
    const folder = writeFiles({ ...mnist(), 'batches.meta.txt': 'a\nb\n', 'train.bin': 'model' });
    expect((await prepare(folder)).classes).toEqual(ten);
  });

  test('is told of links to nothing, pointers of Git LFS, colour and what is written behind', async () => {
    const name = 'train-images-idx3-ubyte';
    const hintOf = (folder: string) =>
      prepare(folder).then(
        () => '',
        (error: unknown) => `${String(error)} ${(error as { hint?: string }).hint}`,
      );
    const lost = writeFiles(mnist());
    rmSync(join(lost, name));
    symlinkSync('.git/annex/objects/none', join(lost, name));
    expect(await hintOf(lost)).toMatch(/a link to nothing.* git annex get/);
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n';
    expect(await hintOf(writeFiles({ ...mnist(), [name]: pointer }))).toMatch(
      /a Git LFS pointer, not the file itself git lfs pull/,
    );
    const colour = idx(0x804, [2, 3, 2, 2], new Uint8Array(24));
    expect(await hintOf(writeFiles({ ...mnist(), [name]: colour }))).toMatch(
      /4 dimensions of type 0x08: wanted are grey images/,
    );
    const labels = Buffer.concat([labelsFile(digits), Buffer.from('\n')]);
    expect(await hintOf(writeFiles({ ...mnist(), 'train-labels-idx1-ubyte': labels }))).toMatch(
      /13 of the 12 items.*longer than it should be/,
    );
  });
});

describe('a broken set is refused', () => {
  const images = 'train-images-idx3-ubyte';
  const labels = 't10k-labels-idx1-ubyte';
  const change = (name: string, how: (bytes: Buffer) => Uint8Array) => (files: Files) => {
    files[name] = how(files[name] as Buffer);
  };
  const set = (at: number, value: number) => (bytes: Buffer) => (
    bytes.writeUInt8(value, at),
    bytes
  );
  const without =
    (...names: string[]) =>
    (files: Files) => {
      for (const name of names) Reflect.deleteProperty(files, name);
    };
  const cases: [what: string, change: (files: Files) => void, error: RegExp][] = [
    [
      'a short images file',
      change(images, (bytes) => bytes.subarray(0, -100)),
      /train-images-idx3-ubyte: it ends inside record 11, after 684 of its 784 bytes/,
    ],
    [
      'an images file that lacks whole images',
      change(images, (bytes) => bytes.subarray(0, -784)),
      /only 11 of the 12 items that its header says/,
    ],
    [
      'an images file with more than it says',
      change(images, (bytes) => Buffer.concat([bytes, Buffer.alloc(784)])),
      /more than the 12 items/,
    ],
    [
      'a file that ends in its header',
      change(images, (bytes) => bytes.subarray(0, 10)),
      /it ends inside its header/,
    ],
    [
      'an empty file',
      change(images, () => Buffer.alloc(0)),
      /not an IDX file of images: it has no four first bytes/,
    ],
    [
      'labels where images should be',
      (files) => (files[images] = files[labels]!),
      /not an IDX file of images: it begins with 0x00000801, wanted 0x00000803/,
    ],
    [
      'images where labels should be',
      (files) => (files[labels] = files[images]!),
      /not an IDX file of labels: it begins with 0x00000803, wanted 0x00000801/,
    ],
    [
      'images of no size',
      change(images, set(15, 0)),
      /images of 28x0 pixels, wanted 1 to 4096 a side/,
    ],
    [
      'counts that differ',
      (files) => (files[labels] = labelsFile(digits.slice(1))),
      /11 labels for the 12 images of .*t10k-images/,
    ],
    [
      'a short labels file',
      change(labels, (bytes) => bytes.subarray(0, -2)),
      /t10k-labels-idx1-ubyte: it holds 10 of the 12 items/,
    ],
    [
      'a label beyond the classes',
      change(labels, set(8 + 5, 10)),
      /t10k-labels-idx1-ubyte: label 10 of image 5, wanted 0 to 9/,
    ],
    ['a file that is missing', without(labels), /the IDX files \* lack t10k or test-labels/],
    [
      'a part that is missing',
      without(labels, 't10k-images-idx3-ubyte'),
      /lack t10k or test-images, t10k or test-labels/,
    ],
  ];
  test.each(cases)('%s', async (_, change, error) => {
    const files = mnist();
    change(files);
    await expect(prepare(writeFiles(files))).rejects.toThrow(error);
    await expect(prepare(writeFiles(gzipped(files)))).rejects.toThrow(
      new RegExp(error.source.replaceAll('-ubyte:', '-ubyte\\.gz:')),
    );
  });

  test.each([40, 3000])('a gzipped file cut off after %i bytes', async (length) => {
    const files = gzipped(mnist());
    files[`${images}.gz`] = (files[`${images}.gz`] as Buffer).subarray(0, length);
    await expect(prepare(writeFiles(files))).rejects.toThrow(
      /train-images-idx3-ubyte\.gz: cannot be read to its end \(unexpected end of file\)/,
    );
  });

  test('an EMNIST without its mapping, or with a damaged one', async () => {
    const folder = writeFiles(letters());
    const mapping = join(folder, 'emnist-letters-mapping.txt');
    for (const [text, error] of [
      ['1 65\n2 \n', /mapping\.txt:2: found "2", wanted a new label and code points/],
      ['1 65\n1 66\n', /mapping\.txt:2: found "1 66"/],
      ['1 65\n2 65\n', /have the same class name, "A"/],
      ['', /mapping\.txt:1: found ""/],
      ['1 65\n2 66\n', /label 3 of image 1, wanted 1 to 2/],
    ] as const) {
      writeFileSync(mapping, text);
      await expect(prepare(folder)).rejects.toThrow(error);
    }
    rmSync(mapping);
    await expect(prepare(folder)).rejects.toThrow(/emnist-letters-\* lack mapping\.txt/);
    expect(
      readFileSync(join(dirname(mapping), 'emnist-letters-train-labels-idx1-ubyte')),
    ).toHaveLength(12);
  });
});
