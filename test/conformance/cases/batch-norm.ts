// Batch normalisation over minibatch and stored statistics with backward ops, and running averages.
// sc and sf 0: no scale, no shift.
import type { Descriptor } from '../descriptor.js';
import { inputShape, parseDescriptor } from '../descriptor.js';
import { feed, type Problem, slot, type Wanted } from '../problem.js';

const lines = [
  'bnorm mb4ic16ih8eps1e-5n"resnet20, first stage"',
  'bnorm mb3ic32ih5iw7eps1e-5n"not square"',
  'bnorm mb2ic20ih6eps1e-3n"20 channels"',
  'bnorm mb2ic3ih9eps1e-5n"3 channels"',
  'bnorm mb16ic64eps1e-5n"after an inner product"',
  'bnorm mb4ic16ih5sc0eps1e-5n"no scale"',
  'bnorm mb4ic16ih5sf0eps1e-5n"no shift"',
  'bnorm mb4ic24ih5sc0sf0eps1e-5n"neither"',
];

// A channel's sums have up to 256 terms; the differences in dx and in y cancel by up to a digit.
const wanted: Wanted = { limit: { type: 'norm', factor: 32 } };

interface Named {
  readonly params: { epsilon: number; hasScale: boolean; hasShift: boolean };
  readonly shape: readonly number[];
  readonly affine: readonly ('scale' | 'shift')[];
}

function named(descriptor: Descriptor): Named {
  const [hasScale, hasShift] = [descriptor.get('sc', 1) === 1, descriptor.get('sf', 1) === 1];
  return {
    params: { epsilon: descriptor.get('eps'), hasScale, hasShift },
    shape: inputShape(descriptor),
    affine: [...(hasScale ? ['scale' as const] : []), ...(hasShift ? ['shift' as const] : [])],
  };
}

const given = ({ shape, affine }: Named, names: readonly string[]): Problem['given'] => ({
  x: feed(shape, { amplitude: 3 }),
  dy: feed(shape),
  ...Object.fromEntries([...names, ...affine].map((name) => [name, slot([shape[1] as number])])),
});

/** Everything that both ops give. */
export const batchNormProblems: readonly Problem[] = lines.map((line) => {
  const all = named(parseDescriptor(line));
  const { params, affine } = all;
  const outputs = ['y', 'mean', 'variance', 'dx', ...affine.map((name) => `d${name}`)];
  return {
    line,
    fills: ['reals'],
    given: given(all, []),
    build: (builder, values) => {
      const { x, dy, scale } = values;
      const blobs = affine.map((name) => values[name]!);
      const [y, mean, variance] = builder.emit('batch_norm', params, [x!, ...blobs]);
      const read = [x!, dy!, mean!, variance!, ...(params.hasScale ? [scale!] : [])];
      const results = [y, mean, variance, ...builder.emit('batch_norm_backward', params, read)];
      return { outputs: Object.fromEntries(outputs.map((name, i) => [name, results[i]!])) };
    },
    wanted: Object.fromEntries(outputs.map((name) => [name, wanted])),
  };
});

/** As above with stored statistics, whose variance may be as low as -1 here: epsilon is 2. The ReLU
 *  of y is what a frozen layer is mostly asked for. */
export const batchNormInferenceProblems: readonly Problem[] = lines.map((text) => {
  const line = text.replace('bnorm', 'bnorm_stored').replace(/eps1e-\d/, 'eps2');
  const all = named(parseDescriptor(line));
  const { params, affine } = all;
  const outputs = ['y', 'relu', 'dx', ...affine.map((name) => `d${name}`)];
  return {
    line,
    fills: ['reals'],
    given: { ...given(all, ['mean', 'variance']), z: feed(all.shape) },
    build: (builder, values) => {
      const { x, z, dy, mean, variance, scale } = values;
      const stored = [mean!, variance!, ...affine.map((name) => values[name]!)];
      const y = builder.apply('batch_norm_inference', params, [x!, ...stored]);
      const other = builder.apply('batch_norm_inference', params, [z!, ...stored]);
      const read = [x!, dy!, mean!, variance!, ...(params.hasScale ? [scale!] : [])];
      const gradients = builder.emit('batch_norm_inference_backward', params, read);
      const results = [y, builder.apply('relu', {}, [other]), ...gradients];
      return { outputs: Object.fromEntries(outputs.map((name, i) => [name, results[i]!])) };
    },
    wanted: Object.fromEntries(outputs.map((name) => [name, wanted])),
  };
});

/** The next value, in the slot of the old one and as an output. */
export const runningAverageProblems: readonly Problem[] = [
  'average ic16m0.1f1n"a mean"',
  'average ic31m0.1f1.25n"an unbiased variance"',
  'average ic4m1f1n"the last minibatch alone"',
].map((line) => {
  const { get } = parseDescriptor(line);
  const params = { momentum: get('m'), factor: get('f') };
  const limit: Wanted = { limit: { type: 'sum', factor: 4 } };
  return {
    line,
    fills: ['reals'],
    given: { old: slot([get('ic')]), found: feed([get('ic')]) },
    build: (builder, { old, found }) => {
      const next = builder.apply('running_average', params, [old!, found!]);
      const other = builder.apply('running_average', params, [found!, found!]);
      return { outputs: { other }, next: { old: next } };
    },
    wanted: { old: limit, other: limit },
  };
});
