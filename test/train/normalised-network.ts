// A small network with batch norm for tests of the trainer: convolutions without bias, one of them
// depthwise, dropout inside what is frozen, a global average.
import { layersBelow } from '../../src/net/cuts.js';
import type { Blob } from '../../src/net/layers/blob.js';
import type { Layer } from '../../src/net/layers/table.js';
import type { Network } from '../../src/net/network.js';
import { squareSliding } from '../../src/tensor/window.js';
import type { GangJob, NetworkJob } from '../../src/train/job.js';
import { gangJob, member } from './job.js';

const constant = (value: number): Blob => ({
  filler: { type: 'constant', value },
  lrMult: 1,
  decayMult: 0,
});
const he: Blob = { filler: { type: 'he' }, lrMult: 1, decayMult: 1 };

const conv = (name: string, input: string, outputs: number, kernel: number, groups = 1): Layer => ({
  kind: 'convolution',
  name,
  inputs: [input],
  outputs,
  kernel: [kernel, kernel],
  ...squareSliding({ stride: kernel === 1 ? 1 : 2, pad: (kernel - 1) / 2 }),
  groups,
  weight: he,
  bias: null,
});
const norm = (name: string, input: string, scale: Blob | null = constant(1)): Layer => ({
  ...{ kind: 'batch-norm', name, inputs: [input], epsilon: 1e-5, momentum: 0.1 },
  ...{ scale, shift: constant(0) },
});
const relu = (name: string, input: string): Layer => ({ kind: 'relu', name, inputs: [input] });

/** conv1-bn1-relu1-drop1, conv2 (depthwise)-bn2-relu2, conv3-bn3 (no scale)-relu3, mean, fc4; input
 *  [N,1,24,24]. */
export const normalisedNetwork: Network = {
  name: 'normalised',
  input: { channels: 1, height: 24, width: 24, scale: [1 / 64], mean: 'image' },
  output: 'fc4',
  layers: [
    conv('conv1', 'data', 8, 3),
    norm('bn1', 'conv1'),
    relu('relu1', 'bn1'),
    { kind: 'dropout', name: 'drop1', inputs: ['relu1'], ratio: 0.2 },
    conv('conv2', 'drop1', 8, 5, 8),
    norm('bn2', 'conv2'),
    relu('relu2', 'bn2'),
    conv('conv3', 'relu2', 12, 1),
    norm('bn3', 'conv3', null),
    relu('relu3', 'bn3'),
    { kind: 'mean', name: 'mean', inputs: ['relu3'], axes: [2, 3], keepDims: false },
    {
      ...{ kind: 'inner-product', name: 'fc4', inputs: ['mean'], outputs: 'classes' },
      ...{ weight: he, bias: constant(0) },
    },
  ],
};

const sum = (name: string, ...inputs: [string, string]): Layer => ({ kind: 'add', name, inputs });
const strided = (layer: Layer, stride: number): Layer => ({
  ...layer,
  ...('stride' in layer && { stride: [stride, stride] }),
});

/** As resnet20 is built, smaller: conv1-bn1-relu1-drop1, a block with the identity beside it, a
 *  block of half the size with a 1x1 convolution beside it, mean, fc4. The segments end at drop1,
 *  relu2, mean and fc4. */
export const residualNetwork: Network = {
  ...normalisedNetwork,
  name: 'residual',
  layers: [
    ...normalisedNetwork.layers.slice(0, 4),
    strided(conv('conv2', 'drop1', 8, 3), 1),
    norm('bn2', 'conv2'),
    relu('relu2a', 'bn2'),
    strided(conv('conv2b', 'relu2a', 8, 3), 1),
    norm('bn2b', 'conv2b'),
    sum('add2', 'bn2b', 'drop1'),
    relu('relu2', 'add2'),
    conv('conv3', 'relu2', 12, 3),
    norm('bn3', 'conv3'),
    relu('relu3a', 'bn3'),
    strided(conv('conv3b', 'relu3a', 12, 3), 1),
    norm('bn3b', 'conv3b'),
    strided(conv('short3', 'relu2', 12, 1), 2),
    norm('bn3s', 'short3'),
    sum('add3', 'bn3b', 'bn3s'),
    relu('relu3', 'add3'),
    ...normalisedNetwork.layers.slice(-2),
  ],
};

/** A network of a family of `network`, which copies n of its segments. */
export function memberOf(
  network: Network,
  name: string,
  n: number,
  isFrozen: boolean,
  source: 'baseA' | 'baseB' | null,
): NetworkJob {
  return {
    ...member(name, 0, isFrozen, source),
    copied: layersBelow(network, n),
    frozen: layersBelow(network, isFrozen ? n : 0),
  };
}

/** {@link gangJob} of such networks. */
export function jobOf(
  network: Network,
  studyDirectory: string,
  networks: readonly NetworkJob[],
  target: 'A' | 'B' = 'B',
): GangJob {
  return { ...gangJob(studyDirectory, networks, target), network };
}
