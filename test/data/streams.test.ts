// Images that are not kept in memory: raw records read one by one, JPEG records decoded whenever
// they are needed.
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { square } from '../../src/data/image-form.js';
import { streamKey } from '../../src/base/random-stream.js';
import type { ImageSet, Task } from '../../src/data/image-set.js';
import { prefetchingSource } from '../../src/data/minibatch/loader/prefetch.js';
import { requests } from '../../src/data/minibatch/loader/requests.js';
import { meanImage } from '../../src/data/minibatch/mean-image.js';
import { testMinibatchCount, type TrainBatchOptions } from '../../src/data/minibatch/minibatch.js';
import { directSource, type MinibatchSource } from '../../src/data/minibatch/minibatch-source.js';
import { openImages } from '../../src/data/store/open-images.js';
import { packImages } from '../../src/data/pack/pack-images.js';
import { readStoreIndex } from '../../src/data/store/read-index.js';
import { openStore, prepareStore, type RecordsUse } from '../../src/data/prepare/store.js';
import { makeTask } from '../../src/data/classes/task.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { trainGang } from '../../src/train/train-gang.js';
import { base, gangJob } from '../train/job.js';

const SIZE = 40;
const root = mkdtempSync(join(tmpdir(), 'selffer-streams-'));
const cache = join(root, 'cache');
// Mean images of training runs go there too.
process.env['SELFFER_CACHE_DIR'] = cache;
afterAll(() => rmSync(root, { recursive: true }));

/** A picture with something in every corner, another one for each seed. */
function picture(seed: number): Promise<Buffer> {
  const data = Buffer.from(
    Array.from({ length: 3 * SIZE * SIZE }, (_, at) => {
      const [x, y] = [Math.floor(at / 3) % SIZE, Math.floor(at / 3 / SIZE)];
      return (
        128 + 100 * Math.sin((x * (1 + (seed % 5)) + (at % 3) * 9) / 7) * Math.cos((y + seed) / 5)
      );
    }),
  );
  return sharp(data, { raw: { width: SIZE, height: SIZE, channels: 3 } })
    .png()
    .toBuffer();
}

let raw: string;
let jpeg: string;
beforeAll(async () => {
  const folder = join(root, 'images');
  for (let seed = 0; seed < 60; seed++) {
    const file = join(folder, seed % 4 === 3 ? 'val' : 'train', 'abc'[seed % 3]!, `${seed}.png`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await picture(seed));
  }
  const pack = async (records: 'raw' | 'jpeg') => {
    const request = { source: [folder], baseDirectory: root, out: join(root, `${records}.store`) };
    const usual = { size: SIZE, resize: 'warp', isStrict: false } as const;
    return (await packImages({ ...request, ...usual, records })).store;
  };
  [raw, jpeg] = [await pack('raw'), await pack('jpeg')];
});

const prepare = (records: RecordsUse, size = SIZE, source = jpeg, where = cache) =>
  prepareStore({ source, baseDirectory: root, size, cache: where, records });

const keys = { order: streamKey(['order', 'x']), augment: streamKey(['augment', 'x']) };
const usual: TrainBatchOptions = { batch: 7, crop: square(33), mirror: true, keys };
const plan = { from: 2, iterations: 24, testEvery: 10 };
const taskOf = (set: ImageSet): Task => makeTask(set, ['a', 'b', 'c'], null);

/** All minibatches of a run, as text. */
async function drain(source: MinibatchSource, task: Task): Promise<string[]> {
  const all: string[] = [];
  const testMinibatches = testMinibatchCount(task, usual.batch);
  for (const { part, index } of requests({ ...plan, testMinibatches })) {
    const { crops, windows, labels } = await source[part](index);
    all.push(`${Buffer.from(crops).toString('base64')} ${windows.join()} ${labels.join()}`);
  }
  source.dispose();
  return all;
}

const direct = (set: ImageSet, options = usual) =>
  drain(directSource(taskOf(set), options), taskOf(set));

async function threaded(store: string, set: ImageSet, loaders: number, options = usual) {
  const task = taskOf(set);
  const source = prefetchingSource(task, {
    ...{ store, imagesPerClass: null, batch: options, plan, loaders },
  });
  const testMinibatches = testMinibatchCount(task, options.batch);
  const last = [...requests({ ...plan, testMinibatches })].length;
  let taken = 0;
  const counted = (part: 'train' | 'test') => async (index: number) => {
    const minibatch = await source[part](index);
    // The threads did it: none has given up before the last was taken.
    if (++taken === last) expect(source.loaders).toBe(loaders);
    return minibatch;
  };
  return drain({ ...source, train: counted('train'), test: counted('test') }, task);
}

describe.each(['full', 'blocks'] as const)('minibatches in %s order', (order) => {
  const options = order === 'full' ? usual : { ...usual, shuffle: { block: 4, window: 3 } };

  test('of raw records are the same from memory and from the file, with any number of loaders', async () => {
    const expected = await direct(openImages(raw), options);
    const streamed = openImages(raw, 0);
    expect(streamed.shared?.records).toBeUndefined();
    expect(await direct(streamed, options)).toEqual(expected);
    for (const loaders of [1, 2, 3]) {
      expect(await threaded(raw, streamed, loaders, options)).toEqual(expected);
    }
  });

  test('of JPEG records are the same decoded once and whenever needed, with any number of loaders', async () => {
    const decoded = openStore((await prepare('decode')).path);
    const expected = await direct(decoded, options);
    const streamed = openStore(jpeg);
    expect([decoded.isEncoded, streamed.isEncoded]).toEqual([false, true]);
    expect(await direct(streamed, options)).toEqual(expected);
    for (const loaders of [1, 2, 3]) {
      expect(await threaded(jpeg, streamed, loaders, options)).toEqual(expected);
    }
  });
});

test('the two orders differ', async () => {
  const blocks = { ...usual, shuffle: { block: 4, window: 3 } };
  expect(await direct(openImages(raw), blocks)).not.toEqual(await direct(openImages(raw)));
});

describe('the mean image', () => {
  test('is the same however the images are read', async () => {
    const sets = [openStore((await prepare('decode')).path), openStore(jpeg)];
    const [a, b] = await Promise.all(sets.map((set) => meanImage(set, taskOf(set), cache)));
    expect(b).toEqual(a);
  });

  test('of streamed images is kept, and belongs to its task and its images', async () => {
    const set = openImages(raw, 0);
    const own = join(root, 'means');
    const expected = await meanImage(openImages(raw), taskOf(openImages(raw)), own);
    expect(await meanImage(set, taskOf(set), own)).toEqual(expected);
    const unreadable: ImageSet = { ...set, train: { ...set.train, read: () => expect.fail() } };
    expect(await meanImage(unreadable, taskOf(unreadable), own)).toEqual(expected);
    const half = makeTask(set, ['a', 'b'], 2);
    expect(await meanImage(set, half, own)).not.toEqual(expected);
    // As many images of the same classes, but others.
    const [first, second] = [1, 2].map((seed) =>
      makeTask(openImages(raw, 0), ['a', 'b'], null, { share: 0.5, seed }),
    ) as [Task, Task];
    expect([...first.train]).not.toEqual([...second.train]);
    expect(first.train.length).toBe(second.train.length);
    expect(await meanImage(first.set, first, own)).not.toEqual(
      await meanImage(second.set, second, own),
    );
  });
});

test('a network learns the same from images that are decoded once and whenever needed', async () => {
  const [decoded, folder] = [(await prepare('decode')).path, join(root, 'study')];
  const run = async (store: string, loaders: number): Promise<string> => {
    const out = join(folder, `${loaders}-${store === jpeg ? 'streamed' : 'decoded'}`);
    const network = base('B');
    mkdirSync(join(out, network.directory), { recursive: true });
    const target = { store, classes: ['a', 'b', 'c'], imagesPerClass: null };
    const job = gangJob(out, [network]);
    const input = { ...job.input, target, means: { B: target } };
    const colour = { ...job, input, loaders, network: { ...job.network, channels: 3 } };
    const context = { emit: () => undefined, shouldStop: () => false };
    await trainGang(colour, { executor: createReferenceExecutor(), ...context });
    return readFileSync(join(out, network.directory, 'metrics.jsonl'), 'utf8');
  };
  const expected = await run(decoded, 0);
  expect(expected.trim().split('\n')).toHaveLength(3);
  expect(await run(jpeg, 0)).toBe(expected);
  expect(await run(jpeg, 1)).toBe(expected);
});

describe('a study’s data', () => {
  test('streamed or decoded have one hash, so networks keep their identity', async () => {
    const decoded = await prepare('decode');
    const streamed = await prepare('stream');
    expect(streamed.path).toBe(jpeg);
    expect(decoded.path).not.toBe(jpeg);
    expect(streamed.manifestHash).toBe(decoded.manifestHash);
    expect([streamed.classes, streamed.counts]).toEqual([decoded.classes, decoded.counts]);
    // Known the second time, without reading a record.
    let records = 0;
    const again = { source: jpeg, baseDirectory: root, size: SIZE, cache };
    await prepareStore({ ...again, records: 'stream' }, ({ files }) => (records += files));
    expect(records).toBe(0);
  });

  test('small ones are decoded, unless told otherwise', async () => {
    expect((await prepare('auto')).path).not.toBe(jpeg);
  });

  test('what cannot be streamed is refused', async () => {
    await expect(prepare('stream', 32)).rejects.toThrow(
      `data.records is stream: ${jpeg} is not one store of JPEG records of 32x32`,
    );
    await expect(prepare('stream', SIZE, raw)).rejects.toThrow('is not one store of JPEG');
    await expect(prepare('stream', SIZE, join(root, 'images'))).rejects.toThrow('is not one');
    await expect(prepare('stream', 28, 'glyphs')).rejects.toThrow('glyphs are not a store');
  });
});

/** A copy of a store with bytes changed at `at`. */
function damage(store: string, name: string, at: number): string {
  const path = join(root, name);
  copyFileSync(store, path);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.from([1, 2, 3, 4]), 0, 4, at);
  closeSync(file);
  return path;
}

describe('a damaged record ends a run with its name', () => {
  const first = /^.*damaged\.store: image 0 of train \(a\/0\.png\): the record's checksum differs/;
  const at = 4096 + 200;

  test('raw, in memory and from the file', async () => {
    const path = damage(raw, 'damaged.store', at);
    for (const set of [openImages(path), openImages(path, 0)]) {
      await expect(direct(set)).rejects.toThrow(first);
    }
    // The others are as they were.
    const others = makeTask(openImages(path, 0), ['b', 'c'], null);
    await drain(directSource(others, usual), others);
  });

  test('JPEG, when needed and when the study is prepared', async () => {
    const path = damage(jpeg, 'damaged.store', at);
    await expect(direct(openStore(path))).rejects.toThrow(first);
    await expect(prepare('stream', SIZE, path, join(root, 'new'))).rejects.toThrow(first);
  });

  test('with loader threads too', async () => {
    const path = damage(jpeg, 'damaged.store', at);
    await expect(threaded(path, openStore(path), 2)).rejects.toThrow(first);
  });

  test('a file that is cut off while it is read', async () => {
    const path = damage(raw, 'cut.store', at);
    const set = openImages(path, 0);
    truncateSync(path, 5000);
    await expect(direct(set)).rejects.toThrow(
      /cut\.store: image \d+ of train .*cannot be read: .*the file ended while it was read/,
    );
  });
});

test('a checksum is compared once: what is damaged later is not looked for again', () => {
  const path = damage(raw, 'later.store', 0); // the prelude of the copy is overwritten next
  copyFileSync(raw, path);
  const set = openImages(path, 0);
  const into = new Uint8Array(3 * SIZE * SIZE);
  void set.train.read(0, into);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.from([255 - into[0]!]), 0, 1, 4096);
  closeSync(file);
  void set.train.read(0, into);
  expect(() => openImages(path, 0).train.read(0, into)).toThrow("the record's checksum differs");
});

test('names of files are read when they are asked for, also from shared memory', () => {
  const first = readStoreIndex(raw);
  const second = readStoreIndex(raw, first.memory);
  const names = ({ train, val }: typeof first) =>
    [train, val].map(({ records, labels }) => Array.from(labels, (_, at) => records!.names.at(at)));
  const [training, validation] = names(second);
  expect([training!.length, validation!.length]).toEqual([45, 15]);
  expect(validation).toContain('3.png');
  expect(names(first)).toEqual([training, validation]);
  expect(second.train.labels.buffer).toBe(first.memory);
  expect(second.sha256).toBe(first.sha256);
});

test('grey images: the decoded copy and the stream are the same', async () => {
  const folder = join(root, 'grey');
  mkdirSync(folder);
  const side = 12;
  for (const [part, count] of [
    ['train', 20],
    ['t10k', 10],
  ] as const) {
    const images = Buffer.alloc(16 + count * side * side);
    [0x803, count, side, side].forEach((word, at) => images.writeUInt32BE(word, 4 * at));
    for (let at = 16; at < images.length; at++) images[at] = (at * at + 13 * at) % 251;
    const labels = Buffer.alloc(8 + count);
    [0x801, count].forEach((word, at) => labels.writeUInt32BE(word, 4 * at));
    for (let at = 0; at < count; at++) labels[8 + at] = at % 10;
    writeFileSync(join(folder, `${part}-images-idx3-ubyte`), images);
    writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), labels);
  }
  const { store } = await packImages({
    ...{ source: [folder], baseDirectory: root, out: join(root, 'grey.store') },
    ...{ size: side, resize: 'warp', isStrict: false, records: 'jpeg' },
  });
  const [decoded, streamed] = [
    await prepare('decode', side, store),
    await prepare('stream', side, store),
  ];
  expect([decoded.form.channels, streamed.form.channels]).toEqual([1, 1]);
  expect(streamed.path).toBe(store);
  expect(streamed.manifestHash).toBe(decoded.manifestHash);
  const minibatches = (path: string) => {
    const set = openStore(path);
    const task = makeTask(set, set.classes, null);
    return drain(directSource(task, { ...usual, crop: square(9) }), task);
  };
  expect(await minibatches(streamed.path)).toEqual(await minibatches(decoded.path));
});
