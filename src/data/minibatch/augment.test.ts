import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { streamKey } from '../../base/random-stream.js';
import { makeTask } from '../classes/task.js';
import { type ImageSet, type Minibatch, noImages } from '../image-set.js';
import { type Augmentation, drawPlace } from './augment.js';
import { copyPadded } from './crop.js';
import { loadTestMinibatch, loadTrainMinibatch, type TrainBatchOptions } from './minibatch.js';
import { resample } from './resample.js';

const key = streamKey(['augment']);
const image = { height: 40, width: 60 };
const resizedCrop: Augmentation = { kind: 'resized-crop', area: [0.2, 0.8], aspect: [0.5, 2] };

function places(augmentation: Augmentation, window = { height: 32, width: 32 }) {
  const draws = new Uint32Array(4);
  return Array.from({ length: 2000 }, (_, record) => {
    draws[0] = Math.imul(record, 2654435761);
    draws[1] = Math.imul(record, 40503) << 8;
    return drawPlace(augmentation, image, window, draws, { key, record, epoch: 3 });
  });
}

test('padded windows begin anywhere from -pad to the last that touches the padding', () => {
  const drawn = places({ kind: 'pad', pixels: 4 });
  const tops = drawn.map(({ top }) => top);
  const lefts = drawn.map(({ left }) => left);
  expect([Math.min(...tops), Math.max(...tops)]).toEqual([-4, 40 + 4 - 32]);
  expect([Math.min(...lefts), Math.max(...lefts)]).toEqual([-4, 60 + 4 - 32]);
});

test('resized crops lie inside, with the area and shape that were asked for', () => {
  const drawn = places(resizedCrop);
  for (const { top, left, height, width } of drawn) {
    expect(top >= 0 && left >= 0 && top + height <= 40 && left + width <= 60).toBe(true);
    expect(Math.abs((height * width) / 2400 - 0.5)).toBeLessThan(0.3 + 0.05);
    expect(Math.abs(Math.log2(width / height))).toBeLessThan(1 + 0.1);
  }
  const shares = drawn.map(({ height, width }) => (height * width) / 2400);
  expect(Math.min(...shares)).toBeLessThan(0.22);
  expect(Math.max(...shares)).toBeGreaterThan(0.7);
  const wide = drawn.filter(({ height, width }) => width > height).length;
  expect(wide / drawn.length).toBeGreaterThan(0.4);
});

test('where no draw fits, the middle of the image with the nearest shape is taken', () => {
  const tall: Augmentation = { kind: 'resized-crop', area: [1, 1], aspect: [1 / 3, 1 / 2] };
  expect(places(tall)[0]).toEqual({ top: 0, left: 20, height: 40, width: 20 });
});

test('a place depends on key, record and epoch alone', () => {
  const draw = (record: number, epoch: number) =>
    drawPlace(resizedCrop, image, image, new Uint32Array(4), { key, record, epoch });
  expect(draw(5, 1)).toEqual(draw(5, 1));
  expect(draw(5, 1)).not.toEqual(draw(5, 2));
  expect(draw(5, 1)).not.toEqual(draw(6, 1));
});

const form = { channels: 2, height: 7, width: 9 } as const;
const made = (() => {
  const pixels = Uint8Array.from({ length: 2 * 7 * 9 }, (_, at) => (at * 37) % 251);
  return { ...form, channels: 3 as const, pixels };
})();

test.each([false, true])('padding is black, mirrored: %s', (isMirrored) => {
  const out = new Uint8Array(2 * 6 * 8).fill(99);
  const window = { height: 6, width: 8 };
  const crop = { pixels: made.pixels, form: form as never, window, isMirrored, out, at: 0 };
  copyPadded({ ...crop, top: -2, left: 4 });
  for (let c = 0; c < 2; c++) {
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 8; x++) {
        const [row, column] = [y - 2, 4 + (isMirrored ? 7 - x : x)];
        const isInside = row >= 0 && row < 7 && column < 9;
        const wanted = isInside ? made.pixels[(c * 7 + row) * 9 + column] : 0;
        expect(out[(c * 6 + y) * 8 + x]).toBe(wanted);
      }
    }
  }
});

// Recorded by test/parity/record_pieces.py.
const { resampled } = JSON.parse(
  readFileSync(new URL('../../../test/parity/pieces.json', import.meta.url), 'utf8'),
) as { resampled: { height: number; width: number; values: number[] }[] };

describe.each(resampled)('resampled to $height x $width', ({ height, width, values }) => {
  const run = (isMirrored: boolean): Uint8Array => {
    const out = new Uint8Array(2 * height * width);
    const place = { top: 0, left: 0, height: 7, width: 9 };
    const window = { height, width };
    resample({ pixels: made.pixels, form: form as never, place, window, isMirrored, out, at: 0 });
    return out;
  };
  test('equals PyTorch with antialiasing', () => {
    const found = run(false);
    values.forEach((value, at) => expect(Math.abs(found[at]! - value)).toBeLessThanOrEqual(0.5001));
  });
  test('mirrored', () => {
    const [usual, mirrored] = [run(false), run(true)];
    mirrored.forEach((value, at) => {
      const x = at % width;
      expect(value).toBe(usual[at - x + (width - 1 - x)]);
    });
  });
});

/** Eight images of 12 x 12, one class. */
function madeSet(): ImageSet {
  const bytes = 12 * 12;
  const data = Uint8Array.from({ length: 8 * bytes }, (_, at) => (at * 31 + (at >> 7)) % 256);
  const pixels = (record: number) => data.subarray(record * bytes, (record + 1) * bytes);
  const part = {
    ...{ count: 8, labels: new Int32Array(8), pixels },
    read: (record: number, into: Uint8Array) => into.set(pixels(record)),
  };
  return {
    ...{ classes: ['a'], form: { channels: 1, height: 12, width: 12 } as const },
    ...{ train: part, val: part, test: noImages, manifestHash: '' },
  };
}

test.each<Augmentation>([{ kind: 'pad', pixels: 2 }, resizedCrop])(
  'minibatches are the same however they are divided, and tests stay as they are: $kind',
  (augment) => {
    const task = makeTask(madeSet(), ['a'], null);
    const keys = { order: streamKey(['order']), augment: key };
    const crop = { height: 10, width: 10 };
    const options = (batch: number): TrainBatchOptions => ({
      ...{ batch, crop, mirror: true, keys, augment },
    });
    const whole = loadTrainMinibatch(task, options(8), 1) as Minibatch;
    const halves = [2, 3].map((at) => loadTrainMinibatch(task, options(4), at) as Minibatch);
    expect([...whole.crops]).toEqual(halves.flatMap(({ crops }) => [...crops]));
    // Nothing is left of a place that a mean image could be read at.
    expect([...whole.windows].filter((_, at) => at % 3 !== 2)).toEqual(Array(16).fill(0));
    const before = loadTestMinibatch(task, { batch: 8, crop }, 0) as Minibatch;
    const after = loadTestMinibatch(task, { batch: 8, crop }, 0, whole) as Minibatch;
    expect([...after.crops]).toEqual([...before.crops]);
    const usual = loadTrainMinibatch(
      task,
      { batch: 8, crop, mirror: true, keys },
      1,
      whole,
    ) as Minibatch;
    expect([...usual.crops]).not.toEqual(halves.flatMap(({ crops }) => [...crops]));
  },
);
