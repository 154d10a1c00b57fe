import { expect, test } from 'vitest';
import { madeNetwork } from '../made-network.cases.js';
import { align, valuesAt } from './align.js';
import { lineLooks } from './line-looks.js';
import { mostCurves, pickCurves } from './pick.js';

test('curves are put on one axis; what one has not been tested at is a gap', () => {
  const curves = [
    { network: 'b', iterations: [20, 40], values: [0.2, null] },
    { network: 'a', iterations: [10, 20], values: [0.1, 0.3] },
  ];
  const aligned = align(curves, ['a', 'b', 'none'], 100);
  expect(aligned).toEqual({
    iterations: [10, 20, 40],
    values: [
      [10, 30, null],
      [null, 20, null],
      [null, null, null],
    ],
  });
  expect(valuesAt(aligned, 2)).toEqual([30, 20, null]);
  expect(valuesAt(aligned, 0)).toEqual([10, null, null]);
});

test('chosen curves are drawn up to a number that can be read; of none what tells most', () => {
  const many = Array.from({ length: 60 }, (_, i) => madeNetwork({ name: `n${i}` }));
  expect(pickCurves(many, new Set(['n3', 'n1', 'gone']))).toEqual(['n1', 'n3']);
  expect(pickCurves(many, new Set(many.map(({ name }) => name)))).toHaveLength(mostCurves);
  const base = madeNetwork({ name: 'base', treatment: 'base' });
  const running = madeNetwork({ name: 'running', state: 'running' });
  const untested = madeNetwork({ name: 'untested', state: 'running', accuracy: null });
  expect(pickCurves([...many, base, untested, running], new Set())).toEqual(['running', 'base']);
});

test('a treatment alone has the report\u2019s colour; several of one have shades of it', () => {
  const of = (...names: string[]) => names.map((treatment) => ({ treatment }));
  const [alone, base] = lineLooks(of('AnB', 'base'), 'light');
  expect(alone).toEqual({ color: '#c9301c', dash: [] });
  // The base's mark is white with an outline: a white line would not be seen.
  expect(base?.color).toBe('#1b1f24');
  const three = lineLooks(of('AnB', 'AnB', 'AnB'), 'light').map(({ color }) => color);
  expect(new Set(three).size).toBe(3);
  expect(three[1]).toBe('#c9301c');
  const bases = lineLooks(of('base', 'base', 'base'), 'light').map(({ color }) => color);
  expect(new Set(bases).size).toBe(3);
  // What is nearly black has no darker shades that anybody could tell apart.
  expect(bases[0]).toBe('#1b1f24');
  expect(lineLooks(of('AnB+', 'of the future'), 'dark').map(({ dash }) => dash)).toEqual([
    [6, 3],
    [],
  ]);
});
