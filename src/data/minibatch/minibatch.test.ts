import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { streamKey } from '../../base/random-stream.js';
import { EpochOrder } from './epoch-order.js';
import {
  type AugmentationKeys,
  type ImagePart,
  type ImageSet,
  type Minibatch,
  noImages,
} from '../image-set.js';
import { square } from '../image-form.js';
import { meanImage } from './mean-image.js';
import {
  allocateMinibatch,
  loadTestMinibatch,
  loadTrainMinibatch,
  testMinibatchCount,
  type TrainBatchOptions,
} from './minibatch.js';
import { makeTask } from '../classes/task.js';

// Nothing is to be decoded here: minibatches are there at once.
const trainMinibatch = (...args: Parameters<typeof loadTrainMinibatch>) =>
  loadTrainMinibatch(...args) as Minibatch;
const testMinibatch = (...args: Parameters<typeof loadTestMinibatch>) =>
  loadTestMinibatch(...args) as Minibatch;

/** A set whose pixel (channel, row, column) of record r is a known function of all four, classes in
 *  turn a, b, c, a, ... */
function madeSet(train: number, val: number, channels = 3, height = 6, width = height): ImageSet {
  const part = (count: number, shift: number): ImagePart => {
    const bytes = channels * height * width;
    const data = Uint8Array.from(
      { length: count * bytes },
      (_, at) => (at % bytes) + 7 * Math.floor(at / bytes) + shift,
    );
    const pixels = (record: number) => data.subarray(record * bytes, (record + 1) * bytes);
    return {
      count,
      labels: Int32Array.from({ length: count }, (_, record) => record % 3),
      pixels,
      read: (record, into) => into.set(pixels(record)),
    };
  };
  return {
    classes: ['a', 'b', 'c'],
    form: { channels, height, width },
    train: part(train, 0),
    val: part(val, 100),
    test: noImages,
    manifestHash: '',
  };
}

function keysOf(name: string): AugmentationKeys {
  return { order: streamKey(['order', name]), augment: streamKey(['augment', name]) };
}

/** Pixel of the set that a crop's pixel must come from, computed the slow way. */
function expectRow(set: ImageSet, pixels: Uint8Array, batch: Minibatch, row: number) {
  const [top, left, mirrored] = batch.windows.subarray(3 * row, 3 * row + 3);
  const { channels, height, width } = batch.form;
  expect(channels).toBe(set.form.channels);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const column = left! + (mirrored === 1 ? width - 1 - x : x);
        const found = batch.crops[((row * channels + channel) * height + y) * width + x];
        expect(found).toBe(
          pixels[(channel * set.form.height + top! + y) * set.form.width + column],
        );
      }
    }
  }
}

describe('tasks', () => {
  const set = madeSet(10, 5);

  test('labels are renumbered in byte order, records stay ascending', () => {
    const task = makeTask(set, ['c', 'a'], null);
    expect(task.classes).toEqual(['a', 'c']);
    expect([...task.train]).toEqual([0, 2, 3, 5, 6, 8, 9]);
    expect([...task.trainLabels]).toEqual([0, -1, 1, 0, -1, 1, 0, -1, 1, 0]);
    expect([...task.val]).toEqual([0, 2, 3]);
    expect([...task.valLabels]).toEqual([0, -1, 1, 0, -1]);
  });

  test('imagesPerClass keeps the first k training images of a class and all validation images', () => {
    const task = makeTask(set, ['a', 'b'], 2);
    expect([...task.train]).toEqual([0, 1, 3, 4]);
    expect(task.trainLabels[6]).toBe(-1);
    expect([...task.val]).toEqual([0, 1, 3, 4]);
    expect(makeTask(set, ['a'], 100).train.length).toBe(4);
  });

  test('unknown classes and a zero imagesPerClass are refused', () => {
    expect(() => makeTask(set, ['a', 'q'], null)).toThrow('task: the data set has no class q');
    expect(() => makeTask(set, ['a'], 0)).toThrow(/imagesPerClass is 0/);
  });

  test('the mean image is the mean of the task, not of the set', async () => {
    const mean = await meanImage(set, makeTask(set, ['a'], 2));
    // Class a, two images: records 0 and 3, whose pixels are at and at + 21.
    expect([...mean]).toEqual([...mean].map((_, at) => at + 10.5));
  });
});

test('the mean image has not seen what is kept aside', async () => {
  const set = madeSet(12, 5);
  const task = makeTask(set, ['a'], null, { share: 0.25, seed: 1 });
  // Class a: records 0, 3, 6, 9, of which one is kept aside.
  expect(task.train.length).toBe(3);
  const shift = [...task.train].reduce((sum, record) => sum + 7 * record, 0) / 3;
  const mean = await meanImage(set, task);
  expect([...mean]).toEqual([...mean].map((_, at) => Math.fround(at + shift)));
});

describe('training minibatches', () => {
  const set = madeSet(11, 4);
  const task = makeTask(set, ['a', 'b', 'c'], null);
  const options = (batch: number, extra: Partial<TrainBatchOptions> = {}): TrainBatchOptions => ({
    batch,
    crop: square(4),
    mirror: true,
    keys: keysOf('x'),
    ...extra,
  });

  /** [record, top, left, mirrored, label, pixels] of the first `images` positions, read through
   *  batches of `batch`. */
  function stream(batch: number, images: number, extra: Partial<TrainBatchOptions> = {}) {
    const opts = options(batch, extra);
    const rows = [];
    for (let iteration = 0; rows.length < images; iteration++) {
      const got = trainMinibatch(task, opts, iteration);
      const bytes = got.crops.length / batch;
      for (let row = 0; row < batch; row++) {
        const pixels = got.crops.subarray(row * bytes, (row + 1) * bytes);
        rows.push([...got.windows.subarray(3 * row, 3 * row + 3), got.labels[row], ...pixels]);
      }
    }
    return rows.slice(0, images);
  }

  test('the stream does not depend on the batch size, also across epochs', () => {
    const alone = stream(1, 40);
    for (const batch of [3, 4, 11, 25]) expect(stream(batch, 40)).toEqual(alone);
  });

  test('each epoch has every image once, in another order each time', () => {
    const order = new EpochOrder(11, keysOf('x').order);
    const epochs = [0, 1, 2].map((epoch) =>
      Array.from({ length: 11 }, (_, at) => order.itemAt(epoch * 11 + at)),
    );
    for (const items of epochs) {
      expect([...items].sort((a, b) => a - b)).toEqual([...Array(11).keys()]);
    }
    expect(new Set(epochs.map(String)).size).toBe(3);
    // Random access: going back gives the same again.
    expect(order.itemAt(5)).toBe(epochs[0]![5]);
  });

  test('windows, mirrors, labels and pixels belong together', () => {
    const keys = keysOf('x');
    const order = new EpochOrder(11, keys.order);
    const got = trainMinibatch(task, options(8, { keys }), 2);
    for (let row = 0; row < 8; row++) {
      const record = task.train[order.itemAt(16 + row)]!;
      expect(got.labels[row]).toBe(record % 3);
      expectRow(set, set.train.pixels(record), got, row);
    }
  });

  test('offsets reach every place and half of the images are mirrored', () => {
    const rows = stream(10, 600);
    for (const axis of [0, 1]) {
      const counts = [0, 1, 2].map((offset) => rows.filter((row) => row[axis] === offset).length);
      // 600 draws, probability 1/3: five standard deviations are 58.
      for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(58);
    }
    const mirrored = rows.filter((row) => row[2] === 1).length;
    expect(Math.abs(mirrored - 300)).toBeLessThan(62);
    expect(stream(10, 50, { mirror: false }).every((row) => row[2] === 0)).toBe(true);
  });

  test('without mirror the windows stay the same', () => {
    const [on, off] = [stream(5, 50), stream(5, 50, { mirror: false })];
    expect(off.map((row) => row.slice(0, 2))).toEqual(on.map((row) => row.slice(0, 2)));
  });

  test('another augment key changes windows, not order; another order key changes the order', () => {
    const keys = keysOf('x');
    const other = keysOf('y');
    const labels = (k: AugmentationKeys) => stream(11, 33, { keys: k }).map((row) => row[3]);
    const windows = (k: AugmentationKeys) =>
      stream(11, 33, { keys: k }).map((row) => row.slice(0, 3));
    expect(labels({ ...keys, augment: other.augment })).toEqual(labels(keys));
    expect(windows({ ...keys, augment: other.augment })).not.toEqual(windows(keys));
    expect(labels({ ...keys, order: other.order })).not.toEqual(labels(keys));
  });

  test('a given minibatch is filled, grey and uncropped too', () => {
    const grey = madeSet(5, 2, 1);
    const greyTask = makeTask(grey, ['a', 'b', 'c'], null);
    const opts = options(5, { crop: square(6) });
    const into = allocateMinibatch(grey, opts);
    expect(trainMinibatch(greyTask, opts, 0, into)).toBe(into);
    expect(into).toEqual(trainMinibatch(greyTask, opts, 0));
    expect(
      new Set([into.windows[2], into.windows[5], into.windows[8], into.windows[11]]).size,
    ).toBe(2);
    const order = new EpochOrder(5, opts.keys.order);
    for (let row = 0; row < 5; row++) {
      expectRow(grey, grey.train.pixels(order.itemAt(row)), into, row);
    }
  });

  test('windows of all widths that are copied in different ways', () => {
    for (const [size, crop] of [
      [32, 31],
      [40, 32],
      [130, 128],
    ] as const) {
      const wide = madeSet(6, 1, 2, size);
      const opts = options(6, { crop: square(crop) });
      const order = new EpochOrder(6, opts.keys.order);
      const got = trainMinibatch(makeTask(wide, ['a', 'b', 'c'], null), opts, 0);
      expect(new Set(got.windows.filter((_, at) => at % 3 === 2))).toEqual(new Set([0, 1]));
      for (let row = 0; row < 6; row++) {
        expectRow(wide, wide.train.pixels(order.itemAt(row)), got, row);
      }
    }
  });

  test('rectangular images are cut in each direction by itself', () => {
    const wide = madeSet(9, 5, 2, 7, 40);
    const wideTask = makeTask(wide, ['a', 'b', 'c'], null);
    for (const crop of [
      { height: 5, width: 33 },
      { height: 7, width: 40 },
      { height: 7, width: 12 },
    ]) {
      const opts = options(9, { crop });
      const order = new EpochOrder(9, opts.keys.order);
      const got = trainMinibatch(wideTask, opts, 0);
      expect(got.form).toEqual({ channels: 2, ...crop });
      for (let row = 0; row < 9; row++) {
        expectRow(wide, wide.train.pixels(order.itemAt(row)), got, row);
        expect(got.windows[3 * row]).toBeLessThanOrEqual(7 - crop.height);
        expect(got.windows[3 * row + 1]).toBeLessThanOrEqual(40 - crop.width);
      }
      // Further than the height leaves room for.
      const lefts = got.windows.filter((_, at) => at % 3 === 1);
      if (crop.width < 40) expect(Math.max(...lefts)).toBeGreaterThan(7 - crop.height);
      const tested = testMinibatch(wideTask, { batch: 5, crop }, 0);
      expect([...tested.windows.subarray(0, 2)]).toEqual([
        Math.floor((7 - crop.height) / 2),
        Math.floor((40 - crop.width) / 2),
      ]);
      for (let row = 0; row < 5; row++) expectRow(wide, wide.val.pixels(row), tested, row);
    }
    const tall = options(1, { crop: { height: 8, width: 8 } });
    expect(() => trainMinibatch(wideTask, tall, 0)).toThrow(
      "the crop's height is 8: wanted 1 to 7, the images are 7x40",
    );
  });

  test('one keys object serves tasks of different sizes', () => {
    const keys = keysOf('shared');
    const small = makeTask(set, ['a'], null);
    const first = trainMinibatch(task, options(4, { keys }), 0);
    const fresh = options(4, { keys: keysOf('shared') });
    expect(trainMinibatch(small, options(4, { keys }), 0)).toEqual(trainMinibatch(small, fresh, 0));
    expect(trainMinibatch(task, options(4, { keys }), 0)).toEqual(first);
  });

  test('for any sizes, an epoch of positions covers the task', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 40 }),
        (count, batch) => {
          const made = madeSet(count, 1, 1, 2);
          const all = makeTask(made, ['a', 'b', 'c'], null);
          const opts = options(batch, { crop: square(2), mirror: false });
          const seen = new Map<number, number>();
          const epochs = batch; // count iterations of batch images are `batch` whole epochs
          for (let iteration = 0; iteration < count; iteration++) {
            const got = trainMinibatch(all, opts, iteration);
            for (let row = 0; row < batch; row++) {
              const first = got.crops[row * 4]!;
              seen.set(first, (seen.get(first) ?? 0) + 1);
            }
          }
          expect(seen.size).toBe(count);
          expect([...seen.values()].every((times) => times === epochs)).toBe(true);
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  });

  test('a crop larger than the images is refused', () => {
    expect(() => trainMinibatch(task, options(4, { crop: square(7) }), 0)).toThrow('wanted 1 to 6');
    expect(() => trainMinibatch(task, options(0), 0)).toThrow('batch is 0');
  });
});

test('test minibatches: centre window, record order, padded last batch', () => {
  const set = madeSet(3, 7);
  const task = makeTask(set, ['a', 'b', 'c'], null);
  // Odd margin: (6 - 3) / 2 rounds down to 1.
  const cut = { batch: 3, crop: square(3) };
  const batches = Array.from({ length: testMinibatchCount(task, 3) }, (_, index) =>
    testMinibatch(task, cut, index),
  );
  expect(batches.map((batch) => [...batch.labels])).toEqual([
    [0, 1, 2],
    [0, 1, 2],
    [0, -1, -1],
  ]);
  batches.forEach((batch, index) => {
    expect([...batch.windows]).toEqual([1, 1, 0, 1, 1, 0, 1, 1, 0]);
    for (let row = 0; row < 3 && index * 3 + row < 7; row++) {
      expectRow(set, set.val.pixels(index * 3 + row), batch, row);
    }
  });
  // A reused minibatch keeps nothing of the batch before.
  const into = allocateMinibatch(set, { batch: 3, crop: square(3) });
  testMinibatch(task, { batch: 3, crop: square(3) }, 0, into);
  expect(testMinibatch(task, { batch: 3, crop: square(3) }, 2, into)).toEqual(batches[2]);
  expect(batches[2]!.crops.subarray(27).every((pixel) => pixel === 0)).toBe(true);
});
