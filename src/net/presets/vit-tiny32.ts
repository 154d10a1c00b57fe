// `vit-tiny32`: a small vision transformer (Dosovitskiy et al. 2021) for 32x32 crops; layers and
// names as timm's VisionTransformer(img_size=32, patch_size=4, embed_dim=128, depth=6, num_heads=4,
// mlp_ratio=2, class_token=False, global_pool='avg', fc_norm=False).
import type { Filler } from '../layers/blob.js';
import { Graph, heFanOut, learned, smallInput, torchDefault } from './graph.js';

const [patch, width, depth, heads, hidden] = [4, 128, 6, 4, 256];
const tokens = (32 / patch) ** 2;
const headWidth = width / heads;

// Truncation at two deviations, as timm has it, is left out.
const small: Filler = { type: 'gaussian', std: 0.02 };
const zero: Filler = { type: 'constant', value: 0 };

function layerNorm(graph: Graph, name: string): void {
  graph.add({
    kind: 'layer-norm',
    name,
    axes: 1,
    epsilon: 1e-6,
    scale: learned({ type: 'constant', value: 1 }, 0),
    shift: learned(zero, 0),
  });
}

// For each token.
function linear(graph: Graph, name: string, outputs: number): void {
  const blobs = { weight: learned(small), bias: learned(zero, 0) };
  graph.add({ kind: 'inner-product', name, over: 'last', outputs, ...blobs });
}

// One of query, key and value, [N, heads, tokens, headWidth].
function third(graph: Graph, name: string, from: string, at: number): string {
  graph.add({ kind: 'slice', name: `${name}_part`, axis: 1, start: at, end: at + 1 }, from);
  return graph.add({ kind: 'reshape', name, shape: [1, heads, tokens, headWidth] });
}

function attention(graph: Graph, name: string): void {
  linear(graph, `${name}.qkv`, 3 * width);
  graph.add({ kind: 'reshape', name: `${name}.parts`, shape: [1, tokens, 3, heads, headWidth] });
  const parts = graph.add({ kind: 'transpose', name: `${name}.heads`, axes: [0, 2, 3, 1, 4] });
  third(graph, `${name}.q`, parts, 0);
  const alpha = 1 / Math.sqrt(headWidth);
  const query = graph.add({
    kind: 'activation',
    name: `${name}.scaled`,
    function: 'linear',
    alpha,
  });
  const key = third(graph, `${name}.k`, parts, 1);
  graph.add({ kind: 'matmul', name: `${name}.scores`, transposeB: true }, query, key);
  const shares = graph.add({ kind: 'softmax', name: `${name}.softmax`, axis: 3 });
  const value = third(graph, `${name}.v`, parts, 2);
  graph.add({ kind: 'matmul', name: `${name}.mixed` }, shares, value);
  graph.add({ kind: 'transpose', name: `${name}.tokens`, axes: [0, 2, 1, 3] });
  graph.add({ kind: 'reshape', name: `${name}.joined`, shape: [1, tokens, width] });
  linear(graph, `${name}.proj`, width);
}

function block(graph: Graph, name: string): void {
  const before = graph.last;
  layerNorm(graph, `${name}.norm1`);
  attention(graph, `${name}.attn`);
  const between = graph.sum(`${name}.attn.add`, before, graph.last);
  layerNorm(graph, `${name}.norm2`);
  linear(graph, `${name}.mlp.fc1`, hidden);
  graph.add({ kind: 'activation', name: `${name}.mlp.act`, function: 'gelu' });
  linear(graph, `${name}.mlp.fc2`, width);
  graph.sum(`${name}.mlp.add`, between, graph.last);
}

function makeNetwork() {
  const graph = new Graph({ convolution: heFanOut, normDecay: 0, epsilon: 1e-6 });
  graph.add({
    kind: 'convolution',
    name: 'patch_embed.proj',
    outputs: width,
    ...{ kernel: [patch, patch], stride: [patch, patch], pads: [0, 0, 0, 0], dilation: [1, 1] },
    groups: 1,
    weight: learned(torchDefault(3 * patch ** 2)),
    bias: learned(torchDefault(3 * patch ** 2), 0),
  });
  graph.add({ kind: 'reshape', name: 'patch_embed.flat', shape: [1, width, tokens] });
  graph.add({ kind: 'transpose', name: 'patch_embed.tokens', axes: [0, 2, 1] });
  const bias = learned(small, 0);
  graph.add({ kind: 'affine', name: 'pos_embed', shape: [tokens, width], weight: null, bias });
  for (let at = 0; at < depth; at++) block(graph, `blocks.${at}`);
  layerNorm(graph, 'norm');
  graph.add({ kind: 'mean', name: 'pool', axes: [1], keepDims: false });
  graph.linear('head', 'classes', { weight: small, bias: zero });
  return graph.network('vit-tiny32', smallInput(32));
}

/** Input [N,3,32,32], 64 tokens of 128 values, 6 blocks of 4 heads; 810,890 parameters with 10
 *  classes. Norms, biases and positions do not decay. */
export const vitTiny32 = makeNetwork();
