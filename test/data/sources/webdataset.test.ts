import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveSources } from '../../../src/data/prepare/resolve-source.js';
import { keyAndExtension, partOfArchive } from '../../../src/data/sources/webdataset-keys.js';
import { readStoreIndex } from '../../../src/data/store/read-index.js';
import { type Files, jpeg, packed, sameData, tarOf, writeFiles } from './made-sources.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-wds-'));
afterAll(() => rmSync(root, { recursive: true }));

let serial = 0;
function fresh(files: Files): string {
  return writeFiles(join(root, String(serial++)), files);
}

const NAMES = ['tench', 'goldfish', 'great white shark'];
let images: Buffer[];
beforeAll(async () => {
  images = await Promise.all(Array.from({ length: 12 }, (_, at) => jpeg(at)));
});

/** Samples "0000" ... of classes 0, 1, 2, 0 ..., as files of one or two shards. */
function sampleFiles(from: number, to: number, label: (at: number) => Files): Files {
  const files: Files = {};
  for (let at = from; at < to; at++) {
    const key = String(at).padStart(4, '0');
    files[`${key}.jpg`] = images[at]!;
    for (const [extension, bytes] of Object.entries(label(at))) {
      files[`${key}.${extension}`] = bytes;
    }
  }
  return files;
}

function inFolders(name: (label: number) => string, prefix = ''): Files {
  const files: Files = {};
  for (const [at, bytes] of images.entries()) {
    const part = at < 8 ? 'train' : 'val';
    files[`${part}/${name(at % 3)}/${prefix}${String(at).padStart(4, '0')}.jpg`] = bytes;
  }
  return files;
}

const cls = (at: number) => ({ cls: String(at % 3) });

/** Two training shards and one for validation. */
async function shards(label: (at: number) => Files, folder = ''): Promise<Files> {
  const tar = (from: number, to: number) => tarOf(sampleFiles(from, to, label));
  return {
    [`${folder}set-train-000009.tar`]: await tar(0, 4),
    [`${folder}set-train-000010.tar`]: await tar(4, 8),
    [`${folder}set-validation-000000.tar`]: await tar(8, 12),
  };
}

/** One training shard of such members, and where it is. */
async function one(members: Parameters<typeof tarOf>[0], beside: Files = {}): Promise<string> {
  return join(fresh({ 'train-0.tar': await tarOf(members), ...beside }), 'train-0.tar');
}

const RANGE = ['set-train-{000009..000010}.tar', 'set-validation-{000000..000000}.tar'];

describe('shards of WebDataset', () => {
  test.each([
    ['numbers in .cls', cls],
    [
      'numbers in .cls, other files beside it',
      (at) => ({ ...cls(at), txt: 'a tench', 'mask.png': 'x', json: '{"label": 99}' }),
    ],
    ['.json with a label', (at) => ({ json: JSON.stringify({ label: at % 3, width: 20 }) })],
    ['.json with cls', (at) => ({ json: JSON.stringify({ cls: String(at % 3) }) })],
  ] as [string, (at: number) => Files][])('%s: the same data as folders', async (_, label) => {
    const beside = { 'synsets.txt': NAMES.join('\n') };
    const folder = fresh({ ...(await shards(label)), ...beside });
    const found = await packed(
      RANGE.map((range) => join(folder, range)),
      root,
    );
    const expected = await packed(fresh(inFolders((at) => NAMES[at]!)), root);
    expect(sameData(found)).toEqual(sameData(expected));
    expect(found.report.skipped).toEqual([]);
  });

  test('without names beside them have classes that are called by number', async () => {
    const folder = fresh(await shards(cls));
    const found = await packed(join(folder, '*.tar'), root);
    const numbers = await packed(fresh(inFolders((at) => `0000${at}`)), root);
    expect(sameData(found)).toEqual(sameData(numbers));
    // The folder itself, and compressed shards, are the same.
    expect(sameData(await packed(folder, root))).toEqual(sameData(numbers));
    const zipped = Object.entries(await shards(cls)).map(([name, tar]) => [
      `${name}.gz`,
      gzipSync(tar),
    ]);
    const again = await packed(fresh(Object.fromEntries(zipped) as Files), root);
    expect(sameData(again)).toEqual(sameData(numbers));
  });

  test('say what they were taken for', async () => {
    const said = async (beside: Files) => {
      const sources = await resolveSources(fresh({ ...(await shards(cls)), ...beside }), root);
      return sources.map(({ recognised }) => recognised);
    };
    const shard = (part: string, by: string) =>
      `a WebDataset shard, taken for ${part}, classes named by ${by}`;
    const number = 'number (no synsets.txt or classnames.txt beside it)';
    expect(await said({})).toEqual([
      shard('train', number),
      shard('train', number),
      shard('val', number),
    ]);
    const both = { 'synsets.txt': 'a\nb\nc', 'classnames.txt': 'x\ny\nz' };
    expect((await said(both))[0]).toBe(shard('train', 'synsets.txt'));
    expect((await said({ 'classnames.txt': 'x\ny\nz' }))[2]).toBe(shard('val', 'classnames.txt'));
  });

  test('in folders train/ and val/ take the part from there, and names from above', async () => {
    const files: Files = { 'classnames.txt': NAMES.join('\n'), 'test/0.tar': 'not looked at' };
    files['train/0.tar'] = await tarOf(sampleFiles(0, 8, cls));
    files['val/0.tar'] = await tarOf(sampleFiles(8, 12, cls));
    const found = await packed(fresh(files), root);
    const expected = await packed(fresh(inFolders((at) => NAMES[at]!)), root);
    expect(sameData(found)).toEqual(sameData(expected));
  });

  test('may have keys with folders, and classes by name', async () => {
    const files: Files = {};
    for (const [path, bytes] of Object.entries(
      sampleFiles(0, 8, (at) => ({ cls: `${NAMES[at % 3]}\n` })),
    )) {
      files[`./deep.er/${path}`] = bytes;
    }
    const folder = fresh({
      'train.tar': await tarOf(files),
      'val.tar': await tarOf(sampleFiles(8, 12, (at) => ({ cls: NAMES[at % 3]! }))),
    });
    const found = await packed(folder, root);
    expect(found.classes).toEqual([...NAMES].sort());
    const expected = inFolders((at) => NAMES[at]!, 'deep.er/');
    const val = Object.entries(expected).map(([path, bytes]) => [
      path.startsWith('val') ? path.replace('deep.er/', '') : path,
      bytes,
    ]);
    expect(sameData(found)).toEqual(
      sameData(await packed(fresh(Object.fromEntries(val) as Files), root)),
    );
  });

  test('hidden files, metadata and files without an extension are passed over', async () => {
    const members: Files = {
      '__index__.json': '{}',
      README: 'x',
      '._0000.jpg': 'fork',
      'notes.json': '{"a": 1}',
      ...sampleFiles(0, 4, cls),
      '._0000.cls': '7',
    };
    const { report } = await packed(await one(members), root);
    expect(report).toMatchObject({ images: { train: 4, val: 0 }, classes: 3, skipped: [] });
  });

  test('samples without a usable image are reported', async () => {
    const path = await one({
      ...sampleFiles(0, 2, cls),
      'a.cls': '0',
      'b.jpg': 'no image',
      'b.cls': '1',
      'c.jpg': images[2]!,
      'c.png': images[3]!,
      'c.cls': '2',
    });
    const { report } = await packed(path, root);
    expect(report.images.train).toBe(2);
    expect(report.skipped.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
      'train/00000/a: the sample has no image (found .cls)',
      'train/00001/b.jpg: not an image that can be read (it begins with bytes 6e6f2069)',
      'train/00002/c: the sample has more than one image (found .jpg, .png, .cls)',
    ]);
  });
});

describe('shards as people have them', () => {
  const numbers = async () => sameData(await packed(fresh(inFolders((at) => `0000${at}`)), root));

  test('of a test split are left out beside validation, wherever they lie', async () => {
    const folder = fresh({
      ...(await shards(cls, 'training-data/')),
      'training-data/set-test-000000.tar': await tarOf(sampleFiles(2, 6, cls)),
    });
    const found = await packed(join(folder, 'training-data'), root);
    expect(sameData(found)).toEqual(await numbers());
    expect(found.report.skipped).toEqual([
      {
        file: 'set-test-000000.tar',
        origin: join(folder, 'training-data/set-test-000000.tar'),
        reason: 'a test split beside validation images',
      },
    ]);
  });

  test('of a test split are for validation where there is no other', async () => {
    const files = await shards(cls);
    const test = files['set-validation-000000.tar']!;
    Reflect.deleteProperty(files, 'set-validation-000000.tar');
    const found = await packed(fresh({ ...files, 'set-testing-0.tar': test }), root);
    expect(sameData(found)).toEqual(await numbers());
  });

  test.each([
    ['all images first', (files: Files) => Object.entries(files).sort(byExtension)],
    ['all classes first', (files: Files) => Object.entries(files).sort(byExtension).reverse()],
    ['in between', (files: Files) => [1, 0, 2].flatMap((k) => third(Object.entries(files), k))],
  ])('may have files that do not lie together: %s', async (_, order) => {
    const tar = (from: number, to: number) => tarOf(order(sampleFiles(from, to, cls)));
    const found = await packed(
      fresh({ 'train-0.tar': await tar(0, 8), 'val-0.tar': await tar(8, 12) }),
      root,
    );
    expect(sameData(found)).toEqual(await numbers());
    expect(found.report.skipped).toEqual([]);
  });

  test('may have classes in .txt; a caption is not one', async () => {
    const txt = (at: number) => ({ txt: `${NAMES[at % 3]}\n` });
    const expected = sameData(await packed(fresh(inFolders((at) => NAMES[at]!)), root));
    expect(sameData(await packed(fresh(await shards(txt)), root))).toEqual(expected);
    const beside = { 'classnames.txt': NAMES.join('\n') };
    expect(sameData(await packed(fresh({ ...(await shards(txt)), ...beside }), root))).toEqual(
      expected,
    );
    const caption = await one({ 'x.jpg': images[0]!, 'x.txt': 'a photo '.repeat(20) });
    await expect(packed(caption, root)).rejects.toThrow('sample "x" has no class');
  });

  test('may have classes in the path, also below one more folder', async () => {
    const expected = sameData(await packed(fresh(inFolders((at) => NAMES[at]!)), root));
    const part = (name: string, above: string) =>
      tarOf(
        Object.entries(inFolders((at) => NAMES[at]!)).flatMap(([path, bytes]) =>
          path.startsWith(name) ? [[path.replace(`${name}/`, above), bytes] as const] : [],
        ),
      );
    for (const above of ['', './', 'set/']) {
      const files = {
        'train.tar': await part('train', above),
        'val.tar': await part('val', above),
      };
      expect(sameData(await packed(fresh(files), root))).toEqual(expected);
    }
  });

  test('may repeat keys: names then begin with the shard', async () => {
    const tar = (from: number) =>
      tarOf(renumbered(sampleFiles(from, from + (from === 0 ? 4 : 3), cls), from));
    const files: Files = {
      'train-0.tar': await tar(0),
      'train-1.tar': await tar(9),
      'val-0.tar': await tarOf(sampleFiles(8, 12, cls)),
    };
    const found = await packed(fresh(files), root);
    expect(found.report.images).toEqual({ train: 7, val: 4, test: 0 });
    const { train } = readStoreIndex(found.report.store);
    const names = Array.from(train.labels, (_, at) => train.records!.names.at(at));
    // Of class 0 are 0000 of both shards and 0003 of the first.
    expect(names.slice(0, 3)).toEqual(['0003.jpg', 'train-0/0000.jpg', 'train-1/0000.jpg']);
  });

  /** Keys 0000 ... whatever they were. */
  function renumbered(files: Files, from: number): Files {
    return Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => {
        const [key = '', extension] = name.split('.');
        return [`${String(Number(key) - from).padStart(4, '0')}.${extension}`, bytes];
      }),
    );
  }

  function byExtension([a]: [string, unknown], [b]: [string, unknown]): number {
    const [x, y] = [a, b].map((name) => name.replace(/.*\./, ''));
    return x === y ? 0 : x! > y! ? -1 : 1;
  }

  const third = <T>(all: readonly T[], which: number) => all.filter((_, at) => at % 3 === which);
});

describe('a shard that cannot be right', () => {
  test.each([
    [
      'no class',
      { 'x.jpg': 'x', 'x.txt': 'tench' },
      /sample "x" has no class \(found \.jpg, \.txt\), wanted \.cls/,
    ],
    [
      'a class that is no number',
      { 'x.jpg': 'x', 'x.cls': '-1' },
      /sample "x" has class "-1", wanted/,
    ],
    ['a broken .json', { 'x.jpg': 'x', 'x.json': '{"label"' }, /sample "x" has no class/],
    [
      'a class beyond the names',
      { 'x.jpg': 'x', 'x.cls': '3' },
      /sample "x": its class is 3, wanted 0 to 2, the lines of .*synsets\.txt/,
    ],
    [
      'a class that the names lack',
      { 'x.jpg': 'x', 'x.cls': 'cat' },
      /its class "cat" is not in .*synsets\.txt/,
    ],
  ] as [string, Files, RegExp][])('for %s names shard and sample', async (_, members, reason) => {
    const path = await one(
      { ...sampleFiles(0, 2, cls), ...members },
      { 'synsets.txt': 'a\nb\nc\n' },
    );
    await expect(packed(path, root)).rejects.toThrow(reason);
    await expect(packed(path, root)).rejects.toThrow(path);
  });

  test('for a key or a file that comes twice', async () => {
    const pairs = Object.entries(sampleFiles(0, 2, cls));
    const apart = await one([...pairs, ...pairs.slice(0, 1)]);
    await expect(packed(apart, root)).rejects.toThrow(
      'sample "0000" comes twice: its files do not lie next',
    );
    const file = await one([...pairs, ['0001.JPG', images[1]!]]);
    await expect(packed(file, root)).rejects.toThrow(
      'sample "0001" comes twice: it has two files .jpg',
    );
  });

  test('for a number too large, names that are not unique, and an unclear part', async () => {
    const large = await one({ 'x.jpg': 'x', 'x.cls': '100000' });
    await expect(packed(large, root)).rejects.toThrow('its class is 100000, wanted 0 to 99999');
    const crane = await one(sampleFiles(0, 2, cls), { 'classnames.txt': 'crane\nowl\ncrane\n' });
    await expect(resolveSources(crane, root)).rejects.toThrow('lines 1 and 3 are both "crane"');
    const unclear = fresh({ 'set-0.tar': await tarOf(sampleFiles(0, 2, cls)) });
    await expect(resolveSources(unclear, root)).rejects.toThrow('neither its name nor its folder');
  });

  test('for being cut off', async () => {
    const path = await one(sampleFiles(0, 8, cls));
    const whole = await tarOf(sampleFiles(0, 8, cls));
    for (const length of [whole.indexOf('0005.jpg') + 600, whole.indexOf('0005.jpg') + 100]) {
      writeFileSync(path, whole.subarray(0, length));
      await expect(packed(path, root)).rejects.toThrow(`${path}: not a whole .tar`);
    }
  });
});

test('of a range each shard must be there', async () => {
  const folder = fresh(await shards(cls));
  const range = join(folder, 'set-train-{000007..000016}.tar');
  await expect(resolveSources(range, root)).rejects.toThrow(
    /set-train-000007\.tar", .*set-train-000008\.tar", .*000011\.tar", .*000012\.tar", .*000013\.tar" and 3 more: nothing there/,
  );
  const names = join(folder, 'set-{train,validation}-*.tar');
  expect(await resolveSources(names, root)).toHaveLength(3);
});

test.each([
  ['n01/0001.rgb.JPG', { key: 'n01/0001', extension: 'rgb.JPG' }],
  ['./a.b/0001.cls', { key: 'a.b/0001', extension: 'cls' }],
  ['0001', null],
  ['dir/.hidden.jpg', null],
  ['.git/0001.jpg', null],
  ['__meta__.json', null],
  ['__x.jpg', { key: '__x', extension: 'jpg' }],
])('%s has its key', (path, found) => {
  expect(keyAndExtension(path)).toEqual(found);
});

test.each([
  ['/d/imagenet1k-validation-0001.tar', 'val'],
  ['/d/imagenet_train-000000-train.tar.gz', 'train'],
  ['/val/0001.tar', 'val'],
  ['/train/val-0001.tar', 'val'],
  ['/train/train-val.tar', 'train'],
  ['/d/train-val.tar', null],
  ['/d/constraint.tar', null],
  ['/d/training-data/test-000000.tar', 'test'],
  ['/train/testing-0.tar', 'test'],
  ['/d/dev-0.tar', 'val'],
  ['/d/EVAL_0.tar', 'test'],
  ['/d/ILSVRC2012_img_train.tar', 'train'],
])('%s is of the part %s', (path, part) => {
  expect(partOfArchive(path)).toBe(part);
});
