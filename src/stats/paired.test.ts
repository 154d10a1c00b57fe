import { describe, expect, test } from 'vitest';
import { jackknifeVariance, pairedDifference } from './paired.js';

describe('two networks on the same images', () => {
  test('by hand: 10 images, 4 right in the first alone, 1 in the second alone', () => {
    const { difference, standardError, p, low, high } = pairedDifference({
      ...{ onlyFirst: 4, onlySecond: 1, images: 10 },
    });
    expect(difference).toBeCloseTo(0.3, 12);
    expect(standardError).toBeCloseTo(Math.sqrt(5 - 9 / 10) / 10, 12);
    // 2 (1 + 5) / 32.
    expect(p).toBeCloseTo(0.375, 9);
    // (5 - 2) / 12, and 1.959964 sqrt((7 / 12 - 1 / 16) / 12).
    const half = 1.959963985 * Math.sqrt((7 / 12 - 1 / 16) / 12);
    expect(low).toBeCloseTo(0.25 - half, 7);
    expect(high).toBeCloseTo(0.25 + half, 7);
  });

  test('the exact p is that of fair coins: 2 of 10, 0 of 6', () => {
    expect(pairedDifference({ onlyFirst: 2, onlySecond: 8, images: 50 }).p).toBeCloseTo(
      0.109375,
      9,
    );
    expect(pairedDifference({ onlyFirst: 0, onlySecond: 6, images: 50 }).p).toBeCloseTo(2 / 64, 9);
  });

  test('equal counts and none at all are no evidence', () => {
    for (const each of [0, 1, 7]) {
      const found = pairedDifference({ onlyFirst: each, onlySecond: each, images: 100 });
      expect(found).toMatchObject({ difference: 0, p: 1 });
      expect(found.low).toBeLessThan(0);
      expect(found.high).toBeGreaterThan(0);
    }
  });

  test('exchanged networks give the mirrored answer, and ends stay within -1 and 1', () => {
    const [a, b] = [
      pairedDifference({ onlyFirst: 9, onlySecond: 2, images: 40 }),
      pairedDifference({ onlyFirst: 2, onlySecond: 9, images: 40 }),
    ];
    expect(a.low).toBeCloseTo(-b.high, 12);
    expect(a.p).toBeCloseTo(b.p, 12);
    // By the formula they are 1.16 and -1.16.
    expect(pairedDifference({ onlyFirst: 9, onlySecond: 0, images: 9 }).high).toBe(1);
    expect(pairedDifference({ onlyFirst: 0, onlySecond: 9, images: 9 }).low).toBe(-1);
  });

  test('another level has another quantile', () => {
    const counts = { onlyFirst: 9, onlySecond: 2, images: 40 };
    const [wide, narrow] = [0.95, 0.9].map((level) => pairedDifference(counts, level));
    const width = (each: typeof wide) => (each?.high ?? NaN) - (each?.low ?? NaN);
    expect(width(narrow) / width(wide)).toBeCloseTo(1.644853627 / 1.959963985, 8);
  });
});

describe('jackknife over clusters', () => {
  test('of a mean it is the squared standard error', () => {
    const values = [3, 5, 10, 2];
    const sum = values.reduce((a, b) => a + b, 0);
    const changes = values.map((value) => (sum - value) / 3 - sum / 4);
    const mean = sum / 4;
    const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
    expect(jackknifeVariance(changes)).toBeCloseTo(squares / 3 / 4, 12);
  });

  test('is around the mean of the changes', () => {
    // 1 / 2 of (1 - 2)^2 + (3 - 2)^2.
    expect(jackknifeVariance([1, 3])).toBeCloseTo(1, 12);
  });

  test('one cluster says nothing', () => {
    expect(jackknifeVariance([1])).toBeNull();
  });
});
