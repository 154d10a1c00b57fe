// What turns measured times and accuracies into the benchmark's claims.
import { describe, expect, it } from 'vitest';
import { median } from '../../bench/median.js';
import { pairedDifference } from '../../bench/study/pairing.js';
import { ratioOf, studySeconds } from '../../bench/study/sums.js';

describe('median', () => {
  it('is the middle value, or the mean of the two middle ones', () => {
    expect(median([10, 9, 100])).toBe(10);
    expect(median([1, 100, 2, 3])).toBe(2.5);
  });
});

describe('studySeconds', () => {
  const length = { iterations: 158, tests: 2 };
  const measured = new Map([
    ['base', { iterationMs: [90, 100, 5000], testMs: 500 }],
    ['A1B', { iterationMs: [50], testMs: 250 }],
    ['not in the study', { iterationMs: [1e6], testMs: 1e6 }],
  ]);

  it('counts every part as often as the study has it', () => {
    const parts = [
      { id: 'base', times: 2 },
      { id: 'A1B', times: 1 },
    ];
    // 2 x (100 x 158 + 500 x 2) + (50 x 158 + 250 x 2) ms
    expect(studySeconds(parts, length, measured)).toBeCloseTo(42, 9);
  });

  it('does not pass over a part that was not measured', () => {
    expect(() => studySeconds([{ id: 'B7B', times: 1 }], length, measured)).toThrow('B7B');
  });
});

describe('ratioOf', () => {
  it('pairs rounds, so that a machine that slows down changes nothing', () => {
    expect(ratioOf([20, 40, 80], [10, 20, 40])).toBe(2);
    // The ratio of the medians would be 3.
    expect(ratioOf([10, 90, 90], [10, 30, 90])).toBe(1);
  });

  it('refuses rounds that have no partner', () => {
    expect(() => ratioOf([1, 2], [1])).toThrow('paired');
  });
});

describe('pairedDifference', () => {
  it('pairs by name, whatever the order, and names what has no partner', () => {
    const a = new Map([
      ['baseA', 0.5],
      ['A1B', 0.4],
      ['A2B', 0.3],
      ['only a', 0.9],
    ]);
    const b = new Map([
      ['A2B', 0.32],
      ['only b', 0.1],
      ['baseA', 0.51],
      ['A1B', 0.4],
    ]);
    const difference = pairedDifference(a, b);
    expect(difference.networks).toBe(3);
    expect(difference.unpaired).toEqual(['only a', 'only b']);
    expect(difference.meanPt).toBeCloseTo(1, 9);
    // Differences 1, 0, 2: s = 1, k = 3, t quantile of 0.95 at 2 degrees of freedom 2.91999.
    expect(difference.interval?.low).toBeCloseTo(1 - 2.91999 / Math.sqrt(3), 4);
    expect(difference.interval?.high).toBeCloseTo(1 + 2.91999 / Math.sqrt(3), 4);
  });

  it('states no interval from two networks', () => {
    const two = new Map([
      ['a', 0.1],
      ['b', 0.2],
    ]);
    expect(pairedDifference(two, two)).toMatchObject({ networks: 2, meanPt: 0, interval: null });
  });
});
