// `vgg11-bn`: Simonyan & Zisserman 2015 with batch normalisation, as torchvision has it.
import { Graph, heFanOut, imagenetInput, learned } from './graph.js';

const widths = [
  64,
  'pool',
  128,
  'pool',
  256,
  256,
  'pool',
  512,
  512,
  'pool',
  512,
  512,
  'pool',
] as const;

function makeNetwork() {
  const graph = new Graph({ convolution: heFanOut, normDecay: 1, epsilon: 1e-5 });
  let at = 0;
  for (const width of widths) {
    if (width === 'pool') {
      graph.maxPool(`features.${at++}`, 2, { stride: 2 });
      continue;
    }
    graph.add({
      kind: 'convolution',
      name: `features.${at++}`,
      outputs: width,
      ...{ kernel: [3, 3], stride: [1, 1], pads: [1, 1, 1, 1], dilation: [1, 1], groups: 1 },
      weight: learned(heFanOut()),
      bias: learned({ type: 'constant', value: 0 }),
    });
    graph.norm(`features.${at++}`);
    graph.relu(`features.${at++}`);
  }
  for (const [name, outputs] of [
    ['0', 4096],
    ['3', 4096],
    ['6', 'classes'],
  ] as const) {
    graph.linear(`classifier.${name}`, outputs, {
      weight: { type: 'gaussian', std: 0.01 },
      bias: { type: 'constant', value: 0 },
    });
    if (outputs === 'classes') break;
    graph.relu(`classifier.${Number(name) + 1}`);
    graph.add({ kind: 'dropout', name: `classifier.${Number(name) + 2}`, ratio: 0.5 });
  }
  return graph.network('vgg11-bn', imagenetInput);
}

/** Input [N,3,224,224]; 132,868,840 parameters with 1000 classes. */
export const vgg11Bn = makeNetwork();
