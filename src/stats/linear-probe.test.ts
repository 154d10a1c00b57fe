import { describe, expect, test } from 'vitest';
import { fillGaussian, streamKey } from '../base/random-stream.js';
import { crossValidatedProbe, fitProbe, probeClasses, stratifiedFolds } from './linear-probe.js';
import { type LabelledRows, pickLabelled } from './rows.js';

/** Gaussian rows, class means `apart` standard deviations from 0. */
function made(count: number, width: number, apart: number, name = 'probe'): LabelledRows {
  const classes = 4;
  const values = new Float32Array(count * width);
  fillGaussian(values, streamKey([name, count, width]), 1);
  const labels = Int32Array.from({ length: count }, (_, row) => (row * 7) % classes);
  labels.forEach((label, row) => {
    values[row * width + label] = (values[row * width + label] as number) + apart;
  });
  return { rows: { values, count, width }, labels, classes };
}
const folds = (data: LabelledRows) => stratifiedFolds(data, 5, streamKey(['folds']));

describe('linear probe', () => {
  test('folds: every class and every fold as even as can be, other keys other folds', () => {
    const data = made(103, 2, 0);
    const dealt = folds(data);
    for (let fold = 0; fold < 5; fold++) {
      const own = Array.from(dealt.keys()).filter((row) => dealt[row] === fold);
      expect([20, 21]).toContain(own.length);
      for (let label = 0; label < 4; label++) {
        expect([5, 6]).toContain(own.filter((row) => data.labels[row] === label).length);
      }
    }
    expect(dealt).not.toEqual(stratifiedFolds(data, 5, streamKey(['other'])));
  });

  test('classes far apart are told apart, more features than rows or fewer', () => {
    const [few, many] = [made(100, 6, 12), made(100, 150, 12)];
    expect(crossValidatedProbe(few, folds(few)).correct).toBe(100);
    // Standardising makes 146 columns of noise as large as the four that tell.
    expect(crossValidatedProbe(many, folds(many)).correct).toBeGreaterThan(75);
  });

  test('noise gives chance, not the fit of its own rows', () => {
    // 400 rows, 300 features: a fit without penalty gets nearly all of its own rows right.
    const data = made(400, 300, 0);
    const { correct, l2 } = crossValidatedProbe(data, folds(data));
    expect(Math.abs(correct / 400 - 0.25)).toBeLessThan(3 * Math.sqrt((0.25 * 0.75) / 400));
    expect(l2).toBe(10);
  });

  test('a fitted probe does on other rows what cross-validation said', () => {
    const all = made(1200, 20, 2);
    const rows = Array.from(all.labels.keys());
    const train = pickLabelled(all, rows.slice(0, 400));
    const fresh = pickLabelled(all, rows.slice(400));
    const { correct, l2 } = crossValidatedProbe(train, folds(train));
    const answers = probeClasses(fitProbe(train, l2), fresh.rows);
    const right = answers.filter((label, row) => label === fresh.labels[row]).length;
    expect(right / 800).toBeGreaterThan(0.6);
    expect(Math.abs(right / 800 - correct / 400)).toBeLessThan(0.08);
  });
});
