import { expect, test } from 'vitest';
import { againstBase, counted, percent, points, shortNumber, whole } from './numbers.js';

test('accuracies and differences, with a true minus sign and a dash for the unknown', () => {
  expect([percent(0.6124), percent(null)]).toEqual(['61.2 %', '\u2013']);
  expect([points(-3.26), points(0.04), points(null)]).toEqual(['\u22123.3 Pt', '0.0 Pt', '\u2013']);
  expect([shortNumber(0.6124, false), shortNumber(1.21, true)]).toEqual(['61.2', '+1.2']);
  expect(shortNumber(null, true)).toBe('');
});

test.each([
  [1.14, '1.1 points above its base'],
  [-1, '1.0 point below its base'],
  [-0.04, 'as its base'],
])('%d Pt is %s', (value, words) => {
  expect(againstBase(value)).toBe(words);
});

test('counts', () => {
  expect([whole(999), whole(1000), whole(1_234_567), whole(-1000)]).toEqual([
    '999',
    '1,000',
    '1,234,567',
    '\u22121,000',
  ]);
  expect([counted(1, 'network'), counted(2000, 'network')]).toEqual([
    '1 network',
    '2,000 networks',
  ]);
});
