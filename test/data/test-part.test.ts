// The held-out part: recognised where its classes are known, kept apart from everything that
// trains or validates.
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTask } from '../../src/data/classes/task.js';
import { inspectStore } from '../../src/data/info/inspect-store.js';
import { packImages } from '../../src/data/pack/pack-images.js';
import { surveyPack } from '../../src/data/pack/survey.js';
import { partNames } from '../../src/data/parts.js';
import { folderSource } from '../../src/data/sources/folder-source.js';
import { openStore, prepareStore } from '../../src/data/prepare/store.js';
import { readStoreIndex } from '../../src/data/store/read-index.js';
import { type Files, jpeg } from './sources/made-sources.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-test-part-'));
process.env['SELFFER_CACHE_DIR'] = join(root, 'cache');
afterAll(() => rmSync(root, { recursive: true }));

let trained: Files;
let held: Files;
/** What is not a test part although it lies in a folder of that name. */
let alone: Files;
beforeAll(async () => {
  trained = {};
  for (const [at, name] of ['train/a/1', 'train/b/2', 'val/a/3', 'val/b/4'].entries()) {
    trained[`${name}.jpg`] = await jpeg(at);
  }
  held = { 'test/a/5.jpg': await jpeg(5), 'test/b/deep/6.jpg': await jpeg(6) };
  alone = { 'test/images/7.jpg': await jpeg(7), 'test/8.jpg': await jpeg(8) };
});

let serial = 0;
function folder(files: Files): string {
  const path = join(root, `folder-${serial++}`);
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return path;
}

async function tar(files: Files): Promise<string> {
  const path = join(root, `archive-${serial++}.tar`);
  const archive = pack();
  for (const [name, bytes] of Object.entries(files)) archive.entry({ name }, Buffer.from(bytes));
  archive.finalize();
  await pipeline(archive, createWriteStream(path));
  return path;
}

const request = (source: string | string[]) => ({
  ...{ source: [source].flat(), baseDirectory: root, size: 8, isStrict: false },
  resize: 'warp' as const,
});

async function packed(source: string | string[], records: 'raw' | 'jpeg' = 'raw') {
  const out = join(root, `packed-${serial++}.store`);
  return packImages({ ...request(source), out, records });
}

/** Class, name and length of every image of each part, and the two hashes. */
function contents(store: string) {
  const index = readStoreIndex(store);
  const { classes, manifestHash, testHash } = index.header;
  const parts = partNames.map((part) => {
    const { labels, records } = index[part];
    return Array.from(labels, (label, at) => [
      ...[classes[label], records?.names.at(at), records?.crc32[at]],
    ]);
  });
  return { classes, manifestHash, testHash, parts };
}

test('a folder and archives in any order give the same test part', async () => {
  const all = { ...trained, ...held, ...alone };
  const expected = contents((await packed(folder(all))).store);
  expect(expected.parts[2]).toEqual([
    ['a', '5.jpg', expect.any(Number)],
    ['b', 'deep/6.jpg', expect.any(Number)],
  ]);
  const reversed = Object.fromEntries(Object.entries(all).reverse());
  for (const source of [
    await tar(all),
    await tar(reversed),
    [await tar({ ...held, ...alone }), await tar(trained)],
    [folder({ ...held, ...alone }), folder(trained)],
  ]) {
    expect(contents((await packed(source)).store)).toEqual(expected);
  }
});

test('the identity is that of the data without it, packed, decoded and streamed', async () => {
  const [without, with_] = [folder({ ...trained, ...alone }), folder({ ...trained, ...held })];
  const [a, b] = [await packed(without), await packed(with_)];
  expect(b.manifestHash).toBe(a.manifestHash);
  expect(a.images).toEqual({ train: 2, val: 2, test: 0 });
  expect(a).not.toHaveProperty('testHash');
  expect(b.images).toEqual({ train: 2, val: 2, test: 2 });
  const decoded = await prepareStore(request(with_));
  expect(decoded).toMatchObject({ manifestHash: b.manifestHash, testHash: b.testHash });
  // Records of JPEG images are other bytes, so they are data of their own: equal among themselves.
  const [c, d] = [await packed(without, 'jpeg'), await packed(with_, 'jpeg')];
  const streams = [c, d].map(({ store }) => prepareStore({ ...request(store), records: 'stream' }));
  const copies = [c, d].map(({ store }) => prepareStore({ ...request(store), records: 'decode' }));
  const [streamC, streamD, copyC, copyD] = await Promise.all([...streams, ...copies]);
  const hashes = [streamC, streamD, copyC, copyD].map((each) => each?.manifestHash);
  expect(new Set(hashes).size).toBe(1);
  expect(streamC).not.toHaveProperty('testHash');
  expect(streamD?.testHash).toBe(copyD?.testHash);
  expect(copyD?.counts.test).toEqual([1, 1]);
});

test('its images belong to no task and are read like those of other parts', async () => {
  const { store } = await packed(folder({ ...trained, ...held }));
  const set = openStore(store);
  const task = makeTask(set, set.classes, null);
  expect([task.train.length, task.val.length]).toEqual([2, 2]);
  expect([set.train.count, set.val.count, set.test.count]).toEqual([2, 2, 2]);
  expect([...set.test.labels]).toEqual([0, 1]);
  const source = folder({ ...trained, ...held });
  const decoded = openStore((await prepareStore(request(source))).path);
  expect(decoded.test.pixels(1)).toEqual(set.test.pixels(1));
  const without = openStore((await packed(folder(trained))).store);
  expect(() => without.test.pixels(0)).toThrow('no image 0');
});

test('a class that only the test part has is not a class; train/ below test/ is training', async () => {
  const source = await tar({ ...trained, 'test/c/9.jpg': await jpeg(9) });
  expect(await packed(source)).toMatchObject({ classes: 2, images: { test: 0 } });
  const below = Object.fromEntries(
    Object.entries(trained).map(([name, bytes]) => [`test/${name}`, bytes]),
  );
  expect(await packed(await tar(below))).toMatchObject({ images: { train: 2, val: 2, test: 0 } });
});

test('folders of a training class are not a test part, whatever they are called', async () => {
  const files = {
    ...trained,
    'train/test/a/x.jpg': await jpeg(3),
    'val/test/a/y.jpg': await jpeg(4),
  };
  const wanted = { classes: 3, images: { train: 3, val: 3, test: 0 } };
  expect(await packed(await tar(files))).toMatchObject(wanted);
  expect(await packed(folder(files))).toMatchObject(wanted);
});

test('a folder without classes in test/ is the source that it was before there was such a part', () => {
  const path = folder({ ...trained, ...alone });
  const source = folderSource(path);
  expect(source).not.toHaveProperty('test');
  expect(source.recognised).toBe('folders train/<class>/ and val/<class>/');
  rmSync(join(path, 'test'), { recursive: true });
  expect(source.fingerprint).toEqual(folderSource(path).fingerprint);
  expect(folderSource(folder({ ...trained, ...held })).recognised).toBe(
    'folders train/<class>/, val/<class>/ and test/<class>/',
  );
});

test('counts before packing, and data info after it, speak of it', async () => {
  const source = folder({ ...trained, ...held, 'test/b/copy.jpg': trained['train/a/1.jpg']! });
  const out = join(root, 'surveyed.store');
  const survey = await surveyPack({ ...request(source), out, records: 'raw' });
  expect(survey.files).toEqual({ train: 2, val: 2, test: 3 });
  const { store } = await packed(source);
  const info = await inspectStore(store);
  expect(info.images).toEqual({ train: 2, val: 2, test: 3 });
  expect(info.classes).toEqual([
    { name: 'a', train: 1, val: 1, test: 1 },
    { name: 'b', train: 1, val: 1, test: 2 },
  ]);
  expect(info.exact).toMatchObject({ leakedVal: 0, leakedTest: 1 });
  expect(info.warnings).toContain(
    '1 test images (33.33 %) are also training or validation images, pixel by pixel',
  );
});
