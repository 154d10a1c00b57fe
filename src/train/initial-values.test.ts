import { expect, test } from 'vitest';
import type { Filler } from '../net/layers/blob.js';
import { initialValue } from './initial-values.js';
import type { NetworkJob } from './job.js';
import { parameterOf } from './parameter.js';

const member: NetworkJob = {
  name: 'split0/baseA',
  directory: '',
  identity: '',
  copied: [],
  frozen: [],
  source: null,
  sourceIdentity: null,
  mean: 'A',
  initStream: [0],
  frozenInitStream: [0],
  dropoutStream: [0],
  keepWeights: false,
};

/** Mean, standard deviation and largest distance from 0 of 30,000 weights, [100,12,5,5]. */
function drawn(filler: Filler) {
  const blob = {
    name: 'weight',
    shape: [100, 12, 5, 5],
    role: 'learned',
    filler,
    lrMult: 1,
    decayMult: 1,
  } as const;
  const schedule = {
    ...{ batch: 1, iterations: 1, learningRate: 0.1, gamma: 1, steps: [], testEvery: 1 },
    solver: { kind: 'sgd', momentum: 0.9, weightDecay: 0 },
  } as const;
  const conv1 = { kind: 'relu', name: 'conv1', inputs: ['data'] } as const;
  const values = [...initialValue(member, parameterOf(member, schedule, conv1, blob), null).data];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { mean, std: Math.sqrt(squares / values.length), largest };
}

// n is 12 * 25 = 300 inputs of an output, 100 * 25 = 2500 outputs of an input channel, or 1400.
test.each([
  [{ type: 'constant', value: 0.5 }, 0.5, 0],
  [{ type: 'gaussian', std: 0.3 }, 0, 0.3],
  [{ type: 'uniform', min: 1, max: 4 }, 2.5, 3 / Math.sqrt(12)],
  [{ type: 'he' }, 0, Math.sqrt(2 / 300)],
  [{ type: 'he', norm: 'fan-out' }, 0, Math.sqrt(2 / 2500)],
  [{ type: 'xavier' }, 0, Math.sqrt(1 / 300)],
  [{ type: 'xavier', norm: 'fan-in' }, 0, Math.sqrt(1 / 300)],
  [{ type: 'xavier', norm: 'fan-out' }, 0, Math.sqrt(1 / 2500)],
  [{ type: 'xavier', norm: 'average' }, 0, Math.sqrt(1 / 1400)],
] as const)('%o has mean %d and standard deviation %d', (filler, mean, std) => {
  const found = drawn(filler);
  // Five standard errors of a mean, and of a standard deviation, of 30,000 values.
  expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual((5 * std) / Math.sqrt(30_000));
  expect(Math.abs(found.std - std)).toBeLessThanOrEqual((5 * std) / Math.sqrt(60_000));
});

test('xavier stays within sqrt(3 / n) of 0', () => {
  const { largest } = drawn({ type: 'xavier' });
  expect(largest).toBeLessThanOrEqual(Math.fround(Math.sqrt(3 / 300)));
  expect(largest).toBeGreaterThan(0.999 * Math.sqrt(3 / 300));
});
