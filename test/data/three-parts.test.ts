// A folder of classes divided in three: nothing that looks alike is in two parts.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ThreeParts } from '../../src/data/hold-out/three-parts.js';
import { packImages } from '../../src/data/pack/pack-images.js';
import { partNames } from '../../src/data/parts.js';
import { readStoreIndex } from '../../src/data/store/read-index.js';
import { pattern } from './contents.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-three-parts-'));
afterAll(() => rmSync(root, { recursive: true }));
const usual: ThreeParts = { selection: 0.2, test: 0.3, seed: 0, perClass: 1000 };

/** Coarse noise, whose copies have the same difference hash. */
async function photo(path: string, seed: number, quality: number | null = null): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const raw = { width: 9, height: 9, channels: 3 } as const;
  const image = sharp(pattern(seed, 243), { raw }).resize(45, 45, { kernel: 'cubic' });
  await (
    quality === null ? image.png() : image.jpeg({ quality, chromaSubsampling: '4:4:4' })
  ).toFile(path);
}

beforeAll(async () => {
  for (const [at, name] of ['cat', 'dog'].entries()) {
    for (let image = 0; image < 20; image++) {
      await photo(join(root, 'plain', name, `${image}.png`), 100 * at + image);
      if (image < 4) {
        await photo(join(root, 'plain', name, `${image}.jpg`), 100 * at + image, 100);
      }
    }
    for (let image = 0; image < 12; image++) {
      const part = image < 8 ? 'train' : 'val';
      await photo(join(root, 'given', part, name, `${image}.png`), 100 * at + image);
    }
    // A validation image that is among the training images too.
    const [from, to] = [join('val', name, '9.png'), join('train', name, 'copy.png')];
    copyFileSync(join(root, 'given', from), join(root, 'given', to));
  }
});

let count = 0;
async function packed(folder: string, parts: Partial<ThreeParts> = {}, size = 45) {
  const out = join(root, `${count++}.store`);
  const threeParts = { ...usual, ...parts };
  const how = { size, resize: 'warp', records: 'raw', isStrict: false } as const;
  await packImages({ ...how, out, threeParts, source: [folder], baseDirectory: root });
  const { header, ...index } = readStoreIndex(out);
  const names = partNames.flatMap((part) =>
    Array.from(index[part].labels, (label, at) => ({
      part,
      name: `${header.classes[label]}/${index[part].records?.names.at(at)}`,
    })),
  );
  return {
    ...{ out, header, names },
    partOf: (name: string) => names.find((each) => each.name === name)?.part,
  };
}

test('shares of each class, and copies of a photograph in one part', async () => {
  const { header, names, partOf } = await packed('plain');
  expect(new Set(names.map(({ name }) => name)).size).toBe(48);
  expect(header.counts.test).toEqual([7, 7]);
  expect(header.counts.val).toEqual([5, 5]);
  for (const name of ['cat', 'dog']) {
    for (let image = 0; image < 4; image++) {
      expect(partOf(`${name}/${image}.jpg`)).toBe(partOf(`${name}/${image}.png`));
    }
  }
});

test('another seed, another division', async () => {
  const [first, again, other] = [
    await packed('plain'),
    await packed('plain'),
    await packed('plain', { seed: 1 }),
  ];
  expect(again.names).toEqual(first.names);
  expect(other.names).not.toEqual(first.names);
});

test('validation images that are given are the test, with their copies among the others', async () => {
  const { header, partOf } = await packed('given');
  expect(header.counts).toEqual({ train: [6, 6], val: [2, 2], test: [5, 5] });
  expect(partOf('cat/copy.png')).toBe('test');
  expect(header.leaked).toBeUndefined();
});

test('at most so many of a class, of both kinds', async () => {
  const { header } = await packed('given', { perClass: 3, selection: 0.4 });
  const total = partNames.map((part) => header.counts[part].reduce((sum, each) => sum + each, 0));
  expect(total.reduce((sum, each) => sum + each, 0)).toBe(12);
  expect(header.counts.test[0]).toBeGreaterThanOrEqual(3);
});

test('a store of another size is divided as the first', async () => {
  for (const folder of ['plain', 'given']) {
    const first = await packed(folder);
    // Of 3 pixels everything looks alike: drawn for itself it would be divided otherwise.
    const small = await packed(folder, {}, 3);
    const like = await packed(folder, { like: first.out }, 3);
    expect(like.names).toEqual(first.names);
    expect(like.header.packed?.heldOut).toEqual(first.header.packed?.heldOut);
    if (folder === 'plain') expect(small.names).not.toEqual(first.names);
  }
});

test('a division that lacks a file is refused', async () => {
  const { out } = await packed('given');
  await expect(packed('plain', { like: out })).rejects.toThrow(/parts\.json: lacks train\/cat\//);
});
