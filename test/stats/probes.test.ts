// Logistic regression and transfer scores against scikit-learn and numpy (record_probes.py).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fitLogistic } from '../../src/stats/logistic-regression.js';
import { onAxes, principalAxes } from '../../src/stats/principal-axes.js';
import { type LabelledRows } from '../../src/stats/rows.js';
import { hScore, logMe } from '../../src/stats/transfer-scores.js';
import { hash32, uniform } from '../parity/hash.js';

interface RecordedCase {
  readonly rows: number;
  readonly width: number;
  readonly classes: number;
  readonly logistic: readonly { l2: number; weights: number[]; bias: number[] }[];
  readonly logMe: number;
  readonly hScore: number;
}
const record = JSON.parse(readFileSync('test/stats/probes.json', 'utf8')) as {
  readonly cases: Readonly<Record<string, RecordedCase>>;
};

/** The data of record_probes.py. */
function madeData({ rows: count, width, classes }: RecordedCase): LabelledRows {
  const labels = Int32Array.from({ length: count }, (_, row) => hash32(100, row) % classes);
  const values = Float64Array.from({ length: count * width }, (_, at) => {
    const column = at % width;
    const pattern = uniform(2 + (labels[Math.floor(at / width)] as number), column, 0.5);
    return (uniform(1, at, 1) + pattern) * (1 + (column % 5)) + (column % 3);
  });
  return { rows: { values, count, width }, labels, classes };
}

const worst = (found: ArrayLike<number>, wanted: ArrayLike<number>): number =>
  Math.max(...Array.from(found, (value, at) => Math.abs(value - (wanted[at] as number))));

describe.each(Object.entries(record.cases))('%s', (_, recorded) => {
  const data = madeData(recorded);
  const axes = principalAxes(data.rows, 'standardised');
  const onOwnAxes = { ...data, rows: axes.scores };

  test('logistic regression is that of scikit-learn, along a path of penalties', () => {
    const { width, classes } = recorded;
    let start;
    for (const wanted of recorded.logistic) {
      const fit = fitLogistic(onOwnAxes, { l2: wanted.l2, tolerance: 1e-10, ...start });
      start = { start: fit };
      expect(fit.hasConverged).toBe(true);
      const rank = axes.energies.length;
      const weights = Float64Array.from({ length: classes * width }, (_none, at) => {
        let sum = 0;
        for (let axis = 0; axis < rank; axis++) {
          const along = fit.weights[Math.floor(at / width) * rank + axis] as number;
          sum += along * (axes.axes[axis * width + (at % width)] as number);
        }
        return sum;
      });
      expect(worst(weights, wanted.weights)).toBeLessThan(2e-6);
      expect(worst(fit.bias, wanted.bias)).toBeLessThan(2e-6);
    }
  });

  test('a start elsewhere ends at the same minimum', () => {
    const first = fitLogistic(onOwnAxes, { l2: 0.1, tolerance: 1e-10 });
    const start = fitLogistic(onOwnAxes, { l2: 0.001 });
    const second = fitLogistic(onOwnAxes, { l2: 0.1, tolerance: 1e-10, start });
    expect(worst(first.weights, second.weights)).toBeLessThan(1e-7);
  });

  test('axes keep inner products, and take other rows as their own', () => {
    const again = onAxes(data.rows, axes);
    expect(worst(again.values, axes.scores.values)).toBeLessThan(1e-10);
  });

  test('LogME is the largest evidence, the H-score that of the shrunk covariance', () => {
    const raw = principalAxes(data.rows, 'as they are');
    const features = { axes: raw, labels: data.labels, classes: data.classes };
    expect(logMe(features)).toBeCloseTo(recorded.logMe, 6);
    expect(hScore(features)).toBeCloseTo(recorded.hScore, 9);
  });
});
