import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { square } from '../../image-form.js';
import { streamKey } from '../../../base/random-stream.js';
import type { Task } from '../../image-set.js';
import { directSource, type MinibatchSource } from '../minibatch-source.js';
import { testMinibatchCount, type TrainBatchOptions } from '../minibatch.js';
import { openStore } from '../../prepare/store.js';
import { makeTask } from '../../classes/task.js';
import { prefetchingSource, type PrefetchOptions } from './prefetch.js';
import { isTestDue, requests } from './requests.js';
import { allocateRing, Ring } from './ring.js';

const keys = { order: streamKey(['order', 'x']), augment: streamKey(['augment', 'x']) };
const batch: TrainBatchOptions = { batch: 17, crop: square(24), mirror: true, keys };
const classes = ['upper-A', 'upper-B', 'lower-a'];
const plan = { from: 3, iterations: 20, testEvery: 6 };
let task: Task;
let directory: string;

beforeAll(() => {
  task = makeTask(openStore('glyphs'), classes, 20);
  directory = mkdtempSync(join(tmpdir(), 'selffer-loader-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const options = (change: Partial<PrefetchOptions> = {}): PrefetchOptions => ({
  store: 'glyphs',
  imagesPerClass: 20,
  batch,
  plan,
  loaders: 1,
  ...change,
});

let loadersAtEnd = 0;

/** All minibatches of a run, as text: quick to compare. */
async function drain(source: MinibatchSource, of: Task = task): Promise<string[]> {
  const testMinibatches = testMinibatchCount(of, batch.batch);
  const all: string[] = [];
  for (const { part, index } of requests({ ...plan, testMinibatches })) {
    const { crops, windows, labels } = await source[part](index);
    all.push(`${Buffer.from(crops).toString('base64')} ${windows.join()} ${labels.join()}`);
  }
  loadersAtEnd = source.loaders;
  source.dispose();
  return all;
}

test.each([1, 2, 3])('%i loaders give what the engine’s own thread makes', async (loaders) => {
  const source = prefetchingSource(task, options({ loaders }));
  expect(source.loaders).toBe(loaders);
  const made = await drain(source);
  // The engine's own thread makes the same minibatches where loaders have died.
  expect(loadersAtEnd).toBe(loaders);
  expect(made).toEqual(await drain(directSource(task, batch)));
});

test('loaders leave out what is kept aside', async () => {
  const selection = { share: 0.25, seed: 1 };
  const rest = makeTask(openStore('glyphs'), classes, 20, selection);
  const made = await drain(prefetchingSource(rest, options({ selection })), rest);
  expect(loadersAtEnd).toBe(1);
  expect(made).toEqual(await drain(directSource(rest, batch), rest));
});

test('a run that ends early leaves no thread waiting', async () => {
  const source = prefetchingSource(task, options({ loaders: 2 }));
  source.train(plan.from);
  source.dispose();
  expect(source.loaders).toBe(0);
});

describe('threads that do not do their work', () => {
  const script = (body: string): URL => {
    const path = join(directory, `${body.length}.mjs`);
    writeFileSync(path, body);
    return pathToFileURL(path);
  };
  const expectSame = async (change: Partial<PrefetchOptions>): Promise<void> => {
    const source = prefetchingSource(task, options(change));
    const found = await drain(source);
    expect(source.loaders).toBe(0);
    expect(found).toEqual(await drain(directSource(task, batch)));
  };

  test('one that ends at once does not hang the engine', async () => {
    await expectSame({ script: script('process.exit(3);'), giveUpMs: 300 });
  });

  test('one that dies of an exception does not hang the engine', async () => {
    await expectSame({ script: script('throw new Error("no");'), giveUpMs: 300 });
  });

  test('one that cannot open the store gives up at once; the engine continues', async () => {
    await expectSame({ store: '/nowhere/images', giveUpMs: 60_000 });
  });

  test('an error of the data is the same as without threads', () => {
    const broken: Task = { ...task, train: new Int32Array(0) };
    const error = (make: () => unknown): unknown => {
      try {
        make();
        return null;
      } catch (caught) {
        return caught;
      }
    };
    const direct = error(() => directSource(broken, batch).train(3));
    const source = prefetchingSource(broken, options({ store: '/nowhere' }));
    const threaded = error(() => source.train(3));
    expect(direct).toMatchObject({ name: 'DataError', code: 'data' });
    expect(threaded).toEqual(direct);
  });
});

test('the order of requests: tests after every sixth iteration and the last', () => {
  const order = [...requests({ from: 4, iterations: 8, testEvery: 6, testMinibatches: 2 })];
  expect(order.map(({ part, index }) => `${part} ${index}`)).toEqual([
    ...['train 4', 'train 5', 'test 0', 'test 1'],
    ...['train 6', 'train 7', 'test 0', 'test 1'],
  ]);
  expect([5, 6, 7, 8].map((done) => isTestDue({ iterations: 8, testEvery: 6 }, done))).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

describe('the ring', () => {
  const shape = { slots: 2, batch: 3, form: { channels: 1, height: 5, width: 5 } };
  const made = (): Ring => new Ring(shape, allocateRing(shape));

  test('slots do not overlap', () => {
    const ring = made();
    for (const ticket of [0, 1]) {
      const { crops, windows, labels } = ring.awaitFree(ticket)!;
      crops.fill(ticket + 1);
      windows.fill(ticket + 1);
      labels.fill(ticket + 1);
      ring.handOver(ticket);
    }
    for (const ticket of [0, 1]) {
      const { crops, windows, labels } = ring.take(ticket, 0)!;
      expect([crops.length, windows.length, labels.length]).toEqual([75, 9, 3]);
      expect(new Set([...crops, ...windows, ...labels])).toEqual(new Set([ticket + 1]));
    }
  });

  test('a minibatch is not there before it is filled, nor after it was released', () => {
    const ring = made();
    expect(ring.take(0, 0)).toBeNull();
    ring.awaitFree(0);
    ring.handOver(0);
    expect(ring.take(0, 0)).not.toBeNull();
    ring.release(0);
    expect(ring.take(2, 0)).toBeNull();
    ring.awaitFree(2)!.labels.fill(9);
    ring.handOver(2);
    expect(ring.take(2, 0)?.labels[0]).toBe(9);
  });

  test('a closed ring fills nothing and gives nothing', () => {
    const ring = made();
    ring.awaitFree(0);
    ring.close();
    ring.handOver(0);
    expect(ring.take(0, 60_000)).toBeNull();
    expect(ring.awaitFree(1)).toBeNull();
  });
});
