import { expect, test } from 'vitest';
import { makeNetworks } from '../../test/made-study.js';
import { makeRateNetworks, madeRateStudy } from '../../test/made-rates.js';
import { buildResults } from '../study/results/build.js';
import type { Results } from '../study/results/types.js';
import { figureCsv } from './figure-csv.js';
import { figuresOf } from './figures.js';

test('the rows that are read aloud, each once, without how they look', () => {
  const values = [
    { x: 1, y: 0.5, low: null, words: 'one', fill: '#fff' },
    { x: 2, y: -1, low: 0, words: 'two', fill: '#fff' },
  ];
  const spec = {
    layer: [
      { data: { values: [{ x: 0 }, { x: 1 }, { x: 2 }] }, mark: 'rule' },
      { data: { values }, mark: 'point', encoding: { description: { field: 'words' } } },
      { data: { values: values.map((each) => ({ ...each })) }, mark: 'line' },
      { data: { values: [{ x: 9, words: 'silent' }] }, mark: { type: 'text', aria: false } },
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
    spec: { layer: [{ mark: 'line' }, { data: { values: [{ zero: 0 }] }, mark: 'rule' }] },
  };
  expect(figureCsv(spec)).toBe('name,at\r\n"a ""b"", c",1\r\nd,2\r\n');
  expect(figureCsv({})).toBe('\r\n');
});

const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
const made = buildResults({ study, networks: makeNetworks({ weightLayers: 6, splits: 4 }) });

/** Lines of a figure's CSV as objects; no name or number of these figures has a quote. */
function linesOf(id: string, results: Results, against: Results | null = null) {
  const figure = figuresOf(results, [], against).figures.find((each) => each.id === id);
  const [header = '', ...lines] = figureCsv(figure?.spec('light') ?? {})
    .trimEnd()
    .split('\r\n')
    .map((line) => line.replace(/"[^"]*"/g, (text) => text.slice(1, -1).replaceAll(',', ';')));
  const names = header.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((cell, at) => [names[at] ?? 'beyond', cell])),
  );
}

test('means by n, with intervals, and those of another study under its name', () => {
  const other = { ...made, study: { ...made.study, name: 'theirs' } };
  const lines = linesOf('figure2-bottom-matched', made, other);
  const point = made.matched['AnB']?.find(({ n }) => n === 3);
  const found = lines.filter(({ treatment, n }) => treatment === 'AnB' && n === '3');
  expect(found.map((line) => line['study'])).toEqual(['theirs', '']);
  for (const line of found) {
    expect(line).toEqual({
      ...{ study: line['study'], treatment: 'AnB', n: '3', networks: String(point?.networks) },
      ...{ y: String(point?.meanPt), low: String(point?.lowPt), high: String(point?.highPt) },
    });
  }
});

test('every network once, by its name and n', () => {
  const lines = linesOf('figure2-top', made);
  const drawn = made.networks.filter(({ treatment }) => treatment !== 'random');
  expect(lines).toHaveLength(drawn.length);
  const wanted = drawn.find(({ name }) => name === 'split1/A3B+');
  expect(lines.find(({ name }) => name === 'split1/A3B+')).toEqual({
    ...{ name: 'split1/A3B+', treatment: 'AnB+', n: '3', y: String(wanted?.accuracy) },
  });
});

test('a drop of another study is told from one of this study', () => {
  const other = { ...made, study: { ...made.study, name: 'theirs' } };
  const lines = linesOf('decomposition', made, other);
  const at3 = lines.filter(({ n, kind }) => n === '3' && kind?.startsWith('specificity'));
  expect(at3.map((line) => line['study'])).toEqual(['', 'theirs']);
});

test('panels have a column', () => {
  const results = buildResults({ study: madeRateStudy, networks: makeRateNetworks(2) });
  const lines = linesOf('learning-rates', results);
  expect([...new Set(lines.map(({ panel }) => panel))]).toEqual(['n = 1', 'n = 3', 'n = 5']);
  expect(linesOf('figure2-top', made)[0]).not.toHaveProperty('panel');
});

test('boxes of Figure 1 say what they hold', () => {
  const lines = linesOf('figure1', made);
  expect(lines.find(({ row, layer }) => row === 'A3B' && layer === '1')).toEqual({
    ...{ row: 'A3B', layer: '1', weights: 'weights of base A', isFrozen: 'true' },
  });
  expect(lines.every(({ layer }) => layer !== '')).toBe(true);
});
