// A small vision transformer: patches by a convolution, a class token, position embeddings, one
// pre-norm block of attention and MLP.
import type { Layer } from '../../src/net/layers/table.js';
import type { Network, NetworkInput } from '../../src/net/network.js';
import { squareSliding } from '../../src/tensor/window.js';
import { bias, even, scale, small } from './blobs.js';

const [width, heads, classes] = [16, 2, 'classes'] as const;

/** The network over square images whose side `patch` divides. @source Dosovitskiy et al. 2021 */
export function transformer(input: NetworkInput, patch: number): Network {
  const grid = input.height / patch;
  const tokens = grid * grid + 1;
  return {
    name: 'transformer',
    input,
    output: 'head',
    layers: [
      {
        ...{ kind: 'convolution', name: 'patches', inputs: ['data'], outputs: width, groups: 1 },
        ...{ kernel: [patch, patch], ...squareSliding({ stride: patch }), weight: even, bias },
      },
      { kind: 'reshape', name: 'flat', inputs: ['patches'], shape: [1, width, grid * grid] },
      { kind: 'transpose', name: 'rows', inputs: ['flat'], axes: [0, 2, 1] },
      { kind: 'parameter', name: 'class', inputs: [], shape: [1, width], value: small },
      { kind: 'broadcast', name: 'classes', inputs: ['class', 'rows'], batch: true },
      { kind: 'concat', name: 'tokens', inputs: ['classes', 'rows'], axis: 1 },
      {
        ...{ kind: 'affine', name: 'embedded', inputs: ['tokens'], shape: [tokens, width] },
        ...{ weight: null, bias: small },
      },
      ...block('block', 'embedded', tokens),
      norm('norm', 'block.sum'),
      { kind: 'slice', name: 'first', inputs: ['norm'], axis: 1, start: 0, end: 1 },
      dense('head', 'first', classes),
    ],
  };
}

function dense(name: string, input: string, outputs: number | 'classes', over?: 'last'): Layer {
  return {
    ...{ kind: 'inner-product', name, inputs: [input], outputs, weight: even, bias },
    ...(over && { over }),
  };
}

function norm(name: string, input: string): Layer {
  return {
    ...{ kind: 'layer-norm', name, inputs: [input], axes: 1, epsilon: 1e-5 },
    ...{ scale, shift: bias },
  };
}

/** Attention, then MLP, each added to what it was computed from. */
function block(name: string, input: string, tokens: number): readonly Layer[] {
  const size = width / heads;
  const part = (which: string, at: number): readonly Layer[] => {
    const [start, end] = [at * width, (at + 1) * width];
    const head = `${name}.${which}`;
    return [
      { kind: 'slice', name: `${head}.all`, inputs: [`${name}.qkv`], axis: 2, start, end },
      {
        ...{ kind: 'reshape', name: `${head}.split`, inputs: [`${head}.all`] },
        shape: [1, tokens, heads, size],
      },
      { kind: 'transpose', name: head, inputs: [`${head}.split`], axes: [0, 2, 1, 3] },
    ];
  };
  return [
    norm(`${name}.norm1`, input),
    dense(`${name}.qkv`, `${name}.norm1`, 3 * width, 'last'),
    ...part('q', 0),
    ...part('k', 1),
    ...part('v', 2),
    {
      ...{ kind: 'matmul', name: `${name}.scores`, inputs: [`${name}.q`, `${name}.k`] },
      transposeB: true,
    },
    {
      ...{ kind: 'activation', name: `${name}.scaled`, inputs: [`${name}.scores`] },
      ...{ function: 'linear', alpha: 1 / Math.sqrt(size) },
    },
    { kind: 'softmax', name: `${name}.attention`, inputs: [`${name}.scaled`], axis: 3 },
    { kind: 'matmul', name: `${name}.read`, inputs: [`${name}.attention`, `${name}.v`] },
    { kind: 'transpose', name: `${name}.back`, inputs: [`${name}.read`], axes: [0, 2, 1, 3] },
    {
      ...{ kind: 'reshape', name: `${name}.joined`, inputs: [`${name}.back`] },
      shape: [1, tokens, width],
    },
    dense(`${name}.out`, `${name}.joined`, width, 'last'),
    { kind: 'add', name: `${name}.middle`, inputs: [input, `${name}.out`] },
    norm(`${name}.norm2`, `${name}.middle`),
    dense(`${name}.up`, `${name}.norm2`, 2 * width, 'last'),
    { kind: 'activation', name: `${name}.gelu`, inputs: [`${name}.up`], function: 'gelu' },
    dense(`${name}.down`, `${name}.gelu`, width, 'last'),
    { kind: 'add', name: `${name}.sum`, inputs: [`${name}.middle`, `${name}.down`] },
  ];
}
