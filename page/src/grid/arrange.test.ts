import { expect, test } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { madeNetwork } from '../made-network.cases.js';
import { arrange } from './arrange.js';

const treatments = ['base', 'BnB', 'AnB', 'AnB+'].map((name) => ({
  ...{ name, label: name, description: name },
}));

test('every network of a plan has one place', () => {
  const networks = makeNetworks({ weightLayers: 5, splits: 2, repeats: 2 }).map((network) => ({
    ...network,
    target: network.target ?? 'whole',
  }));
  const tables = arrange(networks, treatments);
  expect(tables.map(({ title }) => title)).toEqual([
    'split0, target A',
    'split0, target B',
    'split0, repeat 1, target A',
    'split0, repeat 1, target B',
    'split1, target A',
    'split1, target B',
    'split1, repeat 1, target A',
    'split1, repeat 1, target B',
  ]);
  const placed = tables.flatMap(({ rows, columns }) =>
    rows.flatMap(({ cells }) => {
      expect(cells.map(({ n }) => n)).toEqual(columns);
      return cells.flatMap(({ names }) => names);
    }),
  );
  expect(placed.sort()).toEqual(networks.map(({ name }) => name).sort());
  expect(new Set(placed).size).toBe(placed.length);
});

test('rows have the order of the treatments; those that nobody told of come last', () => {
  const networks = ['new', 'AnB', 'base'].map((treatment) =>
    madeNetwork({ name: treatment, treatment }),
  );
  expect(arrange(networks, treatments)[0]?.rows.map(({ treatment }) => treatment)).toEqual([
    'base',
    'AnB',
    'new',
  ]);
});

test('several bases share a cell, several sources have a row each, families a table', () => {
  const [base, second] = ['split0/baseB', 'split0/baseB-2'].map((name) =>
    madeNetwork({ name, treatment: 'base', n: 0, source: null }),
  );
  const fromC = madeNetwork({ name: 'split0/C3B+', source: 'C' });
  const two = madeNetwork({ name: 'two/A3B', split: 'two', family: 'two-sets' });
  const tables = arrange([base!, second!, madeNetwork(), fromC, two], treatments);
  expect(tables.map(({ title }) => title)).toEqual([
    'split0 (random-halves), target B',
    'two (two-sets), target B',
  ]);
  const [first] = tables;
  expect(first?.columns).toEqual([0, 3]);
  expect(first?.rows.map(({ treatment, source }) => [treatment, source])).toEqual([
    ['base', null],
    ['AnB+', 'A'],
    ['AnB+', 'C'],
  ]);
  expect(first?.rows[0]?.cells[0]?.names).toEqual(['split0/baseB', 'split0/baseB-2']);
});
