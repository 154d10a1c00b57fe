import { expect, test } from 'vitest';
import { madeNetwork } from '../made-network.cases.js';
import { compareRows } from './compare-rows.js';
import { ordered } from './list-order.js';

test('what asks for a look comes first; equals by name, numbers in names as numbers', () => {
  const networks = [
    madeNetwork({ name: 's10/A' }),
    madeNetwork({ name: 's2/A' }),
    madeNetwork({ name: 'w', state: 'waiting' }),
    madeNetwork({ name: 'd', state: 'dead' }),
    madeNetwork({ name: 'f', state: 'failed' }),
  ];
  const names = ordered(networks, 'state', false).map(({ name }) => name);
  expect(names).toEqual(['f', 'd', 'w', 's2/A', 's10/A']);
});

test('unknown numbers come last, up or down', () => {
  const networks = [null, -1, 2].map((matchedPt) =>
    madeNetwork({ name: String(matchedPt), matchedPt }),
  );
  const names = (isDescending: boolean) =>
    ordered(networks, 'matchedPt', isDescending).map(({ name }) => name);
  expect([names(false), names(true)]).toEqual([
    ['-1', '2', 'null'],
    ['2', '-1', 'null'],
  ]);
});

test('studies are compared by the mean difference of each treatment and n', () => {
  const first = [
    madeNetwork({ matchedPt: 1 }),
    madeNetwork({ matchedPt: 3 }),
    madeNetwork({ matchedPt: 100, state: 'running' }),
    madeNetwork({ treatment: 'base', n: 0, matchedPt: 0 }),
  ];
  const second = [madeNetwork({ matchedPt: -1 }), madeNetwork({ n: 1, matchedPt: 5 })];
  expect(compareRows(first, second)).toEqual([
    { treatment: 'AnB+', n: 1, first: null, second: { meanPt: 5, networks: 1 } },
    {
      ...{ treatment: 'AnB+', n: 3 },
      ...{ first: { meanPt: 2, networks: 2 }, second: { meanPt: -1, networks: 1 } },
    },
  ]);
});
