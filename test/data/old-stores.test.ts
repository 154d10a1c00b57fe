// Stores that version 0.1 wrote (test/fixtures/stores) are read as it read them, and the data keep
// the identity that it gave them.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { DataError } from '../../src/base/errors.js';
import { inspectStore } from '../../src/data/info/inspect-store.js';
import { packImages } from '../../src/data/pack/pack-images.js';
import { neededParts, type PartName } from '../../src/data/parts.js';
import { openStore, prepareStore } from '../../src/data/prepare/store.js';
import { manifestHash } from '../../src/data/store/manifest.js';
import { readStoreIndex } from '../../src/data/store/read-index.js';
import { imageValues } from '../../src/data/image-form.js';

const fixtures = fileURLToPath(new URL('../fixtures/stores/', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'selffer-old-stores-'));
process.env['SELFFER_CACHE_DIR'] = join(root, 'cache');
afterAll(() => rmSync(root, { recursive: true }));

/** Class, file name and first digits of the pixels' SHA-256. */
type Image = readonly [className: string, name: string | null, pixels: string];

interface Contents {
  readonly manifestHash: string;
  readonly sha256: string;
  readonly train: readonly Image[];
  readonly val: readonly Image[];
}

const wanted = JSON.parse(readFileSync(join(fixtures, 'contents.json'), 'utf8')) as Readonly<
  Record<string, Contents>
>;
const names = ['cache-v1', 'raw-v2', 'crop-v2', 'jpeg-v2'] as const;
const storeOf = (name: string) => join(fixtures, `${name}.store`);
const contentsOf = (name: string) => wanted[name] as Contents;

async function imagesOf(path: string, part: PartName): Promise<Image[]> {
  const [set, index] = [openStore(path), readStoreIndex(path)];
  const images: Image[] = [];
  for (const [at, label] of set[part].labels.entries()) {
    const pixels = new Uint8Array(imageValues(set.form));
    await set[part].read(at, pixels);
    const name = index[part].records?.names.at(at) ?? null;
    const sha256 = createHash('sha256').update(pixels).digest('hex').slice(0, 16);
    images.push([set.classes[label] as string, name, sha256]);
  }
  return images;
}

describe.each(names)('%s', (name) => {
  test('has the images, names and identity that its writer gave it', async () => {
    const path = storeOf(name);
    const { manifestHash, sha256, ...parts } = contentsOf(name);
    const { header, ...index } = readStoreIndex(path);
    expect(header).toMatchObject({
      ...{ classes: ['a', 'b'], manifestHash },
      counts: { train: [2, 2], val: [1, 1], test: [0, 0] },
      form: { channels: 3, height: 8, width: 8 },
    });
    expect(header.skipped.map(({ file }) => file)).toEqual(['train/a/cut.png']);
    // The key under which means and hashes of it are kept in the cache.
    expect(index.sha256).toBe(sha256);
    for (const part of neededParts) expect(await imagesOf(path, part)).toEqual(parts[part]);
    expect(openStore(path).test.count).toBe(0);
  });

  test('damaged anywhere before the records or in the index, it is refused, never a crash', () => {
    const whole = readFileSync(storeOf(name));
    const damaged = join(root, 'damaged.store');
    const index = Number(whole.readBigUInt64LE(16));
    const places = [...Array(72).keys()];
    for (let at = index; at < whole.length; at += 13) places.push(at);
    for (const place of places) {
      const bytes = Buffer.from(whole);
      bytes[place] = bytes[place]! ^ 1;
      writeFileSync(damaged, bytes);
      expect(() => readStoreIndex(damaged), `byte ${place}`).toThrow(DataError);
    }
  });
});

test('raw stores are used by a study where they lie, JPEG ones decoded or streamed', async () => {
  const request = { baseDirectory: root, size: 8, cache: join(root, 'cache') };
  for (const name of ['raw-v2', 'cache-v1'] as const) {
    const info = await prepareStore({ ...request, source: storeOf(name) });
    expect([info.path, info.manifestHash]).toEqual([storeOf(name), contentsOf(name).manifestHash]);
  }
  const source = storeOf('jpeg-v2');
  const decoded = await prepareStore({ ...request, source });
  const streamed = await prepareStore({ ...request, source, records: 'stream' });
  // As version 0.1 said it.
  const hash = '36c7f3792d3e42139dff751937a78d3eb41a0a941f0a5625deba1a1111a9961b';
  expect([decoded.manifestHash, streamed.manifestHash]).toEqual([hash, hash]);
  expect(streamed.path).toBe(source);
  const pixels = (images: readonly Image[]) =>
    images.map(([className, , each]) => [className, each]);
  expect(pixels(await imagesOf(decoded.path, 'train'))).toEqual(
    pixels(contentsOf('jpeg-v2').train),
  );
});

test('data info looks at them', async () => {
  const store = join(root, 'info.store');
  copyFileSync(storeOf('raw-v2'), store);
  const info = await inspectStore(store);
  expect(info.images).toEqual({ train: 4, val: 2, test: 0 });
  expect(info.damaged).toEqual([]);
});

/** The hash of the fixtures' images at 8 x 8: as version 0.1 gave it, or with the step of the three
 *  images of 9 x 7, which grow in height. */
function hashOf(records: 'raw' | 'jpeg', step: readonly 'enlarged'[]): string {
  const lines = [
    ['train', 'a', '1.png', true],
    ['train', 'a', 'cut.png', false],
    ['train', 'a', 'deep/2.jpg', true],
    ['train', 'b', '3.webp', false],
    ['train', 'b', 'named.jpg', false],
    ['val', 'a', '4.png', false],
    ['val', 'b', 'ü.png', true],
  ] as const;
  const files = lines.map(([part, className, name, isSmall]) => {
    const bytes = readFileSync(join(fixtures, 'images', part, className, name));
    const skipped = name === 'cut.png' ? 'cut off' : null;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { part, class: className, name, sha256, skipped, steps: isSmall ? step : [] };
  });
  const form = { channels: 3, height: 8, width: 8 } as const;
  const unusual: Record<string, string> = records === 'raw' ? {} : { records, resize: 'warp' };
  return manifestHash(files, ['a', 'b'], form, unusual);
}

test.each(['raw', 'jpeg'] as const)(
  'their images, packed today with a test part (%s), differ only by what is done to small ones',
  async (records) => {
    const report = await packImages({
      ...{ source: [join(fixtures, 'images')], baseDirectory: root, size: 8, isStrict: false },
      ...{ out: join(root, `${records}.store`), resize: 'warp', records },
    });
    const old = readStoreIndex(storeOf(`${records}-v2`)).header;
    expect(old.manifestHash).toBe(hashOf(records, []));
    expect(report.manifestHash).toBe(hashOf(records, ['enlarged']));
    expect(report.testHash).toMatch(/^[0-9a-f]{64}$/);
    expect(report.images).toEqual({ train: 4, val: 2, test: 1 });
  },
);

test('decoded for a study today they differ by that only, too', async () => {
  const source = join(fixtures, 'images');
  const info = await prepareStore({ source, baseDirectory: root, size: 8 });
  expect(contentsOf('cache-v1').manifestHash).toBe(hashOf('raw', []));
  expect(info.manifestHash).toBe(hashOf('raw', ['enlarged']));
});
