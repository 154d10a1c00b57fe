import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { binOf, sides, stepFor } from './bins.js';

test('classes are as wide as the differences of most networks want', () => {
  expect(stepFor([])).toBe(0.1);
  expect(stepFor([0.4, -0.5, 0.2])).toBe(0.1);
  expect(stepFor([1, -2, 3, -4, 5.4])).toBe(1);
  // Random features lose tens of points: one in five of them does not widen the rest.
  expect(stepFor([1, -2, 3, -4, -50])).toBe(1);
  expect(stepFor([1000])).toBe(20);
});

test('the middle class is the base, give or take half a step; the outer ones are open', () => {
  expect([0, 0.49, -0.49, 0.5, -0.51, 3.2, -80].map((pt) => binOf(pt, 1))).toEqual([
    0, 0, 0, 1, -1, 3, -5,
  ]);
});

const css = readFileSync(new URL('../style/colours.css', import.meta.url), 'utf8');

/** Colour of a custom property on a light and on a dark page. */
function colours(name: string): readonly [string, string] {
  const match = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  expect([name, match === null]).toEqual([name, false]);
  return [match?.[1] ?? '', match?.[2] ?? ''];
}

const channels = (color: string): readonly number[] =>
  [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);

/** Relative luminance, WCAG 2. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = channels(color).map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const bins = Array.from({ length: 2 * sides + 1 }, (_, i) => i - sides);
const nameOf = (bin: number): string =>
  bin === 0 ? 'bin-0' : `bin-${bin < 0 ? 'below' : 'above'}-${Math.abs(bin)}`;

test.each([
  ['light', 0],
  ['dark', 1],
] as const)('numbers are legible on every class of a %s page', (_, page) => {
  for (const bin of bins) {
    // As plan.css has it.
    const isOuter = Math.abs(bin) === 5 || (Math.abs(bin) === 4 && page === 1);
    const ink = colours(isOuter ? 'bin-ink-outer' : 'bin-ink')[page];
    expect([bin, contrast(ink, colours(nameOf(bin))[page]) >= 4.5]).toEqual([bin, true]);
  }
});

// Machado, Oliveira & Fernandes 2009, severity 1, on linear light.
const deficiencies = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
} as const;

/** As somebody with this deficiency sees a colour, gamma as before. */
function seen(color: string, matrix: readonly (readonly number[])[]): readonly number[] {
  const linear = channels(color).map((c) => c ** 2.2);
  return matrix.map((row) => {
    const sum = row.reduce((total, weight, i) => total + weight * (linear[i] ?? 0), 0);
    return Math.min(1, Math.max(0, sum)) ** (1 / 2.2);
  });
}

test.each(['protan', 'deutan'] as const)('%s eyes tell below from above', (name) => {
  for (const page of [0, 1] as const) {
    for (const size of [1, 2, 3, 4, 5]) {
      const [low, high] = [-size, size].map((bin) =>
        seen(colours(nameOf(bin))[page], deficiencies[name]),
      );
      const away = Math.hypot(...(low ?? []).map((value, i) => value - (high?.[i] ?? 0)));
      expect([page, size, away > 0.12]).toEqual([page, size, true]);
    }
  }
});
