// Residual networks: He et al. 2016, as torchvision has them, and the small one for 32x32 images.
import type { Network } from '../network.js';
import {
  type BareLayer,
  Graph,
  type Habits,
  heFanOut,
  imagenetInput,
  smallInput,
  torchDefault,
} from './graph.js';

const habits: Habits = { convolution: heFanOut, normDecay: 1, epsilon: 1e-5 };

/** A residual block; widths are channels. */
interface Block {
  readonly name: string;
  readonly inputs: number;
  readonly width: number;
  readonly stride: number;
}

type AddBlock = (graph: Graph, block: Block) => number;

// Two 3x3 convolutions.
function basicBlock(graph: Graph, block: Block): number {
  const { name, inputs, width, stride } = block;
  const before = graph.last;
  graph.conv(`${name}.conv1`, inputs, width, { kernel: 3, stride });
  graph.norm(`${name}.bn1`);
  graph.relu(`${name}.relu`);
  graph.conv(`${name}.conv2`, width, width, { kernel: 3 });
  join(graph, { ...block, before, inside: graph.norm(`${name}.bn2`), outputs: width });
  return width;
}

// 1x1, 3x3 (with the stride, as torchvision and "v1.5"), 1x1 to four times the width.
function bottleneck(graph: Graph, block: Block): number {
  const { name, inputs, width, stride } = block;
  const outputs = 4 * width;
  const before = graph.last;
  graph.conv(`${name}.conv1`, inputs, width, { kernel: 1 });
  graph.norm(`${name}.bn1`);
  graph.relu(`${name}.relu`);
  graph.conv(`${name}.conv2`, width, width, { kernel: 3, stride });
  graph.norm(`${name}.bn2`);
  graph.relu(`${name}.relu_1`);
  graph.conv(`${name}.conv3`, width, outputs, { kernel: 1 });
  join(graph, { ...block, before, inside: graph.norm(`${name}.bn3`), outputs });
  return outputs;
}

interface Joined extends Block {
  readonly before: string;
  readonly inside: string;
  readonly outputs: number;
}

// A 1x1 convolution on the shortcut where size or width change.
function join(graph: Graph, { name, inputs, stride, before, inside, outputs }: Joined): void {
  let shortcut = before;
  if (stride !== 1 || inputs !== outputs) {
    graph.conv(`${name}.downsample.0`, inputs, outputs, { kernel: 1, stride }, before);
    shortcut = graph.norm(`${name}.downsample.1`);
  }
  graph.sum(`${name}.add`, inside, shortcut);
  graph.relu(`${name}.out`);
}

function imagenetResNet(name: string, addBlock: AddBlock, depths: readonly number[]): Network {
  const graph = new Graph(habits);
  graph.conv('conv1', 3, 64, { kernel: 7, stride: 2 });
  graph.norm('bn1');
  graph.relu('relu');
  graph.maxPool('maxpool', 3, { stride: 2, pad: 1 });
  let inputs = 64;
  depths.forEach((depth, stage) => {
    for (let at = 0; at < depth; at++) {
      const stride = stage > 0 && at === 0 ? 2 : 1;
      const block = { name: `layer${stage + 1}.${at}`, inputs, width: 64 * 2 ** stage, stride };
      inputs = addBlock(graph, block);
    }
  });
  graph.globalMean('avgpool');
  const start = torchDefault(inputs);
  graph.linear('fc', 'classes', { weight: start, bias: start });
  return graph.network(name, imagenetInput);
}

/** Input [N,3,224,224]; 11,689,512 parameters with 1000 classes. */
export const resnet18 = imagenetResNet('resnet18', basicBlock, [2, 2, 2, 2]);

/** Input [N,3,224,224]; 25,557,032 parameters with 1000 classes. */
export const resnet50 = imagenetResNet('resnet50', bottleneck, [3, 4, 6, 3]);

// Every second pixel, and zeros for the channels that are lacking.
function narrowed(graph: Graph, { name, inputs, width, stride }: Block, from: string): string {
  const every: BareLayer = {
    kind: 'max-pool',
    name: `${name}.shortcut`,
    ...{ kernel: [1, 1], stride: [stride, stride], dilation: [1, 1], pads: [0, 0, 0, 0] },
    rounding: 'floor',
  };
  graph.add(every, from);
  const pads = [0, 0, 0, 0, 0, width - inputs, 0, 0];
  return graph.add({ kind: 'pad', name: `${name}.zeros`, pads, value: 0 });
}

// As basicBlock, but the shortcut has no weights ("option A").
function plainBlock(graph: Graph, { name, inputs, width, stride }: Block): number {
  const before = graph.last;
  graph.conv(`${name}.conv1`, inputs, width, { kernel: 3, stride });
  graph.norm(`${name}.bn1`);
  graph.relu(`${name}.relu`);
  graph.conv(`${name}.conv2`, width, width, { kernel: 3 });
  const inside = graph.norm(`${name}.bn2`);
  const shortcut = stride === 1 ? before : narrowed(graph, { name, inputs, width, stride }, before);
  graph.sum(`${name}.add`, inside, shortcut);
  graph.relu(`${name}.out`);
  return width;
}

function smallResNet(name: string, blocks: number): Network {
  const graph = new Graph(habits);
  graph.conv('conv1', 3, 16, { kernel: 3 });
  graph.norm('bn1');
  graph.relu('relu');
  let inputs = 16;
  for (let stage = 0; stage < 3; stage++) {
    for (let at = 0; at < blocks; at++) {
      const stride = stage > 0 && at === 0 ? 2 : 1;
      const block = { name: `layer${stage + 1}.${at}`, inputs, width: 16 * 2 ** stage, stride };
      inputs = plainBlock(graph, block);
    }
  }
  graph.globalMean('avgpool');
  const start = torchDefault(inputs);
  graph.linear('fc', 'classes', { weight: start, bias: start });
  return graph.network(name, smallInput(32));
}

/** Input [N,3,32,32]; He et al. 2016, section 4.2, n = 3; 269,722 parameters with 10 classes. */
export const resnet20 = smallResNet('resnet20', 3);
