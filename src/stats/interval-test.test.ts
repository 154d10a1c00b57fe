import { describe, expect, it } from 'vitest';
import { tInterval, tTest } from './interval.js';
import { tTestOfInterval } from './interval-test.js';
import { mean } from './mean.js';

describe('the test that an interval stands for', () => {
  it('is the t test of the values that it was made of', () => {
    for (const values of [
      [1, 2, 4],
      [-0.3, 0.1, -1.2, -0.8, -0.4],
    ]) {
      const interval = tInterval(values);
      const range = { meanPt: mean(values), lowPt: interval!.low, highPt: interval!.high };
      expect(tTestOfInterval(range, values.length)).toBeCloseTo(tTest(values)!.p, 9);
    }
  });

  it('is not known without an interval, its width, or three values', () => {
    expect(tTestOfInterval({ meanPt: 1, lowPt: null, highPt: null }, 4)).toBeNull();
    expect(tTestOfInterval({ meanPt: 1, lowPt: 1, highPt: 1 }, 4)).toBeNull();
    expect(tTestOfInterval({ meanPt: 1, lowPt: 0, highPt: 2 }, 2)).toBeNull();
  });
});
