import { expect, test } from 'vitest';
import type { StudyEvent } from './run-study.js';
import { ProgressModel } from './progress-model.js';

const gangs = [
  { name: 'a', networks: ['s/baseA'], cost: 10 },
  { name: 'b', networks: ['s/A1B', 's/A2B'], cost: 30 },
];
const gang = (name: string): StudyEvent => ({
  event: 'gang',
  gang: name,
  networks: [],
  index: 0,
  gangs: 2,
});
const finished = (name: string): StudyEvent => ({ event: 'finished', gang: name });
const step = (name: string, iteration: number): StudyEvent => ({
  event: 'step',
  gang: name,
  iteration,
  iterations: 10,
  images: 600,
  seconds: 2,
});

test('time left follows cost, not the number of networks', () => {
  const model = new ProgressModel(gangs);
  expect(model.view()).toMatchObject({ fraction: 0, secondsLeft: null, networks: 3 });
  model.on(gang('a'), 0);
  model.on(step('a', 1), 4);
  expect(model.view().secondsLeft).toBeNull();
  model.on(step('a', 6), 9);
  // 5 of cost in 5 s; 34 are left, and one more gang takes 4 s to start.
  expect(model.view()).toMatchObject({
    fraction: 6 / 40,
    secondsLeft: 34 + 4,
    imagesPerSecond: 300,
  });
  model.on({ event: 'ended', gang: 'a', network: 's/baseA', state: 'done', accuracy: 1 }, 12);
  model.on(finished('a'), 13);
  model.on(gang('b'), 13);
  expect(model.view()).toMatchObject({ fraction: 10 / 40, networksDone: 1, gangNetworks: 2 });
});

test('a resumed gang does not make the rest look quick', () => {
  const model = new ProgressModel(gangs);
  model.on(gang('b'), 0);
  model.on(step('b', 8), 1);
  model.on(step('b', 9), 4);
  // One tenth of 30 in 3 s: 1 a second; 40 - 27 are left, and gang a needs 1 s to start.
  expect(model.view().secondsLeft).toBeCloseTo(13 + 1);
});

test('accuracy is the mean of the last tests of the gang’s networks', () => {
  const model = new ProgressModel(gangs);
  const tested = (network: string, accuracy: number): StudyEvent => ({
    event: 'test',
    gang: 'b',
    network,
    iteration: 1,
    accuracy,
    loss: 1,
  });
  model.on(gang('b'), 0);
  for (const [network, accuracy] of [
    ['s/A1B', 0.1],
    ['s/A2B', 0.6],
    ['s/A1B', 0.2],
  ] as const) {
    model.on(tested(network, accuracy), 1);
  }
  expect(model.view().accuracy).toBeCloseTo(0.4);
  model.on(finished('b'), 2);
  model.on(gang('a'), 2);
  expect(model.view().accuracy).toBeNull();
});

test('two gangs at once: their rates add up, and the time left is shared', () => {
  const model = new ProgressModel([...gangs, { name: 'c', networks: ['s/baseB'], cost: 20 }]);
  model.on(gang('a'), 0);
  model.on(gang('b'), 0);
  model.on(step('a', 0), 0);
  model.on(step('b', 0), 0);
  model.on(step('a', 5), 5);
  model.on(step('b', 5), 15);
  // 5 + 15 of cost in 5 + 15 s of two workers; 40 of 60 are left.
  expect(model.view()).toMatchObject({
    fraction: 20 / 60,
    gang: 'a, b',
    gangNetworks: 3,
    imagesPerSecond: 600,
    secondsLeft: 40 / 2,
  });
  model.on(finished('a'), 16);
  expect(model.view()).toMatchObject({ gang: 'b', fraction: 25 / 60, imagesPerSecond: 300 });
});
