import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, meanOfLargest, standardDeviation, sum } from './mean.js';

const reals = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });

describe('means', () => {
  it('agree with closed forms', () => {
    expect(sum([1, 2, 3, 4])).toBe(10);
    expect(mean([1, 2, 3, 4])).toBe(2.5);
    expect(standardDeviation([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(5 / 3), 15);
  });

  it('are null where there is nothing to say', () => {
    expect(mean([])).toBeNull();
    expect(meanOfLargest([])).toBeNull();
    expect(standardDeviation([3])).toBeNull();
  });

  it('give the same bits for any order of the values', () => {
    fc.assert(
      fc.property(reals, (values) => {
        const reversed = [...values].reverse();
        expect(sum(reversed)).toBe(sum(values));
        expect(standardDeviation(reversed)).toBe(standardDeviation(values));
      }),
    );
    expect(sum([0.1, 1e16, -1e16])).toBe(sum([1e16, 0.1, -1e16]));
  });

  it('top10 takes the ten largest, wherever they stand', () => {
    const accuracies = [0.9, ...Array.from({ length: 20 }, (_, i) => i / 100), 0.8];
    expect(meanOfLargest(accuracies)).toBeCloseTo((0.9 + 0.8 + 8 * 0.155) / 10, 14);
    expect(meanOfLargest([0.2, 0.4])).toBeCloseTo(0.3, 15);
  });
});
