// Curves of many points keep their ends and their peaks.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thinned } from './thin.js';

const everything = { from: 0, to: Infinity };

test('a short curve is kept whole, a window cuts it', () => {
  const xs = Float64Array.from([10, 20, 30, 40]);
  expect(thinned(xs, xs, { ...everything, points: 4 })).toEqual([0, 1, 2, 3]);
  expect(thinned(xs, xs, { from: 20, to: 30, points: 4 })).toEqual([1, 2]);
  expect(thinned(xs, xs, { from: 21, to: 29, points: 4 })).toEqual([]);
  expect(thinned(new Float64Array(0), new Float64Array(0), { ...everything, points: 4 })).toEqual(
    [],
  );
});

test('of any long curve: few points, in order, with its ends, its least and its greatest', () => {
  const value = fc.oneof(fc.double({ noNaN: true, min: -1, max: 1 }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 2000 }),
      fc.integer({ min: 4, max: 400 }),
      (values, points) => {
        const ys = Float64Array.from(values);
        const xs = Float64Array.from(values.keys());
        const kept = thinned(xs, ys, { ...everything, points });
        expect(kept.length).toBeLessThanOrEqual(Math.max(4, points));
        expect([...kept].sort((a, b) => a - b)).toEqual(kept);
        expect(new Set(kept).size).toBe(kept.length);
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(values.length - 1);
        const real = values.filter((each) => !Number.isNaN(each));
        const shown = kept.map((at) => values[at]).filter((each) => !Number.isNaN(each));
        if (real.length === 0) return;
        expect(Math.max(...(shown as number[]))).toBe(Math.max(...real));
        expect(Math.min(...(shown as number[]))).toBe(Math.min(...real));
      },
    ),
  );
});
