import { expect, test } from 'vitest';
import { madeNetwork } from '../made-network.cases.js';
import { stateNames } from '../words/network-words.js';
import { cellClass, cellText } from './cell-look.js';

const plain = { isShown: true, isChosen: false };

test('what is done has the class of its difference, a base and what is not done have none', () => {
  expect(cellClass(madeNetwork({ matchedPt: -2.1 }), 1, plain)).toBe('cell done bin-2');
  const base = madeNetwork({ treatment: 'base', matchedPt: 0 });
  expect(cellClass(base, 1, plain)).toBe('cell done');
  const running = madeNetwork({ state: 'running', matchedPt: -2.1 });
  expect(cellClass(running, 1, plain)).toBe('cell running');
  const marks = { isShown: false, isChosen: true };
  expect(cellClass(madeNetwork({ matchedPt: null }), 1, marks)).toBe('cell done faded chosen');
});

test('a state is told by words or a number, not by its colour alone', () => {
  const texts = stateNames.map((state) => cellText(madeNetwork({ state }), 'accuracy'));
  expect(texts).toEqual(['\u00b7', '61.2', '61.2', 'dead', 'failed', 'missing']);
  expect(cellText(madeNetwork({ state: 'running', accuracy: null }), 'accuracy')).toBe('\u2026');
});

test('numbers are accuracies, or differences where there are any', () => {
  expect(cellText(madeNetwork(), 'difference')).toBe('+1.1');
  expect(cellText(madeNetwork({ treatment: 'base' }), 'difference')).toBe('61.2');
  expect(cellText(madeNetwork({ matchedPt: null }), 'difference')).toBe('done');
});
