import { describe, expect, it } from 'vitest';
import { riseAtEnd } from './rise.js';

/** A training of tests with these accuracies, percent, at one learning rate. */
const tests = (percents: readonly number[], rate: (i: number) => number | null = () => 0.1) =>
  percents.map((percent, i) => ({ testAccuracy: percent / 100, learningRate: rate(i) }));
const flat = Array.from({ length: 10 }, () => 50);

describe('the rise at the end of a training', () => {
  it('is that of a line through the last third of its tests', () => {
    // Residuals 1, -2, 1, 1, -2, 1 ... of 1, 2 ... 5 would not be a line: by hand, over 0 ... 4.
    const last = [50, 52, 51, 53, 54];
    // Slope (-2 x -2 + -1 x 0 + 1 x 1 + 2 x 2) / 10 = 0.9; residuals -0.2, 0.9, -1, 0.1, 0.2.
    const half = 3.18244631 * Math.sqrt(1.9 / 3 / 10) * 4;
    const found = riseAtEnd(tests([...flat, ...last]));
    expect(found?.risePt).toBeCloseTo(3.6, 9);
    expect(found?.lowPt).toBeCloseTo(3.6 - half, 6);
    expect(found?.highPt).toBeCloseTo(3.6 + half, 6);
  });

  it('leaves out what a fall of the learning rate gained, if enough tests are left', () => {
    const after = [60, 61, 60, 61, 60];
    const twice = [...flat, ...flat];
    const step = (first: number) => (i: number) => (i < first ? 0.1 : 0.01);
    const percents = [...twice, 50, 50, 50, 50, 50, ...after];
    expect(riseAtEnd(tests(percents, step(25)))?.risePt).toBeCloseTo(0, 9);
    expect(riseAtEnd(tests(percents, step(26)))?.risePt).toBeGreaterThan(5);
    expect(riseAtEnd(tests(percents, () => null))?.risePt).toBeGreaterThan(5);
  });

  it('is not known of fewer than 5 tests in the last third', () => {
    expect(riseAtEnd(tests(flat))).toBeNull();
    expect(riseAtEnd([])).toBeNull();
    expect(riseAtEnd(tests([...flat, 50, 50, 50]))).toEqual({ risePt: 0, lowPt: 0, highPt: 0 });
  });
});
