// The final test's intervals against known truth: a short form of `npm run bench:final-test`.
import { expect, test } from 'vitest';
import { exactCoverage } from '../../bench/final-test/exact.js';
import { simulate } from '../../bench/final-test/world.js';

/** Nominal level less half a point. */
const WANTED = 0.945;

test.each([
  [16, 0.02, 0.02],
  [16, 0.4, 0.1],
  [32, 0.15, 0.15],
  [60, 0.03, 0.005],
  [60, 0.4, 0.1],
  [120, 0.1, 0.02],
])('%i images, %f and %f right in one alone: exact coverage', (images, p10, p01) => {
  expect(exactCoverage(images, p10, p01)).toBeGreaterThan(WANTED);
});

test('the chosen way and its rivals: intervals hold, hardly anything false is claimed', () => {
  const alike = { spread: 0, alike: 0.7 };
  let [all, held, own, advices, falseClaims] = [0, 0, 0, 0, 0];
  for (const [images, accuracy] of [
    [20, 0.95],
    [60, 0.7],
  ] as const) {
    const found = simulate({ images, accuracy, ...alike }, 500, 1);
    all += found.differences;
    held += found.differencesHeld;
    own += found.sharesHeld;
    advices += found.advices;
    falseClaims += found.falseClaims;
  }
  expect(held / all).toBeGreaterThan(WANTED);
  expect(own / advices).toBeGreaterThan(WANTED);
  // 5 % by Holm's rule, and 2.6 standard errors of 1000 advices.
  expect(falseClaims / advices).toBeLessThan(0.068);
});

test('accuracies are those that were drawn', () => {
  // Where ways differ much, the better one is called so.
  const found = simulate({ images: 200, accuracy: 0.7, spread: 1, alike: 0.7 }, 200, 2);
  expect(found.falseClaims).toBe(0);
  expect(found.differencesHeld / found.differences).toBeGreaterThan(0.93);
});
