// `mobilenet-v2`: Sandler et al. 2018, as torchvision has it.
import { Graph, heFanOut, imagenetInput } from './graph.js';

/** Expansion, channels, blocks, stride of the first. @source table 2 of the paper */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

interface Block {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
  readonly expansion: number;
}

function relu6(graph: Graph, name: string): void {
  graph.add({ kind: 'activation', name, function: 'clip', alpha: 0, beta: 6 });
}

// 1x1 up, depthwise 3x3, 1x1 down without activation; the input is added where it fits.
function invertedResidual(graph: Graph, { name, inputs, outputs, stride, expansion }: Block): void {
  const before = graph.last;
  const width = inputs * expansion;
  let at = 0;
  if (expansion !== 1) {
    graph.conv(`${name}.conv.${at}.0`, inputs, width, { kernel: 1 });
    graph.norm(`${name}.conv.${at}.1`);
    relu6(graph, `${name}.conv.${at++}.2`);
  }
  graph.conv(`${name}.conv.${at}.0`, width, width, { kernel: 3, stride, groups: width });
  graph.norm(`${name}.conv.${at}.1`);
  relu6(graph, `${name}.conv.${at++}.2`);
  graph.conv(`${name}.conv.${at}`, width, outputs, { kernel: 1 });
  const inside = graph.norm(`${name}.conv.${at + 1}`);
  if (stride === 1 && inputs === outputs) graph.sum(`${name}.add`, before, inside);
}

function makeNetwork() {
  const graph = new Graph({ convolution: heFanOut, normDecay: 0, epsilon: 1e-5 });
  graph.conv('features.0.0', 3, 32, { kernel: 3, stride: 2 });
  graph.norm('features.0.1');
  relu6(graph, 'features.0.2');
  let [inputs, at] = [32, 1];
  for (const [expansion, outputs, blocks, first] of stages) {
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 ? first : 1;
      const name = `features.${at++}`;
      invertedResidual(graph, { name, inputs, outputs, stride, expansion });
      inputs = outputs;
    }
  }
  graph.conv('features.18.0', inputs, 1280, { kernel: 1 });
  graph.norm('features.18.1');
  relu6(graph, 'features.18.2');
  graph.globalMean('avgpool');
  graph.add({ kind: 'dropout', name: 'classifier.0', ratio: 0.2 });
  graph.linear('classifier.1', 'classes', {
    weight: { type: 'gaussian', std: 0.01 },
    bias: { type: 'constant', value: 0 },
  });
  return graph.network('mobilenet-v2', imagenetInput);
}

/** Input [N,3,224,224]; 3,504,872 parameters with 1000 classes. Norms and biases do not decay. */
export const mobilenetV2 = makeNetwork();
