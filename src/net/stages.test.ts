import { expect, test } from 'vitest';
import { presets } from './presets/table.js';
import { stageCuts } from './stages.js';

test('a stage ends with the last cut at its height and width', () => {
  // 16x16 after conv1; 8x8 after conv2, 3 and 4; 4x4 after conv5; then vectors.
  expect(stageCuts(presets.tiny32)).toEqual([1, 4, 5, 7]);
});
