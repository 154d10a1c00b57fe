// 50 training iterations of tiny32 against an independent implementation (PyTorch, recorded by
// record_torch.py).
import { beforeAll, describe, expect, test } from 'vitest';
import type { Executor } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { tiny32 } from '../../src/net/presets/tiny32.js';
import { ProgramBuilder } from '../../src/program/builder.js';
import { differentiate } from '../../src/program/differentiate.js';
import type { Program, ValueId } from '../../src/program/types.js';
import { f32, i32 } from '../../src/tensor/tensor.js';
import { lowerNetwork } from '../../src/net/lower.js';
import {
  batchSize,
  initialParameters,
  minibatch,
  numClasses,
  type ParameterName,
  parameterShapes,
} from './fill.js';
import { readRecord } from './record.js';

const record = readRecord();
const names = Object.keys(parameterShapes) as ParameterName[];
const IMAGES = [batchSize, 3, 32, 32];

/** tiny32 without dropout, fed with normalised images, with the recorded solver. */
function trainingProgram(): Program {
  const { momentum, weightDecay, lrMult, decayMult } = record.solver;
  const builder = new ProgramBuilder();
  const network = builder.network('tiny32');
  const x = builder.feed('images', { dtype: 'f32', shape: IMAGES });
  const weights = new Map<string, ValueId>();
  const logits = lowerNetwork(builder, tiny32, x, {
    mode: 'test',
    classes: numClasses,
    dropoutStream: [],
    blob: (layer, { name: blob, shape }) => {
      const name = `${layer.name}.${blob}`;
      weights.set(name, builder.slot(name, { dtype: 'f32', shape }));
      return weights.get(name) as ValueId;
    },
  });
  const labels = builder.feed('labels', { dtype: 'i32', shape: [batchSize] });
  const loss = builder.apply('softmax_cross_entropy', {}, [logits, labels]);
  builder.output('loss', loss, network);
  const gradients = differentiate(builder, loss, [...weights.values()]);
  [...weights].forEach(([name, w], i) => {
    const kind = name.endsWith('.bias') ? 'bias' : 'weight';
    const v = builder.slot(`${name}/velocity`, builder.typeOf(w), name);
    const params = {
      momentum,
      lrMult: lrMult[kind],
      weightDecay: weightDecay * decayMult[kind],
    };
    const [w2, v2] = builder.emit('sgd_update', params, [w, v, gradients[i] as ValueId]);
    builder.setNext(name, w2 as ValueId, network);
    builder.setNext(`${name}/velocity`, v2 as ValueId, network);
  });
  return builder.finish();
}

/** Losses of all iterations and the final weights' distance from the initial ones. */
async function train(
  executor: Executor,
): Promise<{ losses: number[]; changes: Record<string, number> }> {
  const executable = await executor.compile(
    { train: trainingProgram() },
    { precision: 'fp32', exact: true },
  );
  const initial = initialParameters();
  for (const name of names) {
    await executable.write(name, f32(parameterShapes[name], initial[name]));
    await executable.write(`${name}/velocity`, f32(parameterShapes[name]));
  }
  const losses: number[] = [];
  for (let iteration = 0; iteration < record.numIterations; iteration++) {
    const { images, labels } = minibatch(iteration);
    const feeds = { images: f32(IMAGES, images), labels: i32([batchSize], labels) };
    const scalars = { learningRate: record.solver.lr, iteration };
    const outputs = await executable.run('train', feeds, scalars);
    losses.push(outputs.loss?.data[0] ?? Number.NaN);
  }
  const changes: Record<string, number> = {};
  for (const name of names) {
    const { data } = await executable.read(name);
    const squares = initial[name].map((value, i) => ((data[i] ?? Number.NaN) - value) ** 2);
    changes[name] = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  }
  executable.dispose();
  return { losses, changes };
}

const executors: [string, () => Executor, number][] = [
  // Weights and velocities are float32 between iterations in both; the reference's arithmetic is
  // float64.
  ['reference', createReferenceExecutor, 1e-6],
  ['onednn', createOnednnExecutor, 1e-5],
];

describe.each(executors)('%s', (_, makeExecutor, bound) => {
  let losses: readonly number[];
  let changes: Readonly<Record<string, number>>;

  beforeAll(async () => {
    ({ losses, changes } = await train(makeExecutor()));
  }, 600_000);

  test(`every loss is within ${bound} of PyTorch's`, () => {
    expect(losses).toHaveLength(record.numIterations);
    const deviations = losses.map((loss, i) => {
      const expected = record.float64.losses[i] ?? Number.NaN;
      return Math.abs(loss - expected) / expected;
    });
    expect(Math.max(...deviations)).toBeLessThan(bound);
  });

  test('every parameter has moved as far as in PyTorch', () => {
    for (const name of names) {
      const expected = record.float64.changeNorms[name];
      expect(Math.abs((changes[name] ?? Number.NaN) / expected - 1), name).toBeLessThan(1e-3);
    }
  });
});
