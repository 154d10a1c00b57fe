import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from './holm.js';

describe('Holm', () => {
  const close = (values: readonly (number | null)[], expected: readonly number[]) => {
    expect(values).toHaveLength(expected.length);
    for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 12);
  };

  it('gives published numbers', () => {
    // R 4.5.2: p.adjust(c(0.001, 0.01, 0.05, 0.1, 0.5, 0.9), "holm").
    close(holm([0.001, 0.01, 0.05, 0.1, 0.5, 0.9]), [0.006, 0.05, 0.2, 0.3, 1, 1]);
    // The example of MultipleTesting.jl.
    close(holm([0.001, 0.01, 0.03, 0.5]), [0.004, 0.03, 0.06, 0.5]);
    // The example of @stdlib/stats/padjust, unsorted: (5 - 2) 0.319 holds up those after it.
    close(holm([0.319, 0.201, 0.4, 0.374, 0.113]), [0.957, 0.804, 0.957, 0.957, 0.565]);
  });

  it('spends more on tests of more weight', () => {
    // 0.9 : 0.1, in the order 0.03 / 0.9, 0.02 / 0.1: 0.03 / 0.9, then 0.02 alone, held up.
    close(holm([0.02, 0.03], [0.1, 0.9]), [0.1 / 3, 0.1 / 3]);
    // 0.004 / 0.1 before 0.06 / 0.9: 0.004 / 0.1, then 0.06 alone.
    close(holm([0.06, 0.004], [0.9, 0.1]), [0.06, 0.04]);
    // A null takes no weight; weights need not have the sum 1.
    close(holm([0.02, 0.03], [4, 4]), [0.04, 0.04]);
    expect(holm([null, 0.02], [9, 1])).toEqual([null, 0.02]);
  });

  it('leaves out tests that could not be made', () => {
    expect(holm([null, 0.02, null])).toEqual([null, 0.02, null]);
    expect(holm([])).toEqual([]);
  });

  it('keeps order, never lowers a p, and is at most Bonferroni', () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p, { minLength: 1 }), (values) => {
        const adjusted = holm(values) as number[];
        for (const [i, value] of values.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(value);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, values.length * value));
          for (const [j, other] of values.entries()) {
            if (other >= value) expect(adjusted[j]).toBeGreaterThanOrEqual(adjusted[i] as number);
          }
        }
      }),
    );
  });
});
