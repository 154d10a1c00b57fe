import { expect, test } from 'vitest';
import { figureCsv } from './figure-csv.js';

test('the rows that are read aloud, each once, without how they look', () => {
  const values = [
    { x: 1, y: 0.5, low: null, words: 'one', fill: '#fff' },
    { x: 2, y: -1, low: 0, words: 'two', fill: '#fff' },
  ];
  const spec = {
    layer: [
      { data: { values: [{ x: 0 }, { x: 1 }, { x: 2 }] }, mark: 'rule' },
      { data: { values }, mark: 'point' },
      { data: { values: values.map((each) => ({ ...each })) }, mark: 'line' },
    ],
  };
  expect(figureCsv(spec)).toBe('x,y,low\r\n1,0.5,\r\n2,-1,0\r\n');
});

test('without any, the largest set; what needs quotes has them', () => {
  const spec = {
    data: {
      values: [
        { name: 'a "b", c', at: 1 },
        { name: 'd', at: 2 },
      ],
    },
    spec: { layer: [{ data: { values: [{ zero: 0 }] } }] },
  };
  expect(figureCsv(spec)).toBe('name,at\r\n"a ""b"", c",1\r\nd,2\r\n');
  expect(figureCsv({})).toBe('\r\n');
});
