// Central differences through whole networks with branches, along random directions over all blobs
// and the images.
import { expect, test } from 'vitest';
import { lowerNetwork } from '../../src/net/lower.js';
import type { Network } from '../../src/net/network.js';
import { randomNetwork } from '../networks/random-network.js';
import { residual } from '../networks/residual.js';
import { trainingStep } from '../networks/training-step.js';
import { transformer } from '../networks/transformer.js';
import { GradientCheck, randomDirection, type Subject } from './gradient-check.js';

const [batch, classes, trials] = [3, 4, 6];
const images = { channels: 3, height: 8, width: 8, scale: [1], mean: 'image' } as const;

const networks: readonly Network[] = [
  residual(images),
  transformer(images, 4),
  ...[0, 1, 2, 3, 4, 5].map((seed) => randomNetwork(seed, 14)),
];

function subjectOf(network: Network): Subject {
  const { feeds, slots, gradients } = trainingStep(network, batch, classes);
  const learned = Object.entries(slots).filter(([name]) => gradients.includes(`d ${name}`));
  const isStatistic = (name: string): boolean => /running_(mean|var)$/.test(name);
  const statistics = Object.entries(slots).filter(([name]) => isStatistic(name));
  return {
    name: network.name,
    inputs: { x: feeds['x']!, ...Object.fromEntries(learned) },
    constants: { labels: feeds['labels']!, ...Object.fromEntries(statistics) },
    build: (builder, given) => {
      const logits = lowerNetwork(builder, network, given['x']!, {
        mode: 'train',
        classes,
        dropoutStream: ['gradient'],
        blob: (layer, { name }) => given[`${layer.name}.${name}`]!,
      });
      return builder.apply('softmax_cross_entropy', {}, [logits, given['labels']!]);
    },
  };
}

test.each(networks.map((network) => [network.name, network] as const))('%s', async (_, network) => {
  const subject = subjectOf(network);
  const check = await GradientCheck.of(subject);
  let smooth = 0;
  for (let trial = 0; trial < trials; trial++) {
    const outcome = await check.along(randomDirection(subject, trial));
    if (outcome.hasKink) continue;
    smooth += 1;
    const scale = Math.max(Math.abs(outcome.analytic), Math.abs(outcome.numeric));
    expect(Math.abs(outcome.analytic - outcome.numeric) / scale).toBeLessThanOrEqual(1e-5);
  }
  expect(smooth, 'directions without a kink').toBeGreaterThan(trials / 2);
});
