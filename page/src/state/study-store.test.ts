import { effect } from '@preact/signals';
import { expect, test } from 'vitest';
import type { RunState, StudyState } from '../../../src/dashboard/api.js';
import { madeNetwork } from '../made-network.cases.js';
import { StudyStore } from './study-store.js';

const run: RunState = {
  ...{ state: 'idle', holder: null, secondsLeft: null, imagesPerSecond: null },
  ...{ residentBytes: null, startedAt: null },
};
const networks = ['a', 'b', 'c'].map((name) => madeNetwork({ name, state: 'waiting' }));
const study: StudyState = {
  ...{ id: 's', name: 's', directory: '/s', layers: 4, cutNames: [], treatments: [] },
  ...{ networks, run, problems: [], figuresRevision: 1 },
};

function storeWithStudy(): StudyStore {
  const store = new StudyStore('s');
  store.on('study', study);
  return store;
}

test('an event wakes those who look at the networks that have changed, and nobody else', () => {
  const store = storeWithStudy();
  const seen: string[] = [];
  for (const { name } of networks) {
    effect(() => {
      seen.push(`${name} ${store.network(name)?.value.state ?? ''}`);
    });
  }
  seen.length = 0;
  store.on('networks', [{ ...networks[1]!, state: 'running' }, { ...networks[2]! }]);
  expect(seen).toEqual(['b running']);
});

test('the same plan again, after a lost connection, draws nothing anew', () => {
  const store = storeWithStudy();
  let plans = 0;
  effect(() => {
    void store.plan.value;
    plans++;
  });
  store.on('study', structuredClone(study));
  expect(plans).toBe(1);
  store.on('study', { ...study, networks: networks.slice(0, 2) });
  expect(plans).toBe(2);
  expect(store.all().map(({ name }) => name)).toEqual(['a', 'b']);
});

test('the tally counts states, and iterations rather than networks', () => {
  const store = storeWithStudy();
  store.on('networks', [
    { ...networks[0]!, state: 'done', iterations: 100, matchedPt: 4 },
    { ...networks[1]!, state: 'running', iteration: 150, iterations: 300 },
    { ...networks[2]!, state: 'missing', iterations: 100 },
  ]);
  const { counts, total, fraction, stepPt } = store.tally.value;
  expect(counts).toMatchObject({ done: 1, running: 1, missing: 1, waiting: 0 });
  expect([total, fraction, stepPt]).toEqual([3, 250 / 400, 1]);
});

test('choosing a network twice is choosing it not', () => {
  const store = storeWithStudy();
  store.toggle('a');
  store.toggle('b');
  store.toggle('a');
  expect([...store.selected.value]).toEqual(['b']);
});
