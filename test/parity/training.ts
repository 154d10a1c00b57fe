// The training of the parity tests: a preset without dropout, fed with normalised images.
import type { Executor } from '../../src/executors/executor.js';
import type { BlobSpec } from '../../src/net/layers/blob.js';
import { lowerNetwork } from '../../src/net/lower.js';
import type { Network } from '../../src/net/network.js';
import { presets } from '../../src/net/presets/table.js';
import { ProgramBuilder } from '../../src/program/builder.js';
import { differentiate } from '../../src/program/differentiate.js';
import type { Program, ValueId } from '../../src/program/types.js';
import { f32, i32, type Shape } from '../../src/tensor/tensor.js';
import { initialTensor, minibatch, type TrainedName } from './fill.js';
import { readRecord } from './record.js';

/** A parameter or running statistic by the name that PyTorch has for it. */
export interface Tensor {
  readonly name: string;
  readonly shape: Shape;
  readonly spec: BlobSpec;
}

/** The preset without its dropout layers, at the recorded size. */
function networkOf(name: TrainedName): Network {
  const { side } = readRecord(name);
  const preset: Network = presets[name];
  const instead = new Map<string, string>();
  const layers = preset.layers.flatMap((layer) => {
    const inputs = layer.inputs.map((input) => instead.get(input) ?? input);
    if (layer.kind !== 'dropout') return [{ ...layer, inputs }];
    instead.set(layer.name, inputs[0] as string);
    return [];
  });
  return { ...preset, input: { ...preset.input, height: side, width: side }, layers };
}

interface Training {
  readonly program: Program;
  readonly tensors: readonly Tensor[];
}

/** The training step by the recorded solver and the preset's own multipliers. */
function trainingOf(name: TrainedName): Training {
  const { solver, batchSize, numClasses, side } = readRecord(name);
  const builder = new ProgramBuilder();
  const network = builder.network(name);
  const x = builder.feed('images', { dtype: 'f32', shape: [batchSize, 3, side, side] });
  const values = new Map<string, { readonly spec: BlobSpec; readonly value: ValueId }>();
  const logits = lowerNetwork(builder, networkOf(name), x, {
    mode: 'train',
    classes: numClasses,
    dropoutStream: [],
    blob: (layer, spec) => {
      const slot = `${layer.name}.${spec.name}`;
      const value = builder.slot(slot, { dtype: 'f32', shape: spec.shape });
      values.set(slot, { spec, value });
      return value;
    },
    setStatistic: (layer, blob, next) => builder.setNext(`${layer.name}.${blob}`, next, network),
  });
  const labels = builder.feed('labels', { dtype: 'i32', shape: [batchSize] });
  const loss = builder.apply('softmax_cross_entropy', {}, [logits, labels]);
  builder.output('loss', loss, network);
  const learned = [...values].filter(([, { spec }]) => spec.role === 'learned');
  const inputs = learned.map(([, { value }]) => value);
  const gradients = differentiate(builder, loss, inputs);
  learned.forEach(([slot, { spec, value }], i) => {
    const velocity = builder.slot(`${slot}/velocity`, builder.typeOf(value), slot);
    const params = {
      momentum: solver.momentum,
      lrMult: spec.lrMult,
      weightDecay: solver.weightDecay * spec.decayMult,
    };
    const emitted = builder.emit('sgd_update', params, [value, velocity, gradients[i] as ValueId]);
    builder.setNext(slot, emitted[0] as ValueId, network);
    builder.setNext(`${slot}/velocity`, emitted[1] as ValueId, network);
  });
  const tensors = [...values].map(([slot, { spec }]) => ({ name: slot, shape: spec.shape, spec }));
  return { program: builder.finish(), tensors };
}

/** All parameters and statistics of a network, in layer order. */
export function parametersOf(name: TrainedName): readonly Tensor[] {
  return trainingOf(name).tensors;
}

/** What came of training. */
export interface Trained {
  readonly losses: readonly number[];
  /** |w - initial w| of every parameter and statistic. */
  readonly changes: Readonly<Record<string, number>>;
}

/** Trains for so many iterations. */
export async function train(
  executor: Executor,
  name: TrainedName,
  iterations: number,
): Promise<Trained> {
  const record = readRecord(name);
  const { program, tensors } = trainingOf(name);
  const executable = await executor.compile({ train: program }, { precision: 'fp32', exact: true });
  for (const { name: slot, shape, spec } of tensors) {
    await executable.write(slot, f32(shape, initialTensor(name, slot, shape)));
    if (spec.role === 'learned') await executable.write(`${slot}/velocity`, f32(shape));
  }
  const losses: number[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const { images, labels } = minibatch(iteration, record);
    const { batchSize, side } = record;
    const feeds = {
      images: f32([batchSize, 3, side, side], images),
      labels: i32([batchSize], labels),
    };
    const scalars = { learningRate: record.solver.lr, iteration };
    const outputs = await executable.run('train', feeds, scalars);
    losses.push(outputs['loss']?.data[0] ?? Number.NaN);
  }
  const changes: Record<string, number> = {};
  for (const { name: slot, shape } of tensors) {
    const { data } = await executable.read(slot);
    const squares = initialTensor(name, slot, shape).map(
      (value, i) => ((data[i] ?? Number.NaN) - value) ** 2,
    );
    changes[slot] = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  }
  executable.dispose();
  return { losses, changes };
}
