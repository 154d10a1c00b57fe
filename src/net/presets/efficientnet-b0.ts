// `efficientnet-b0`: Tan & Le 2019, as torchvision has it, without its stochastic depth.
import { Graph, heFanOut, imagenetInput, learned, torchDefault } from './graph.js';

/** Expansion, kernel, stride of the first, channels, blocks. @source table 1 of the paper */
const stages = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const;

interface Block {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly expansion: number;
}

function silu(graph: Graph, name: string): string {
  return graph.add({ kind: 'activation', name, function: 'silu' });
}

// A 1x1 convolution with bias on the means of the channels.
function gate(graph: Graph, name: string, outputs: number): void {
  graph.add({
    kind: 'convolution',
    name,
    outputs,
    ...{ kernel: [1, 1], stride: [1, 1], pads: [0, 0, 0, 0], dilation: [1, 1], groups: 1 },
    weight: learned(heFanOut()),
    bias: learned({ type: 'constant', value: 0 }, 0),
  });
}

// Squeeze and excitation: every channel times a factor of 0..1 that the means of all decide.
function excite(graph: Graph, name: string, channels: number, squeezed: number): void {
  const before = graph.last;
  graph.add({ kind: 'mean', name: `${name}.avgpool`, axes: [2, 3], keepDims: true });
  gate(graph, `${name}.fc1`, squeezed);
  silu(graph, `${name}.activation`);
  gate(graph, `${name}.fc2`, channels);
  const factor = graph.add({
    kind: 'activation',
    name: `${name}.scale_activation`,
    function: 'sigmoid',
  });
  graph.add({ kind: 'multiply', name: `${name}.mul` }, before, factor);
}

function mbConv(graph: Graph, { name, inputs, outputs, kernel, stride, expansion }: Block): void {
  const before = graph.last;
  const width = inputs * expansion;
  let at = 0;
  if (expansion !== 1) {
    graph.conv(`${name}.block.${at}.0`, inputs, width, { kernel: 1 });
    graph.norm(`${name}.block.${at}.1`);
    silu(graph, `${name}.block.${at++}.2`);
  }
  graph.conv(`${name}.block.${at}.0`, width, width, { kernel, stride, groups: width });
  graph.norm(`${name}.block.${at}.1`);
  silu(graph, `${name}.block.${at++}.2`);
  excite(graph, `${name}.block.${at++}`, width, Math.max(1, inputs >> 2));
  graph.conv(`${name}.block.${at}.0`, width, outputs, { kernel: 1 });
  const inside = graph.norm(`${name}.block.${at}.1`);
  if (stride === 1 && inputs === outputs) graph.sum(`${name}.add`, inside, before);
}

function makeNetwork() {
  const graph = new Graph({ convolution: heFanOut, normDecay: 0, epsilon: 1e-5 });
  graph.conv('features.0.0', 3, 32, { kernel: 3, stride: 2 });
  graph.norm('features.0.1');
  silu(graph, 'features.0.2');
  let inputs = 32;
  stages.forEach(([expansion, kernel, first, outputs, blocks], stage) => {
    for (let at = 0; at < blocks; at++) {
      const stride = at === 0 ? first : 1;
      const name = `features.${stage + 1}.${at}`;
      mbConv(graph, { name, inputs, outputs, kernel, stride, expansion });
      inputs = outputs;
    }
  });
  graph.conv('features.8.0', inputs, 1280, { kernel: 1 });
  graph.norm('features.8.1');
  silu(graph, 'features.8.2');
  graph.globalMean('avgpool');
  graph.add({ kind: 'dropout', name: 'classifier.0', ratio: 0.2 });
  graph.linear('classifier.1', 'classes', {
    weight: torchDefault(1280),
    bias: { type: 'constant', value: 0 },
  });
  return graph.network('efficientnet-b0', imagenetInput);
}

/** Input [N,3,224,224]; 5,288,548 parameters with 1000 classes. Norms and biases do not decay. */
export const efficientnetB0 = makeNetwork();
