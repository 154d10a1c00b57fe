import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { afterAll, describe, expect, test } from 'vitest';
import { packImages } from '../../src/data/pack/pack-images.js';
import { openStore, prepareStore } from '../../src/data/prepare/store.js';
import { contents, pattern } from './contents.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-cifar-'));
afterAll(() => rmSync(root, { recursive: true }));

const names10 = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
const PIXEL_BYTES = 3072;
let seed = 0;

type Files = Record<string, Uint8Array | string>;

/** Records of labels (each one or two bytes) and pixels of their own. */
function records(labels: readonly (readonly number[])[]): Buffer {
  return Buffer.concat(
    labels.flatMap((label) => [Buffer.from(label), pattern(seed++, PIXEL_BYTES)]),
  );
}

/** A CIFAR-10 of two records a batch and one test record a class. */
function cifar10(): Files {
  const files: Files = { 'batches.meta.txt': `${names10.join('\n')}\n\n`, 'readme.html': '<html>' };
  for (let batch = 1; batch <= 5; batch++) {
    files[`data_batch_${batch}.bin`] = records([[batch - 1], [10 - batch]]);
  }
  files['test_batch.bin'] = records(names10.map((_, label) => [label]));
  return files;
}

function writeFolder(files: Files, folder = 'cifar-10-batches-bin'): string {
  const path = join(root, String(seed++), folder);
  mkdirSync(path, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
  return path;
}

async function writeArchive(files: Files, folder = 'cifar-10-batches-bin'): Promise<string> {
  const path = join(root, `cifar-${seed++}.tar.gz`);
  const archive = pack();
  archive.entry({ name: `${folder}/`, type: 'directory' });
  for (const [name, bytes] of Object.entries(files)) {
    archive.entry({ name: `${folder}/${name}` }, Buffer.from(bytes));
  }
  archive.finalize();
  await pipeline(archive, createGzip(), createWriteStream(path));
  return path;
}

const prepare = (source: string, size = 32) =>
  prepareStore({ source, baseDirectory: root, size, cache: join(root, 'cache') });

const packed = (source: string, records: 'raw' | 'jpeg' = 'raw', size = 32) =>
  packImages({
    ...{ source: [source], baseDirectory: root, size, resize: 'warp', records },
    out: join(root, `${seed++}.store`),
    isStrict: true,
  });

/** What a batch's bytes say: [class, ...pixels] a record. */
function said(bytes: Uint8Array, labelBytes: number, classes: readonly string[]) {
  const length = labelBytes + PIXEL_BYTES;
  return Array.from({ length: bytes.length / length }, (_, at) => {
    const record = bytes.subarray(at * length, (at + 1) * length);
    return [classes[record[labelBytes - 1]!]!, ...record.subarray(labelBytes)];
  });
}

/** By class; within a class the store's order is that of batches and records. */
function byClass(images: (string | number)[][]) {
  const order = [...new Set(images.map(([name]) => name as string))].sort();
  return order.flatMap((name) => images.filter(([each]) => each === name));
}

describe('CIFAR-10', () => {
  test('in a folder keeps every pixel and label, batches for training, the test batch for validation', async () => {
    const files = cifar10();
    const info = await prepare(writeFolder(files));
    expect(info).toMatchObject({
      ...{ classes: names10, form: { channels: 3, height: 32, width: 32 }, skipped: [] },
      counts: { train: Array(10).fill(1), val: Array(10).fill(1) },
    });
    const batches = [1, 2, 3, 4, 5].map((batch) => files[`data_batch_${batch}.bin`] as Buffer);
    expect(contents(openStore(info.path))).toEqual({
      train: byClass(batches.flatMap((batch) => said(batch, 1, names10))),
      val: byClass(said(files['test_batch.bin'] as Buffer, 1, names10)),
    });
  });

  test('as its archive is the same data set, also where the class names come last', async () => {
    const { 'batches.meta.txt': meta, ...rest } = cifar10();
    const files = { 'batches.meta.txt': meta!, ...rest };
    const folder = await prepare(writeFolder(files));
    for (const order of [files, { ...rest, 'batches.meta.txt': meta! }]) {
      const info = await prepare(await writeArchive(order));
      expect(info.manifestHash).toBe(folder.manifestHash);
      expect(contents(openStore(info.path))).toEqual(contents(openStore(folder.path)));
    }
  });

  test('packed is what a study decodes, raw to the byte and JPEG nearly', async () => {
    const path = await writeArchive(cifar10());
    const decoded = await prepare(path);
    const report = await packed(path);
    expect(report).toMatchObject({ manifestHash: decoded.manifestHash, channels: 3, remarks: [] });
    expect(contents(openStore(report.store))).toEqual(contents(openStore(decoded.path)));
    const jpeg = await prepare((await packed(path, 'jpeg')).store);
    expect(jpeg).toMatchObject({ counts: decoded.counts, form: { channels: 3 }, skipped: [] });
    const [a, b] = [openStore(jpeg.path).train.pixels(3), openStore(decoded.path).train.pixels(3)];
    const difference = a.reduce((sum, value, at) => sum + Math.abs(value - b[at]!), 0) / a.length;
    // Noise is the worst case of a JPEG; different images are 85 apart.
    expect(difference).toBeLessThan(25);
  });

  test('is resized as a folder of the same images is', async () => {
    const files = cifar10();
    const images = join(root, String(seed++));
    for (const [name, bytes] of Object.entries(files)) {
      if (!name.endsWith('.bin')) continue;
      for (const [at, [label, ...planes]] of said(bytes as Buffer, 1, names10).entries()) {
        const folder = join(images, name === 'test_batch.bin' ? 'val' : 'train', String(label));
        mkdirSync(folder, { recursive: true });
        const rgb = Uint8Array.from(
          { length: PIXEL_BYTES },
          (_, i) => planes[(i % 3) * 1024 + Math.floor(i / 3)] as number,
        );
        const raw = { width: 32, height: 32, channels: 3 } as const;
        await sharp(rgb, { raw })
          .png()
          .toFile(join(folder, `${basename(name, '.bin')}-${at}.png`));
      }
    }
    for (const size of [20, 40]) {
      const [own, other] = [await prepare(writeFolder(files), size), await prepare(images, size)];
      expect(contents(openStore(own.path))).toEqual(contents(openStore(other.path)));
    }
  });
});

test('CIFAR-100 goes by its fine labels', async () => {
  const fine = Array.from({ length: 100 }, (_, label) => `fine-${String(label).padStart(2, '0')}`);
  const labels = fine.map((_, label) => [label % 20, label]);
  const files: Files = {
    'coarse_label_names.txt': Array.from({ length: 20 }, (_, label) => `coarse-${label}\n`).join(
      '',
    ),
    'fine_label_names.txt': fine.map((name) => `${name}\n`).join(''),
    'train.bin': records([...labels, [3, 7]]),
    'test.bin': records(labels),
  };
  const info = await prepare(writeFolder(files, 'cifar-100-binary'));
  expect(info.classes).toEqual(fine);
  expect(info.counts.train.map((count, label) => (label === 7 ? count - 1 : count))).toEqual(
    Array(100).fill(1),
  );
  expect(contents(openStore(info.path))).toEqual({
    train: byClass(said(files['train.bin'] as Buffer, 2, fine)),
    val: byClass(said(files['test.bin'] as Buffer, 2, fine)),
  });
  const archive = await prepare(await writeArchive(files, 'cifar-100-binary'));
  expect(archive.manifestHash).toBe(info.manifestHash);
});

describe('a broken CIFAR-10 is refused', () => {
  const cases: [what: string, change: (files: Files) => void, error: RegExp][] = [
    [
      'a short file',
      (files) =>
        (files['data_batch_2.bin'] = (files['data_batch_2.bin'] as Buffer).subarray(0, 6000)),
      /data_batch_2\.bin: it ends inside record 1, after 2927 of its 3073 bytes/,
    ],
    [
      'a label beyond the names',
      (files) => ((files['test_batch.bin'] as Buffer)[3073 * 4] = 10),
      /test_batch\.bin: record 4 has label 10, wanted 0 to 9/,
    ],
    [
      'batches that are missing',
      (files) => {
        delete files['data_batch_3.bin'];
        delete files['test_batch.bin'];
      },
      /CIFAR-10 without data_batch_3\.bin, test_batch\.bin/,
    ],
    [
      'no class names',
      (files) => delete files['batches.meta.txt'],
      /CIFAR-10 without batches\.meta\.txt/,
    ],
    [
      'an empty file of class names',
      (files) => (files['batches.meta.txt'] = '\n'),
      /batches\.meta\.txt: the class of label 0 has no name/,
    ],
    [
      'a class name that comes twice',
      (files) => (files['batches.meta.txt'] = 'cat\ndog\ncat\n'),
      /labels 0 and 2 have the same class name, "cat"/,
    ],
  ];
  test.each(cases)('%s', async (_, change, error) => {
    const files = cifar10();
    change(files);
    await expect(prepare(writeFolder(files))).rejects.toThrow(error);
    await expect(prepare(await writeArchive(files))).rejects.toThrow(error);
  });

  test('an archive that is cut off', async () => {
    const path = await writeArchive(cifar10());
    writeFileSync(path, readFileSync(path).subarray(0, 40_000));
    await expect(prepare(path)).rejects.toThrow(
      /not a whole .tar or .tar.gz archive \(unexpected end of file\)/,
    );
  });

  test('the version for Python', async () => {
    const files = { data_batch_1: 'pickled', 'batches.meta': 'pickled' };
    const hint = 'Take the binary version, cifar-10-binary.tar.gz';
    for (const path of [
      writeFolder(files, 'cifar-10-batches-py'),
      await writeArchive(files, 'cifar-10-batches-py'),
    ]) {
      const error = await prepare(path).catch((each: unknown) => each);
      expect(error).toMatchObject({
        name: 'DataError',
        hint: expect.stringContaining(hint) as string,
      });
    }
  });
});
