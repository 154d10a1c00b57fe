// Networks with branches on every executor: outputs and gradients of a training step agree with the
// reference's.
import { describe, expect, test } from 'vitest';
import { ExecutorMissingError } from '../../src/base/errors.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { checkNetwork } from '../../src/net/check.js';
import type { Network } from '../../src/net/network.js';
import type { HostTensor } from '../../src/tensor/tensor.js';
import { u } from '../conformance/problem.js';
import { randomKinds, randomNetwork } from './random-network.js';
import { residual } from './residual.js';
import { runStep, trainingStep } from './training-step.js';
import { transformer } from './transformer.js';

const [batch, classes] = [4, 5];
const images = { channels: 3, height: 8, width: 8, scale: [1], mean: 'image' } as const;

/** By the largest element of each tensor, and for gradients that vanish (of a bias before a batch
 *  norm) of a hundredth of the largest of all: float32 against float64 through some thirty layers.
 *  A kink taken the other way or a wrong index changes elements by more than 1e4 u. */
const FACTOR = 512;

const seeds = Array.from({ length: 24 }, (_, seed) => seed);
const networks: readonly Network[] = [
  residual(images),
  transformer(images, 4),
  ...seeds.map((seed) => randomNetwork(seed, 14)),
];

const reference = createReferenceExecutor({ state: 'f64' });

function largest({ data }: HostTensor): number {
  return new Float64Array(data).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

describe('the random networks', () => {
  test('have every kind of layer', () => {
    const kinds = new Set(networks.flatMap(({ layers }) => layers.map(({ kind }) => kind)));
    expect([...kinds].toSorted()).toEqual(randomKinds.toSorted());
  });

  test.each(networks.map((network) => [network.name, network] as const))(
    '%s is valid',
    (_, network) => {
      expect(() => checkNetwork(network, classes)).not.toThrow();
    },
  );
});

const open = process.env['SELFFER_SLOW'] === '1' ? createOnnxExecutor : createOnednnExecutor;

test.for(networks.map((network) => [network.name, network] as const))(
  `%s: ${open === createOnednnExecutor ? 'oneDNN' : 'onnx'} agrees with the reference`,
  async ([, network], { skip }) => {
    const step = trainingStep(network, batch, classes);
    const wanted = await runStep(step, reference);
    let found: Record<string, HostTensor>;
    try {
      found = await runStep(step, open());
    } catch (error) {
      if (error instanceof ExecutorMissingError) return skip(error.message);
      throw error;
    }
    expect(Object.keys(found)).toEqual(Object.keys(wanted));
    const most = Math.max(...step.gradients.map((name) => largest(wanted[name] as HostTensor)));
    for (const [name, { data, shape }] of Object.entries(wanted)) {
      const scale = Math.max(
        largest(wanted[name] as HostTensor),
        step.gradients.includes(name) ? most / 100 : 0,
      );
      const other = found[name] as HostTensor;
      expect(other.shape, name).toEqual(shape);
      let worst = 0;
      data.forEach((value, at) => {
        worst = Math.max(worst, Math.abs(value - (other.data[at] as number)));
      });
      expect(worst / (u * scale), name).toBeLessThan(FACTOR);
    }
  },
);
