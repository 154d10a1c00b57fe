import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialInterval, includes, tInterval } from './interval.js';
import { isDead } from './dead.js';

describe('t interval', () => {
  it('has the closed form of two degrees of freedom', () => {
    // t quantile with 2 degrees of freedom: (2p - 1) sqrt(2 / (4p (1 - p))), here p = 0.975.
    const quantile = (2 * 0.975 - 1) * Math.sqrt(2 / (4 * 0.975 * 0.025));
    const interval = tInterval([1, 2, 3]);
    expect(interval?.low).toBeCloseTo(2 - quantile / Math.sqrt(3), 9);
    expect(interval?.high).toBeCloseTo(2 + quantile / Math.sqrt(3), 9);
  });

  it('needs three values', () => {
    expect(tInterval([1, 2])).toBeNull();
    expect(tInterval([1, 2, 3])).not.toBeNull();
  });

  it('does not depend on order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true })), (values) => {
        expect(tInterval([...values].reverse())).toEqual(tInterval(values));
      }),
    );
  });
});

describe('binomial interval', () => {
  it('has the closed forms of no and of all successes', () => {
    for (const trials of [1, 10, 400]) {
      const end = 0.005 ** (1 / trials);
      expect(binomialInterval(0, trials).low).toBe(0);
      expect(binomialInterval(0, trials).high).toBeCloseTo(1 - end, 8);
      expect(binomialInterval(trials, trials).low).toBeCloseTo(end, 8);
      expect(binomialInterval(trials, trials).high).toBe(1);
    }
  });

  it('leaves exactly half of the error in each tail', () => {
    const [k, trials] = [3, 12];
    const { low, high } = binomialInterval(k, trials, 0.9);
    expect(1 - binomialCdf(k - 1, trials, low)).toBeCloseTo(0.05, 8);
    expect(binomialCdf(k, trials, high)).toBeCloseTo(0.05, 8);
  });
});

describe('dead runs', () => {
  const run = { correct: 20, valImages: 1000, classes: 50, lowestTrainLoss: Math.log(50) };

  it('guess and never learned', () => {
    expect(isDead(run)).toBe(true);
    expect(isDead({ ...run, correct: 60 })).toBe(false);
    expect(isDead({ ...run, lowestTrainLoss: 0.97 * Math.log(50) })).toBe(false);
    expect(isDead({ ...run, lowestTrainLoss: 0.99 * Math.log(50) })).toBe(true);
  });

  it('use the 99 % interval', () => {
    expect(includes(binomialInterval(32, 1000, 0.99), 0.02)).toBe(true);
    expect(includes(binomialInterval(32, 1000, 0.95), 0.02)).toBe(false);
    expect(isDead({ ...run, correct: 32 })).toBe(true);
  });
});

function binomialCdf(k: number, trials: number, p: number): number {
  let total = 0;
  for (let i = 0, choose = 1; i <= k; i++) {
    total += choose * p ** i * (1 - p) ** (trials - i);
    choose = (choose * (trials - i)) / (i + 1);
  }
  return total;
}
