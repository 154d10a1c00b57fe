// 50 training iterations against an independent implementation (PyTorch, recorded by
// record_torch.py and record_training.py).
import { beforeAll, describe, expect, test } from 'vitest';
import type { Executor } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import type { TrainedName } from './fill.js';
import { rowsOf } from '../portable.js';
import { readRecord } from './record.js';
import { type Trained, train } from './training.js';

interface Run {
  readonly network: TrainedName;
  readonly executor: string;
  readonly make: () => Executor;
  /** Of the relative distance of every loss. */
  readonly bound: number;
  /** Of the relative distance of how far every tensor moved. */
  readonly moved: number;
  /** The reference executor is slow: fewer, if given. */
  readonly iterations?: number;
}

// Weights and velocities are float32 between iterations in both; the reference's arithmetic is
// float64.
const reference = {
  executor: 'reference',
  make: createReferenceExecutor,
  bound: 1e-6,
  moved: 1e-3,
};
const onednn = { executor: 'onednn', make: createOnednnExecutor };
const onnx = { executor: 'onnx', make: createOnnxExecutor };
// Every batch norm divides by a deviation that rounding moves: PyTorch's own float32 parts from its
// float64 by 7e-4 (resnet20) and 1e-2 (mobilenet-v2) of a movement.
const usual: readonly Run[] = [
  { network: 'tiny32', ...reference },
  { network: 'tiny32', ...onednn, bound: 1e-5, moved: 1e-3 },
  { network: 'resnet20', ...reference, iterations: 5 },
  { network: 'resnet20', ...onednn, bound: 1e-5, moved: 5e-3 },
  { network: 'mobilenet-v2', ...reference, iterations: 2 },
  { network: 'mobilenet-v2', ...onednn, bound: 1e-4, moved: 3e-2 },
];
const runs = rowsOf(
  usual,
  usual.flatMap((run) => (run.executor === 'onednn' ? { ...run, ...onnx } : [])),
);

describe.each(runs)('$network on $executor', ({ network, make, bound, moved, iterations }) => {
  const record = readRecord(network);
  const count = iterations ?? record.numIterations;
  let trained: Trained;

  beforeAll(async () => {
    trained = await train(make(), network, count);
  }, 600_000);

  test(`every loss is within ${bound} of PyTorch's`, () => {
    expect(trained.losses).toHaveLength(count);
    const deviations = trained.losses.map((loss, i) => {
      const expected = record.float64.losses[i] ?? Number.NaN;
      return Math.abs(loss - expected) / expected;
    });
    expect(Math.max(...deviations)).toBeLessThan(bound);
  });

  test.skipIf(count < record.numIterations)(
    'every parameter and running statistic has moved as far as in PyTorch',
    () => {
      const { changeNorms, finalNorms } = record.float64;
      expect(Object.keys(trained.changes).sort()).toEqual(Object.keys(changeNorms).sort());
      for (const [name, change] of Object.entries(trained.changes)) {
        const [expected = Number.NaN, size = Number.NaN] = [changeNorms[name], finalNorms[name]];
        // Each of the updates rounds a value to float32, at random: they add up as their root.
        const rounding = Math.sqrt(count) * 2 ** -24 * size;
        const distance = Math.abs(change - expected);
        expect(distance, name).toBeLessThanOrEqual(moved * expected + rounding);
      }
    },
  );
});
