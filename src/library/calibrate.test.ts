import { expect, test } from 'vitest';
import { fastest, sharesOf } from './calibrate.js';
import { shareOf } from './share.js';

const text = (cores: number, gangs: number): string =>
  sharesOf(cores, gangs)
    .map(({ workers, threads }) => `${workers}x${threads}`)
    .join(' ');

test.each([
  [2, 100, '1x2 2x1'],
  [16, 100, '1x16 2x8 4x4 8x2'],
  [64, 100, '1x64 2x32 4x16 8x8 16x4 32x2'],
  [96, 100, '1x96 2x48 4x24 8x12 12x8 16x6 32x3'],
  // No more workers than gangs.
  [64, 3, '1x64 2x32'],
  [64, 1, '1x64'],
  [1, 100, '1x1'],
])('%i cores and %i gangs: %s is tried', (cores, gangs, wanted) => {
  expect(text(cores, gangs)).toBe(wanted);
});

const tried = (workers: number, seconds: number) => {
  return { workers, threads: 64 / workers, flopsPerSecond: 1e12 / seconds, seconds };
};

test('of shares within 3 % of the fastest, the one of fewer workers is taken', () => {
  expect(fastest([tried(1, 400), tried(2, 205), tried(4, 200), tried(8, 260)])?.workers).toBe(2);
  expect(fastest([tried(1, 400), tried(2, 210), tried(4, 200)])?.workers).toBe(4);
  expect(fastest([])).toBe(null);
});

test('threads that are said and measured at once are refused', async () => {
  const asked = { workers: 'measure', threads: 2 } as const;
  await expect(shareOf({} as never, asked, () => {})).rejects.toThrow(/found --threads beside/);
});
