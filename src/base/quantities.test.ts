import { expect, test } from 'vitest';
import { formatDuration, formatSize } from './quantities.js';

test.each([
  [0, '0 s'],
  [-3, '0 s'],
  [3, '3 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [200, '3 min 20 s'],
  [3599.6, '1 h 0 min'],
  [18_720, '5 h 12 min'],
  [356_400, '4 d 3 h'],
  [400_000, '4 d 15 h'],
])('%d seconds are %s', (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

test.each([
  [0, '0 KiB'],
  [1, '1 KiB'],
  [1000, '1 KiB'],
  [2 ** 20, '1.0 MiB'],
  [5e6, '4.8 MiB'],
  [696 * 2 ** 20, '696 MiB'],
  [3.25 * 2 ** 30, '3.3 GiB'],
  [9.3e9, '8.7 GiB'],
  [2.2e11, '205 GiB'],
  [5 * 2 ** 40, '5.0 TiB'],
])('%d bytes are %s', (bytes, words) => {
  expect(formatSize(bytes)).toBe(words);
});
