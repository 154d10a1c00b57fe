// A small real gang for tests of the trainer: four classes of glyphs, a network with every kind of
// layer.
import { layersBelow } from '../../src/net/cuts.js';
import { squareSliding, squareWindow } from '../../src/tensor/window.js';
import type { Network } from '../../src/net/network.js';
import type { GangJob, NetworkJob } from '../../src/train/job.js';

const blob = (std: number | 'he') => ({
  filler: std === 'he' ? ({ type: 'he' } as const) : ({ type: 'gaussian', std } as const),
  lrMult: 1,
  decayMult: 1,
});
const bias = { filler: { type: 'constant', value: 0 }, lrMult: 2, decayMult: 0 } as const;
const conv = (name: string, input: string, outputs: number) =>
  ({
    kind: 'convolution',
    name,
    inputs: [input],
    outputs,
    kernel: [3, 3],
    ...squareSliding({ stride: 2, pad: 1 }),
    groups: 1,
    weight: blob('he'),
    bias,
  }) as const;

/** conv1-relu-pool-norm, conv2-relu, fc3-relu-dropout, fc4; input [N,1,24,24]. */
export const smallNetwork: Network = {
  name: 'small',
  input: { channels: 1, height: 24, width: 24, scale: [1 / 64], mean: 'image' },
  output: 'fc4',
  layers: [
    conv('conv1', 'data', 8),
    { kind: 'relu', name: 'relu1', inputs: ['conv1'] },
    {
      kind: 'max-pool',
      name: 'pool1',
      inputs: ['relu1'],
      ...squareWindow(3, 'ceil', { stride: 2 }),
    },
    { kind: 'lrn', name: 'norm1', inputs: ['pool1'], size: 5, alpha: 1e-4, beta: 0.75, k: 1 },
    conv('conv2', 'norm1', 12),
    { kind: 'relu', name: 'relu2', inputs: ['conv2'] },
    {
      kind: 'inner-product',
      name: 'fc3',
      inputs: ['relu2'],
      outputs: 20,
      weight: blob('he'),
      bias,
    },
    { kind: 'relu', name: 'relu3', inputs: ['fc3'] },
    { kind: 'dropout', name: 'drop3', inputs: ['relu3'], ratio: 0.5 },
    {
      kind: 'inner-product',
      name: 'fc4',
      inputs: ['drop3'],
      outputs: 'classes',
      weight: blob(0.01),
      bias,
    },
  ],
};

const taskB = {
  store: 'glyphs',
  classes: ['upper-A', 'upper-B', 'upper-C', 'upper-D'],
  imagesPerClass: 20,
};
const taskA = { ...taskB, classes: ['lower-a', 'lower-b', 'lower-c', 'lower-d'] };

/** A base network of task A or B. */
export function base(letter: 'A' | 'B'): NetworkJob {
  return member(`base${letter}`, 0, false, null, letter);
}

/** A network that starts from a base, or from random layers if `source` is null. */
export function member(
  name: string,
  copied: number,
  isFrozen: boolean,
  source: 'baseA' | 'baseB' | null,
  mean: 'A' | 'B' = source === 'baseA' ? 'A' : 'B',
): NetworkJob {
  return {
    name: `split0/${name}`,
    directory: `runs/split0/${name}`,
    identity: `identity of ${name}`,
    copied: layersBelow(smallNetwork, copied),
    frozen: layersBelow(smallNetwork, isFrozen ? copied : 0),
    source: source === null ? null : `runs/split0/${source}`,
    sourceIdentity: source === null ? null : `identity of ${source}`,
    mean,
    initStream: [7, 'split0', 0, name],
    frozenInitStream: [7, 'split0', 0, 'RB'],
    dropoutStream: [7, 'split0', 0, name],
    keepWeights: true,
  };
}

/** A gang of `networks` in `studyDirectory`: 12 iterations of 16 images, a rate step at 8, tests
 *  after every fourth. */
export function gangJob(
  studyDirectory: string,
  networks: readonly NetworkJob[],
  target: 'A' | 'B' = 'B',
): GangJob {
  return {
    name: 'test gang',
    studyDirectory,
    network: smallNetwork,
    input: {
      kind: 'images',
      target: target === 'A' ? taskA : taskB,
      means: { A: taskA, B: taskB },
      mirror: true,
      orderStream: [7, 'split0', target],
      augmentStream: [7, 'split0', target],
    },
    schedule: {
      batch: 16,
      iterations: 12,
      learningRate: 0.02,
      gamma: 0.1,
      steps: [8],
      solver: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      testEvery: 4,
    },
    networks,
    executor: 'reference',
    precision: 'fp32',
    exact: true,
    threads: 2,
    checkpointEverySeconds: 1e9,
  };
}
