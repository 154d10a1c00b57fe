// The written form of a network and of a learning schedule: what run identities hash and plan.json
// shows. It is a format of its own with a version, independent of the types in memory, so that a
// type may change without orphaning anybody's runs. This is version 1: a new one would be written
// beside it, and old runs matched by the old.
import type { Json } from '../../base/canonical-json.js';
import type { Blob, Filler } from '../../net/layers/blob.js';
import type { LayerKind, LayerMap, Layer } from '../../net/layers/table.js';
import type { Network } from '../../net/network.js';
import type { Solver, SolverName, SolverSettingsMap } from '../../program/solvers/table.js';
import type { Sliding } from '../../tensor/window.js';
import type { Schedule } from '../../train/job.js';

type Members = { readonly [key: string]: Json | undefined };

/** The network's written form, version 1. Facts that have their usual value and that version 1 did
 *  not know are left out; a new field of a type is therefore written only where it differs from its
 *  default. */
export function writtenNetwork(network: Network): Json {
  const { name, input, layers, output } = network;
  const { channels, height, width, scale, mean } = input;
  return {
    name,
    channels,
    // Version 1 knew square inputs only, one scale, mean images, and the last layer as the output.
    crop: alike([height, width]),
    inputScale: alike(scale),
    ...(mean === 'image' ? {} : { mean }),
    layers: layers.map(writtenLayer),
    ...(output === layers.at(-1)?.name ? {} : { output }),
  };
}

/** Numbers that are all equal are written as one. */
function alike(values: readonly number[]): Json {
  return values.every((value) => value === values[0]) ? (values[0] ?? null) : values;
}

/** Movement of a window: one stride and pad where both axes are alike; dilation only where there is
 *  any. */
function writtenSliding({ stride, pads, dilation }: Sliding): Members {
  return {
    stride: alike(stride),
    pad: alike(pads),
    ...(alike(dilation) === 1 ? {} : { dilation: alike(dilation) }),
  };
}

/** The schedule's written form, version 1; see {@link writtenNetwork}. */
export function writtenSchedule(schedule: Schedule): Json {
  const { batch, iterations, learningRate, gamma, steps, solver, testEvery } = schedule;
  const form = solverForms[solver.kind] as (solver: Solver) => Members;
  const { policy, warmup, labelSmoothing, clipNorm, noDecay } = schedule;
  return {
    ...{ batch, iterations, learningRate, gamma, steps },
    ...form(solver),
    ...(policy === undefined ? {} : { policy: { ...policy } }),
    ...(warmup === undefined ? {} : { warmup }),
    ...(labelSmoothing === undefined ? {} : { labelSmoothing }),
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(noDecay === undefined ? {} : { noDecay }),
    testEvery,
  };
}

/** How each solver is written. Version 1 knew one, without a name. */
const solverForms: { readonly [K in SolverName]: (settings: SolverSettingsMap[K]) => Members } = {
  sgd: ({ momentum, weightDecay, nesterov }) => ({
    momentum,
    weightDecay,
    ...(nesterov ? { nesterov } : {}),
  }),
  adamw: ({ beta1, beta2, epsilon, weightDecay }) => ({
    ...{ solver: 'adamw', beta1, beta2, epsilon, weightDecay },
  }),
};

/** How each kind of layer is written, without its inputs, which stand last. */
const layerForms: { readonly [K in LayerKind]: (layer: LayerMap[K]) => Members } = {
  convolution: ({ kind, name, outputs, kernel, groups, weight, bias, ...sliding }) => ({
    kind,
    name,
    outputs,
    kernel: alike(kernel),
    ...writtenSliding(sliding),
    groups,
    weight: writtenBlob(weight),
    bias: writtenOptional(bias),
  }),
  'inner-product': ({ kind, name, outputs, over, weight, bias }) => ({
    kind,
    name,
    outputs,
    ...(over === undefined ? {} : { over }),
    weight: writtenBlob(weight),
    bias: writtenOptional(bias),
  }),
  relu: ({ kind, name }) => ({ kind, name }),
  'max-pool': ({ kind, name, kernel, rounding, ...sliding }) => ({
    kind,
    name,
    kernel: alike(kernel),
    ...writtenSliding(sliding),
    ...(rounding === 'ceil' ? {} : { rounding }),
  }),
  lrn: ({ kind, name, size, alpha, beta, k }) => ({ kind, name, size, alpha, beta, k }),
  dropout: ({ kind, name, ratio }) => ({ kind, name, ratio }),
  activation: ({ kind, name, function: f, alpha, beta }) => ({
    kind,
    name,
    function: f,
    ...(alpha === undefined ? {} : { alpha }),
    ...(beta === undefined ? {} : { beta }),
  }),
  prelu: ({ kind, name, weight, shared }) => ({ kind, name, weight: writtenBlob(weight), shared }),
  add: ({ kind, name, coefficients }) => ({
    kind,
    name,
    ...(coefficients === undefined ? {} : { coefficients }),
  }),
  multiply: ({ kind, name }) => ({ kind, name }),
  affine: ({ kind, name, shape, weight, bias }) => ({
    kind,
    name,
    shape,
    weight: writtenOptional(weight),
    bias: writtenOptional(bias),
  }),
  parameter: ({ kind, name, shape, value }) => ({ kind, name, shape, value: writtenBlob(value) }),
  broadcast: ({ kind, name, batch }) => ({ kind, name, batch }),
  concat: ({ kind, name, axis }) => ({ kind, name, axis }),
  slice: ({ kind, name, axis, start, end, step }) => ({
    kind,
    name,
    axis,
    start,
    end,
    ...(step === undefined || step === 1 ? {} : { step }),
  }),
  pad: ({ kind, name, pads, value }) => ({ kind, name, pads, value }),
  reshape: ({ kind, name, shape }) => ({ kind, name, shape }),
  transpose: ({ kind, name, axes }) => ({ kind, name, axes }),
  matmul: ({ kind, name, transposeA = false, transposeB = false }) => ({
    kind,
    name,
    ...(transposeA ? { transposeA } : {}),
    ...(transposeB ? { transposeB } : {}),
  }),
  softmax: ({ kind, name, axis }) => ({ kind, name, axis }),
  'layer-norm': ({ kind, name, axes, epsilon, scale, shift }) => ({
    kind,
    name,
    axes,
    epsilon,
    scale: writtenOptional(scale),
    shift: writtenOptional(shift),
  }),
  'group-norm': ({ kind, name, groups, epsilon, scale, shift }) => ({
    kind,
    name,
    groups,
    epsilon,
    scale: writtenOptional(scale),
    shift: writtenOptional(shift),
  }),
  'batch-norm': ({ kind, name, epsilon, momentum, scale, shift }) => ({
    kind,
    name,
    epsilon,
    momentum,
    scale: writtenOptional(scale),
    shift: writtenOptional(shift),
  }),
  'average-pool': ({ kind, name, kernel, rounding, includePad, ...sliding }) => ({
    kind,
    name,
    kernel: alike(kernel),
    ...writtenSliding(sliding),
    rounding,
    includePad,
  }),
  mean: ({ kind, name, axes, keepDims }) => ({ kind, name, axes, keepDims }),
};

function writtenLayer(layer: Layer): Json {
  const form = layerForms[layer.kind] as (layer: Layer) => Members;
  return { ...form(layer), inputs: layer.inputs };
}

function writtenOptional(blob: Blob | null): Json {
  return blob === null ? null : writtenBlob(blob);
}

function writtenBlob({ filler, lrMult, decayMult }: Blob): Json {
  return { filler: writtenFiller(filler), lrMult, decayMult };
}

function writtenFiller(filler: Filler): Json {
  switch (filler.type) {
    case 'constant':
      return { type: filler.type, value: filler.value };
    case 'gaussian':
      return { type: filler.type, std: filler.std };
    case 'uniform':
      return { type: filler.type, min: filler.min, max: filler.max };
    case 'he':
    case 'xavier':
      return {
        type: filler.type,
        ...(filler.norm === undefined || filler.norm === 'fan-in' ? {} : { norm: filler.norm }),
      };
  }
}
