import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveSources } from '../../../src/data/prepare/resolve-source.js';
import {
  type Files,
  jpeg,
  packed,
  type Packed,
  sameData,
  tarOf,
  writeFiles,
} from './made-sources.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-ilsvrc-'));
afterAll(() => rmSync(root, { recursive: true }));

const meta = readFileSync(new URL('../../fixtures/ilsvrc-meta.mat', import.meta.url));
// By id, as the fixture has them; Caffe's order is another one.
const SYNSETS = ['n02119789', 'n01440764', 'n04266014', 'n01443537'];
const TRUTH = [3, 1, 4, 2, 2, 3];
const valName = (number: number) => `ILSVRC2012_val_${String(number).padStart(8, '0')}.JPEG`;

const train: Files = {};
const val: Files = {};
let trainTar: Buffer;
let valTar: Buffer;
let devkit: Files;
let expected: Packed;
let serial = 0;

beforeAll(async () => {
  for (const [at, synset] of SYNSETS.entries()) {
    for (const image of [0, 1]) {
      train[`${synset}/${synset}_${image}.JPEG`] = await jpeg(2 * at + image);
    }
  }
  for (const at of TRUTH.keys()) val[valName(at + 1)] = await jpeg(20 + at);
  trainTar = await outerTar();
  valTar = await tarOf({ ...val, './._x.JPEG': 'resource fork' });
  const truth = TRUTH.map((id) => `${id}\n`).join('');
  devkit = { 'ILSVRC2012_validation_ground_truth.txt': truth, 'meta.mat': meta };
  expected = await packed(fresh({ ...under('train', train), ...sortedVal() }), root);
});

async function outerTar(inner: (synset: string, tar: Buffer) => Uint8Array = (_, tar) => tar) {
  const outer: Files = { 'README.txt': 'not an archive', './._n01440764.tar': 'resource fork' };
  for (const synset of SYNSETS) {
    const own = Object.entries(train).filter(([path]) => path.startsWith(synset));
    const tar = await tarOf(
      Object.fromEntries(own.map(([path, bytes]) => [path.slice(10), bytes])),
    );
    outer[`${synset}.tar`] = inner(synset, tar);
  }
  return tarOf(outer);
}

function under(folder: string, files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, bytes]) => [`${folder}/${path}`, bytes]),
  );
}

function sortedVal(): Files {
  const sorted = Object.entries(val).map(([name, bytes], at) => {
    return [`val/${SYNSETS[TRUTH[at]! - 1]}/${name}`, bytes];
  });
  return Object.fromEntries(sorted) as Files;
}

function fresh(files: Files): string {
  return writeFiles(join(root, String(serial++)), files);
}

const packedDevkit = async () => gzipSync(await tarOf(under('ILSVRC2012_devkit_t12/data', devkit)));
const [TRAIN, VAL, KIT] = [
  'ILSVRC2012_img_train.tar',
  'ILSVRC2012_img_val.tar',
  'ILSVRC2012_devkit_t12.tar.gz',
];

describe('ILSVRC2012', () => {
  test('packed as published is the same data as its images in folders', async () => {
    const folder = fresh({ [TRAIN]: trainTar, [VAL]: valTar, [KIT]: await packedDevkit() });
    const found = await packed(folder, root);
    expect(sameData(found)).toEqual(sameData(expected));
    expect(found.report.skipped).toEqual([]);
    expect(found.classes).toEqual([...SYNSETS].sort());
    const [source] = await resolveSources(folder, root);
    expect(source?.recognised).toBe(
      `ILSVRC2012: training images from ${TRAIN}, validation images from ${VAL} with classes from the devkit (${KIT})`,
    );
  });

  test.each([
    [
      'extracted, the devkit too',
      (kit: Files) => ({
        ...under('train', train),
        ...under('val', val),
        ...under('ILSVRC2012_devkit_t12/data', kit),
      }),
    ],
    [
      'training images extracted',
      (kit: Files) => ({ ...under('train', train), [VAL]: valTar, ...under('data', kit) }),
    ],
    [
      'validation images extracted',
      (kit: Files) => ({ [TRAIN]: trainTar, ...under('val', val), ...under('data', kit) }),
    ],
    ['validation images in class folders', () => ({ [TRAIN]: trainTar, ...sortedVal() })],
    [
      'both in class folders, the archives still there',
      () => ({ [TRAIN]: 'x', [VAL]: 'y', ...under('train', train), ...sortedVal() }),
    ],
  ] as [string, (kit: Files) => Files][])('%s', async (_, files) => {
    expect(sameData(await packed(fresh(files(devkit)), root))).toEqual(sameData(expected));
  });

  test('without the devkit takes Caffe’s val.txt, in the order of synsets.txt', async () => {
    const order = [...SYNSETS].sort();
    const lines = TRUTH.map((id, at) => `${valName(at + 1)} ${order.indexOf(SYNSETS[id - 1]!)}\n`);
    const lists = { 'val.txt': lines.join(''), 'synsets.txt': order.join('\n') };
    const folder = fresh({ [TRAIN]: trainTar, [VAL]: valTar, ...lists });
    expect(sameData(await packed(folder, root))).toEqual(sameData(expected));
    // Without synsets.txt indices are those of all 1000 classes: n01440764 is 0, n01443537 1,
    // n02119789 278, n04266014 812.
    const among1000: Record<string, number> = {
      n01440764: 0,
      n01443537: 1,
      n02119789: 278,
      n04266014: 812,
    };
    const all = TRUTH.map((id, at) => `${valName(at + 1)} ${among1000[SYNSETS[id - 1]!]}\n`);
    const flat = fresh({
      ...under('train', train),
      ...under('val', { ...val, 'val.txt': all.join('') }),
    });
    expect(sameData(await packed(flat, root))).toEqual(sameData(expected));
  });

  test('its two image archives can be named by themselves, together they are the whole', async () => {
    const folder = fresh({ [TRAIN]: trainTar, [VAL]: valTar, [KIT]: await packedDevkit() });
    const both = await packed([join(folder, TRAIN), join(folder, VAL)], root);
    expect(sameData(both)).toEqual(sameData(expected));
    const alone = await packed(join(folder, TRAIN), root);
    expect(alone.report).toMatchObject({ images: { train: 8, val: 0 }, classes: 4 });
  });

  test('what is missing is named', async () => {
    const kit = { [KIT]: await packedDevkit() };
    const open = (files: Files) => resolveSources(fresh(files), root);
    await expect(open({ [TRAIN]: trainTar, [VAL]: valTar })).rejects.toThrow(
      /img_val\.tar: no classes of the validation images/,
    );
    await expect(open({ [TRAIN]: trainTar, ...kit })).rejects.toThrow(
      /no validation images of ILSVRC2012, wanted ILSVRC2012_img_val\.tar, val/,
    );
    await expect(open({ [VAL]: valTar, ...kit })).rejects.toThrow(
      /no training images of ILSVRC2012, wanted ILSVRC2012_img_train\.tar or train/,
    );
    for (const piece of Object.keys(devkit)) {
      const rest = Object.fromEntries(Object.entries(devkit).filter(([name]) => name !== piece));
      const reason = new RegExp(`the devkit has no ${piece}`);
      await expect(
        open({ [TRAIN]: trainTar, [VAL]: valTar, ...under('data', rest) }),
      ).rejects.toThrow(reason);
      const cut = gzipSync(await tarOf(under('ILSVRC2012_devkit_t12/data', rest)));
      await expect(open({ [TRAIN]: trainTar, [VAL]: valTar, [KIT]: cut })).rejects.toThrow(reason);
    }
    const twice = { [TRAIN]: trainTar, ...under('train', train), [VAL]: valTar, ...kit };
    const heaps = { [TRAIN]: trainTar, [VAL]: valTar, ...under('val', val), ...kit };
    await expect(open(heaps)).rejects.toThrow(/twice: ILSVRC2012_img_val\.tar and val\/\*\.JPEG/);
    await expect(open(twice)).rejects.toThrow(
      /the same images twice: ILSVRC2012_img_train\.tar and train/,
    );
  });

  test('labels beyond the classes, and lines that are none, are named by line', async () => {
    const open = (lists: Files) =>
      resolveSources(fresh({ [TRAIN]: trainTar, [VAL]: valTar, ...lists }), root);
    const truth = {
      'data/ILSVRC2012_validation_ground_truth.txt': '1\n5\n\nx\n',
      'data/meta.mat': meta,
    };
    await expect(open(truth)).rejects.toThrow(
      /ground_truth\.txt:2: found 5, wanted .* 1\.\.4 by meta\.mat\n.*:4: found x/,
    );
    const list = { 'val.txt': `${valName(1)} 1000\n${valName(2)} 3\n${valName(2)} 3\nnonsense\n` };
    await expect(open(list)).rejects.toThrow(
      /val\.txt:1: .* 1000".* 0 to 999\n.*:3: .* comes twice\n.*:4: found "nonsense"/,
    );
  });

  test('an image without a label stops it, a label without an image is reported', async () => {
    const more = await tarOf({ ...val, [valName(7)]: await jpeg(9) });
    const labels = under('data', devkit);
    const folder = fresh({ [TRAIN]: trainTar, [VAL]: more, ...labels });
    await expect(packed(folder, root)).rejects.toThrow(`${valName(7)} has no class in the devkit`);
    const fewer = Object.fromEntries(Object.entries(val).filter(([name]) => name !== valName(2)));
    for (const rest of [under('val', fewer), { [VAL]: await tarOf(fewer) }]) {
      const { report } = await packed(fresh({ [TRAIN]: trainTar, ...rest, ...labels }), root);
      expect(report.images.val).toBe(5);
      expect(report.skipped).toEqual([
        expect.objectContaining({
          file: `val/n02119789/${valName(2)}`,
          reason: expect.stringContaining('the image is not there') as string,
        }),
      ]);
    }
  });
});

describe('an archive of archives', () => {
  test('of which one is cut off names that one', async () => {
    const cut = await outerTar((synset, tar) =>
      synset === 'n04266014' ? tar.subarray(0, 700) : tar,
    );
    const path = join(fresh({ 'train.tar': cut }), 'train.tar');
    await expect(packed(path, root)).rejects.toThrow(
      `${path} (n04266014.tar): not a whole .tar or .tar.gz archive (Unexpected end of data)`,
    );
  });

  test('that is cut off itself is to blame, not the archive inside it', async () => {
    const path = join(fresh({ 'train.tar': trainTar }), 'train.tar');
    const at = trainTar.indexOf('n04266014.tar');
    for (const length of [at + 100, at + 512 + 100, at + 512 + 700, at + 512 + 1400]) {
      writeFileSync(path, trainTar);
      truncateSync(path, length);
      await expect(packed(path, root), String(length)).rejects.toThrow(`${path}: not a whole .tar`);
    }
  });

  test('reports what is no image, and keeps a class that has none', async () => {
    const inner = await tarOf({ 'a.JPEG': await jpeg(1), 'notes.txt': 'text', '.hidden': 'x' });
    const outer = await tarOf({ 'deep/x.tar': inner, 'y.tar': await tarOf({}) });
    const { classes, report } = await packed(join(fresh({ 'a.tar': outer }), 'a.tar'), root);
    expect(classes).toEqual(['x', 'y']);
    expect(report.emptyClasses.train).toEqual(['y']);
    expect(report.skipped).toEqual([
      {
        file: 'train/x/notes.txt',
        origin: expect.stringMatching(/a\.tar \(deep\/x\.tar\)$/) as string,
        reason: expect.stringContaining('not an image') as string,
      },
    ]);
  });
});
