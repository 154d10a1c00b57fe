// One training step of a network as a program: logits, loss, the gradient of every learned blob,
// and the blobs after the solver's update.
import { lowerNetwork } from '../../src/net/lower.js';
import type { BlobSpec, Filler } from '../../src/net/layers/blob.js';
import type { Network } from '../../src/net/network.js';
import { ProgramBuilder } from '../../src/program/builder.js';
import { differentiate } from '../../src/program/differentiate.js';
import type { Program, ValueId } from '../../src/program/types.js';
import { elementCount, type HostTensor, type TensorType } from '../../src/tensor/tensor.js';
import type { Executor, Precision } from '../../src/executors/executor.js';
import { filled } from '../conformance/fill.js';

/** A step's program and what it reads. */
export interface TrainingStep {
  readonly program: Program;
  readonly feeds: Readonly<Record<string, HostTensor>>;
  readonly slots: Readonly<Record<string, HostTensor>>;
  /** Names of the outputs that are gradients. */
  readonly gradients: readonly string[];
  /** Slots that the step updates. */
  readonly updated: readonly string[];
}

const solver = { lrMult: 1, momentum: 0.9, weightDecay: 0.01 };

/** The step of a minibatch of made images, for `classes` classes. Outputs: logits, loss, "d " +
 *  blob for each learned blob. */
export function trainingStep(network: Network, batch: number, classes: number): TrainingStep {
  const builder = new ProgramBuilder();
  const index = builder.network(network.name);
  const { channels, height, width } = network.input;
  const xType: TensorType = { dtype: 'f32', shape: [batch, channels, height, width] };
  const labelsType: TensorType = { dtype: 'i32', shape: [batch] };
  const slots: Record<string, HostTensor> = {};
  const updated: string[] = [];
  const learned: { readonly name: string; readonly value: ValueId }[] = [];
  const logits = lowerNetwork(builder, network, builder.feed('x', xType), {
    mode: 'train',
    classes,
    dropoutStream: ['training step'],
    setStatistic: (layer, blob, next) => {
      updated.push(`${layer.name}.${blob}`);
      builder.setNext(`${layer.name}.${blob}`, next, index);
    },
    blob: (layer, spec) => {
      const name = `${layer.name}.${spec.name}`;
      slots[name] = blobValues(`${network.name} ${name}`, spec);
      const value = builder.slot(name, { dtype: 'f32', shape: spec.shape });
      if (spec.role === 'learned') learned.push({ name, value });
      return value;
    },
  });
  const labels = builder.feed('labels', labelsType);
  const loss = builder.apply('softmax_cross_entropy', {}, [logits, labels]);
  builder.output('logits', logits, index);
  builder.output('loss', loss, index);
  const values = learned.map(({ value }) => value);
  differentiate(builder, loss, values).forEach((gradient, at) => {
    const { name, value } = learned[at] as (typeof learned)[number];
    if (gradient === null) return;
    builder.output(`d ${name}`, gradient, index);
    const type = builder.typeOf(value);
    slots[`v ${name}`] = filled(`${network.name} v ${name}`, type, { amplitude: 0.01 }, 'reals');
    const velocity = builder.slot(`v ${name}`, type, name);
    const [next, nextVelocity] = builder.emit('sgd_update', solver, [value, velocity, gradient]);
    builder.setNext(name, next as ValueId, index);
    builder.setNext(`v ${name}`, nextVelocity as ValueId, index);
    updated.push(name, `v ${name}`);
  });
  return {
    program: builder.finish(),
    feeds: {
      x: filled(`${network.name} x`, xType, {}, 'reals'),
      labels: filled(`${network.name} labels`, labelsType, { below: classes }, 'reals'),
    },
    slots,
    gradients: learned.map(({ name }) => `d ${name}`),
    updated,
  };
}

/** Uniform numbers of the filler's size: constants with some noise, so that nothing is
 *  symmetric. */
export function blobValues(name: string, { shape, filler }: BlobSpec): HostTensor {
  const [centre, amplitude] = spread(filler, shape);
  const noise = filled(name, { dtype: 'f32', shape }, { amplitude }, 'reals');
  return { ...noise, data: new Float32Array(noise.data).map((value) => centre + value) };
}

function spread(filler: Filler, shape: readonly number[]): readonly [number, number] {
  switch (filler.type) {
    case 'constant':
      return [filler.value, 0.25];
    case 'gaussian':
    case 'uniform':
      return [0, 0.5];
    case 'he':
      return [0, Math.sqrt(6 / elementCount(shape.slice(1)))];
    case 'xavier':
      return [0, Math.sqrt(3 / elementCount(shape.slice(1)))];
  }
}

/** All outputs of a step on an executor, and the slots that it updates as they are after it. */
export async function runStep(
  { program, feeds, slots, updated }: TrainingStep,
  executor: Executor,
  precision: Precision = 'fp32',
): Promise<Record<string, HostTensor>> {
  const executable = await executor.compile({ train: program }, { precision, exact: true });
  try {
    for (const [name, tensor] of Object.entries(slots)) await executable.write(name, tensor);
    const outputs = await executable.run('train', feeds, { iteration: 0, learningRate: 0.1 });
    const after: Record<string, HostTensor> = {};
    for (const name of updated) after[`next ${name}`] = await executable.read(name);
    return { ...outputs, ...after };
  } finally {
    executable.dispose();
  }
}
