import { expect, test } from 'vitest';
import { partOfWord, partsInName } from './parts.js';

test('a whole name is a word for a part, whatever its case; names of Object are not', () => {
  expect(['train', 'Training', 'VAL', 'valid', 'validation', 'dev'].map(partOfWord)).toEqual([
    ...['train', 'train', 'val', 'val', 'val', 'val'],
  ]);
  expect(['test', 'Testing', 'eval', 'evaluation'].map(partOfWord)).toEqual(
    new Array(4).fill('test'),
  );
  expect(['trains', 'constructor', '__proto__', '', 'train2'].map(partOfWord)).toEqual(
    new Array(5).fill(null),
  );
});

test('words inside a name are divided by everything that is not a letter', () => {
  expect(partsInName('imagenet_val2012')).toEqual(['val']);
  expect(partsInName('seg_train')).toEqual(['train']);
  expect(partsInName('train-val')).toEqual(['train', 'val']);
  expect(partsInName('constraint')).toEqual([]);
});
