// A small residual network: a stem, a block whose shortcut is a convolution,
// a block whose shortcut is the input itself.
import type { Layer } from '../../src/net/layers/table.js';
import type { Network, NetworkInput } from '../../src/net/network.js';
import { squareSliding } from '../../src/tensor/window.js';
import { bias, scale, weight } from './blobs.js';

/** The network over images of any size. @source He et al. 2016 */
export function residual(input: NetworkInput): Network {
  return {
    name: 'residual',
    input,
    output: 'head',
    layers: [
      ...conv('stem', 'data', 8, 1),
      { kind: 'relu', name: 'stem.relu', inputs: ['stem.bn'] },
      ...conv('down.side', 'stem.relu', 20, 2, 1),
      ...block('down', 'stem.relu', 'down.side.bn', 20, 2),
      ...block('same', 'down', 'down', 20, 1),
      {
        ...{ kind: 'inner-product', name: 'head', inputs: ['same'], outputs: 'classes' },
        ...{ weight, bias },
      },
    ],
  };
}

function conv(
  name: string,
  input: string,
  outputs: number,
  stride: number,
  size = 3,
): readonly Layer[] {
  return [
    {
      ...{ kind: 'convolution', name, inputs: [input], outputs, groups: 1, weight, bias: null },
      ...{ kernel: [size, size], ...squareSliding({ stride, pad: (size - 1) / 2 }) },
    },
    {
      ...{ kind: 'batch-norm', name: `${name}.bn`, inputs: [name], epsilon: 1e-5, momentum: 0.1 },
      ...{ scale, shift: bias },
    },
  ];
}

function block(
  name: string,
  input: string,
  shortcut: string,
  outputs: number,
  stride: number,
): readonly Layer[] {
  return [
    ...conv(`${name}.conv1`, input, outputs, stride),
    { kind: 'relu', name: `${name}.relu1`, inputs: [`${name}.conv1.bn`] },
    ...conv(`${name}.conv2`, `${name}.relu1`, outputs, 1),
    { kind: 'add', name: `${name}.sum`, inputs: [`${name}.conv2.bn`, shortcut] },
    { kind: 'relu', name, inputs: [`${name}.sum`] },
  ];
}
