import { describe, expect, test } from 'vitest';
import { extrapolate } from './curve.js';

describe('one doubling further', () => {
  const labels = Array.from({ length: 1000 }, (_, at) => at % 7);
  /** Answers of which `right` of 1000 are right. */
  const answers = (right: number): number[] =>
    labels.map((label, at) => ((at * 37) % 1000 < right ? label : label + 1));

  test('a line through the logarithm of the images, with an interval around it', () => {
    const points = [
      { imagesPerClass: 5, answers: answers(400) },
      { imagesPerClass: 10, answers: answers(500) },
    ];
    const whole = { imagesPerClass: 20, answers: answers(600) };
    const found = extrapolate(points, whole, labels, 0);
    expect(found?.imagesPerClass).toBe(40);
    // logit: ln(400.5 / 600.5), 0, ln(600.5 / 400.5); one step further twice the last.
    expect(found?.accuracy).toBeCloseTo(1 / (1 + (400.5 / 600.5) ** 2), 9);
    // About 1.96 sqrt(0.7 * 0.3 / 1000) = 0.028, the same images at every point.
    expect(0.69 - (found?.low ?? 0)).toBeGreaterThan(0.02);
    expect(0.69 - (found?.low ?? 0)).toBeLessThan(0.045);
    expect(extrapolate(points, whole, labels, 0)).toEqual(found);
  });

  test('two points are no curve', () => {
    const whole = { imagesPerClass: 20, answers: answers(600) };
    const points = [{ imagesPerClass: 5, answers: answers(400) }];
    expect(extrapolate(points, whole, labels, 0)).toBeNull();
  });
});
