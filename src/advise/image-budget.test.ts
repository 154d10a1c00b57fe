import { expect, test } from 'vitest';
import { glyph28 } from '../net/presets/glyph28.js';
import { caffenet } from '../net/presets/caffenet.js';
import { mostPerClass } from './image-budget.js';

test('more time and cheaper networks: more images', () => {
  // CaffeNet costs more than the usual network.
  expect(mostPerClass(caffenet, 1000, 600)).toBe(100);
  expect(mostPerClass(caffenet, 1000, 3600)).toBe(600);
  expect(mostPerClass(caffenet, 1000, 60)).toBe(50);
  expect(mostPerClass(caffenet, 1000, 1e9)).toBe(2000);
  expect(mostPerClass(glyph28, 30, 120)).toBeGreaterThan(300);
});
