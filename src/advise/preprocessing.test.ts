import { describe, expect, test } from 'vitest';
import { UsageError } from '../base/errors.js';
import { conventionsFor, parsePreprocessing, statedPreprocessing } from './preprocessing.js';

describe('preparation of images', () => {
  test('by name, or as numbers', () => {
    expect(parsePreprocessing('imagenet', 3).mean).toEqual([123.675, 116.28, 103.53]);
    expect(parsePreprocessing('mean=127 std=128', 3)).toEqual({
      ...{ name: 'given', mean: [127], std: [128] },
    });
    expect(parsePreprocessing('mean=1,2,3 std=4,5,6', 3).std).toEqual([4, 5, 6]);
  });

  test.each(['', 'keras', 'mean=1,2 std=3', 'mean=1 std=0', 'mean=1,, std=2', 'imagenet '])(
    'refused: %j',
    (written) => expect(() => parsePreprocessing(written, 3)).toThrow(UsageError),
  );

  test('grey images have no conventions of three numbers', () => {
    expect(conventionsFor(1).map(({ name }) => name)).toEqual(['symmetric', 'unit', 'pixels']);
    expect(() => parsePreprocessing('imagenet', 1)).toThrow(UsageError);
  });

  test('a file that says it: mean and factor, or pixels where its first nodes prepare them', () => {
    const stated = (value: unknown) =>
      statedPreprocessing(new Map([['selffer.input', JSON.stringify(value)]]), 3);
    expect(stated({ mean: [100], scale: [0.5], preparedBy: 'the caller' })).toEqual({
      ...{ name: 'stated', mean: [100], std: [2] },
    });
    expect(stated({ mean: [100], scale: [0.5], preparedBy: 'the file: data.mean' })).toEqual({
      ...{ name: 'stated', mean: [0], std: [1] },
    });
    for (const none of [null, {}, { mean: 'an image', scale: [1] }, { mean: [1, 2], scale: [1] }]) {
      expect(stated(none)).toBeNull();
    }
    expect(statedPreprocessing(new Map([['selffer.input', '{']]), 3)).toBeNull();
  });
});
