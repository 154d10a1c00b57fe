import { describe, expect, test } from 'vitest';
import type { BlobSpec, Filler } from '../net/layers/blob.js';
import { f32 } from '../tensor/tensor.js';
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

const schedule = {
  ...{ batch: 1, iterations: 1, learningRate: 0.1, gamma: 1, steps: [], testEvery: 1 },
  solver: { kind: 'sgd', momentum: 0.9, weightDecay: 0 },
} as const;
const conv1 = { kind: 'relu', name: 'conv1', inputs: ['data'] } as const;

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
  return summary(initialValue(member, parameterOf(member, schedule, conv1, blob), null).data);
}

function summary(data: ArrayLike<number>) {
  const values = Array.from(data);
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

describe('moments', () => {
  const taking = { ...member, copied: ['conv1'], source: 'runs/split0/baseA', takes: 'moments' };
  const started = (data: Float32Array, change: Partial<BlobSpec> = {}, salt = 0) => {
    const spec: BlobSpec = {
      ...{ name: 'weight', shape: [data.length], role: 'learned', lrMult: 1, decayMult: 1 },
      filler: { type: 'constant', value: 7 },
      ...change,
    };
    const network = { ...taking, initStream: [salt] } as NetworkJob;
    const source = { [`conv1.${spec.name}`]: f32(spec.shape, data) };
    return initialValue(network, parameterOf(network, schedule, conv1, spec), source).data;
  };
  const skewed = Float32Array.from({ length: 30_000 }, (_, i) => (i % 3 === 0 ? 4 : 1));

  test('are the mean and the deviation of the tensor, and nothing else of it', () => {
    const [like, drawnLike] = [summary(skewed), summary(started(skewed))];
    expect(like).toMatchObject({ mean: 2, std: Math.SQRT2 });
    expect(Math.abs(drawnLike.mean - 2)).toBeLessThanOrEqual((5 * like.std) / Math.sqrt(30_000));
    expect(Math.abs(drawnLike.std - like.std)).toBeLessThanOrEqual((5 * like.std) / Math.sqrt(6e4));
    const turned = started(skewed.toReversed());
    expect(started(skewed)).toEqual(turned);
    expect(started(skewed, {}, 1)).not.toEqual(turned);
  });

  test('of a tensor of one value are that value', () => {
    expect([...started(Float32Array.of(0.25))]).toEqual([0.25]);
  });

  test('are not taken of statistics: they start fresh', () => {
    expect([...started(Float32Array.of(1, 2), { role: 'statistic' })]).toEqual([7, 7]);
  });
});
