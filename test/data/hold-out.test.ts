// Data without validation images, from a folder of classes to a study's stores.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packImages } from '../../src/data/pack/pack-images.js';
import { openStore, prepareStore } from '../../src/data/prepare/store.js';
import { readStoreIndex } from '../../src/data/store/read-index.js';
import { pattern } from './contents.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-hold-out-'));
afterAll(() => rmSync(root, { recursive: true }));
const SIDE = 45;
const folder = join(root, 'photos');

/** Coarse noise, so that recompressing it changes no difference of neighbouring cells. */
function photo(seed: number) {
  const raw = { width: 9, height: 9, channels: 3 } as const;
  return sharp(pattern(seed, 243), { raw }).resize(SIDE, SIDE, { kernel: 'cubic' });
}

beforeAll(async () => {
  for (const [at, name] of ['cat', 'dog'].entries()) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let image = 0; image < 10; image++) {
      await photo(100 * at + image)
        .png()
        .toFile(join(folder, name, `${image}.png`));
    }
    // The same photograph again, saved by another program.
    await photo(100 * at)
      .jpeg({ quality: 95 })
      .toFile(join(folder, name, 'again.jpg'));
  }
});

const usual = { source: folder, baseDirectory: root, size: SIDE, cache: join(root, 'cache') };
const holdOut = { share: 0.3, seed: 0 };

function names(path: string, part: 'train' | 'val'): string[] {
  const { header, ...index } = readStoreIndex(path);
  return Array.from(index[part].labels, (label, at) => {
    return `${header.classes[label]}/${index[part].records!.names.at(at)}`;
  });
}

test('a share of each class is for validation, copies of a photograph on one side', async () => {
  const info = await prepareStore({ ...usual, holdOut });
  expect(info.counts).toEqual({ train: [8, 8], val: [3, 3], test: [0, 0] });
  expect(info.packed?.heldOut).toEqual({ ...holdOut, images: 6, together: 4, alike: [] });
  for (const name of ['cat', 'dog']) {
    const side = (file: string) => names(info.path, 'val').includes(`${name}/${file}`);
    expect(side('again.jpg')).toBe(side('0.png'));
  }
  const all = [...names(info.path, 'train'), ...names(info.path, 'val')];
  expect(new Set(all).size).toBe(22);
  // The pixels belong to the names.
  const set = openStore(info.path);
  const at = names(info.path, 'val').findIndex((name) => name.endsWith('.png'));
  const [, label = '', file = ''] = /^(\w+)\/(.*)$/.exec(names(info.path, 'val')[at]!) ?? [];
  const wanted = await sharp(join(folder, label, file))
    .raw()
    .toBuffer();
  const found = set.val.pixels(at);
  expect([0, 1, 2].map((channel) => found[channel * SIDE * SIDE])).toEqual([
    ...wanted.subarray(0, 3),
  ]);
});

test('another seed is another draw, the same one the same data set', async () => {
  const hash = async (seed: number) => {
    const cache = join(root, `cache-${seed}-${Math.random()}`);
    return (await prepareStore({ ...usual, cache, holdOut: { share: 0.3, seed } })).manifestHash;
  };
  expect(await hash(1)).toBe(await hash(1));
  expect(await hash(1)).not.toBe(await hash(2));
});

test.each(['raw', 'jpeg'] as const)(
  'a packed store (%s) is divided in the same way',
  async (records) => {
    const out = join(root, `${records}.store`);
    await packImages({
      ...{ source: [folder], baseDirectory: root, size: SIDE, isStrict: false, out },
      ...{ resize: 'warp', records, holdOut },
    });
    const info = await prepareStore({ ...usual, holdOut });
    expect(names(out, 'val')).toEqual(names(info.path, 'val'));
    // As a source it says itself how it was divided.
    const used = { ...usual, source: out };
    expect((await prepareStore({ ...used, holdOut })).counts).toEqual(info.counts);
    await expect(prepareStore({ ...used, holdOut: { share: 0.5, seed: 0 } })).rejects.toMatchObject(
      {
        message: expect.stringMatching(
          /is divided when it is packed; this one is held out with 0.3/,
        ),
        hint: expect.stringContaining('--hold-out 0.5'),
      },
    );
  },
);

test('data with validation images are refused', async () => {
  const divided = join(root, 'divided');
  for (const part of ['train', 'val']) {
    for (const name of ['cat', 'dog']) {
      const path = join(divided, part, name, '1.png');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, await photo(5).png().toBuffer());
    }
  }
  await expect(prepareStore({ ...usual, source: divided, holdOut })).rejects.toMatchObject({
    message: 'holdOut: the data set has 2 validation images, such as val/cat/1.png',
    hint: expect.stringContaining('Leave holdOut out'),
  });
});

test('channels: colour becomes grey, grey colour', async () => {
  const grey = await prepareStore({ ...usual, holdOut, channels: 1 });
  expect(grey.form.channels).toBe(1);
  const pixels = openStore(grey.path).train.pixels(0);
  const [name = ''] = names(grey.path, 'train');
  const wanted = await sharp(join(folder, name)).toColourspace('b-w').raw().toBuffer();
  expect([...pixels]).toEqual([...wanted]);
  const small = join(root, 'grey.store');
  await packImages({
    ...{ source: [folder], baseDirectory: root, size: 8, isStrict: false, out: small },
    ...{ resize: 'warp', records: 'raw', holdOut, channels: 1 },
  });
  await expect(
    prepareStore({ ...usual, size: 8, source: small, channels: 3 }),
  ).rejects.toMatchObject({ message: expect.stringContaining('1 channels, channels is 3') });
});
