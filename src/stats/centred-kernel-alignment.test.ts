import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  addMinibatch,
  alignment,
  type Gram,
  noAlignment,
  unbiasedHsic,
} from './centred-kernel-alignment.js';

type Rows = readonly (readonly number[])[];

/** From the definition of HSIC_1, by test/measure/record_cka.py. */
const recorded = JSON.parse(readFileSync('test/measure/cka.json', 'utf8')) as {
  readonly first: Rows;
  readonly second: Rows;
  readonly hsic: { readonly both: number; readonly first: number; readonly second: number };
  readonly cka: number;
  readonly minibatches: number;
};

/** @param stride rows and columns beyond those of the images are padding */
function gram(rows: Rows, stride = rows.length): Gram {
  const values = new Float64Array(stride * stride).fill(99);
  rows.forEach((a, i) =>
    rows.forEach((b, j) => {
      values[i * stride + j] = a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
    }),
  );
  return { values, stride, count: rows.length };
}

const cka = (first: Rows, second: Rows): number | null =>
  alignment(addMinibatch(noAlignment, gram(first), gram(second)));

test('HSIC_1 is the mean over quadruples of images that defines it', () => {
  const { first, second, hsic } = recorded;
  expect(unbiasedHsic(gram(first), gram(second))).toBeCloseTo(hsic.both, 10);
  expect(unbiasedHsic(gram(first), gram(first))).toBeCloseTo(hsic.first, 10);
  expect(unbiasedHsic(gram(second, 11), gram(second, 9))).toBeCloseTo(hsic.second, 10);
});

test('CKA of all images at once, and of means over minibatches', () => {
  const { first, second } = recorded;
  expect(cka(first, second)).toBeCloseTo(recorded.cka, 12);
  const half = (rows: Rows, at: number): Gram => gram(rows.slice(at, at + 4));
  const once = addMinibatch(noAlignment, half(first, 0), half(second, 0));
  const twice = addMinibatch(once, half(first, 4), half(second, 4));
  expect(alignment(twice)).toBeCloseTo(recorded.minibatches, 12);
});

test('turned, scaled and moved features are the same representation', () => {
  const { first } = recorded;
  const other = first.map(([x = 0, y = 0, z = 0]) => [100 - 2 * z, 2 * x + 7, 2 * y]);
  expect(cka(first, other)).toBeCloseTo(1, 12);
  expect(cka(first, first)).toBeCloseTo(1, 12);
});

test('features that do not vary have none', () => {
  const { first } = recorded;
  expect(
    cka(
      first,
      first.map(() => [1, 2]),
    ),
  ).toBeNull();
});
