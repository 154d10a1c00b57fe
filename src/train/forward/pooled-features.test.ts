import { expect, test } from 'vitest';
import { createReferenceExecutor } from '../../executors/reference/index.js';
import { ProgramBuilder } from '../../program/builder.js';
import { elementCount, f32, type Shape } from '../../tensor/tensor.js';
import { pooledFeatures } from './pooled-features.js';

/** Features of [N,...] activations that count up from 0. */
async function features(shape: Shape) {
  const builder = new ProgramBuilder();
  const id = builder.network('n');
  const x = builder.feed('x', { dtype: 'f32', shape });
  builder.output('y', pooledFeatures(builder, x), id);
  const executor = createReferenceExecutor();
  const executable = await executor.compile(
    { main: builder.finish() },
    { precision: 'fp32', exact: true },
  );
  const numbers = Float32Array.from({ length: elementCount(shape) }, (_, at) => at);
  const { y } = await executable.run('main', { x: f32(shape, numbers) }, {});
  return { shape: y?.shape, values: [...(y?.data ?? [])] };
}

test('many channels: the mean of each', async () => {
  const { shape, values } = await features([2, 1024, 2, 2]);
  expect(shape).toEqual([2, 1024]);
  expect(values.slice(0, 2)).toEqual([1.5, 5.5]);
  expect(values[1024]).toBe(1024 * 4 + 1.5);
});

test('fewer channels: means over a grid whose windows cover all', async () => {
  // 2048 / 512 = 2 x 2 windows; 5 rows are two windows of 3, 4 columns two of 2.
  const { shape, values } = await features([1, 512, 5, 4]);
  expect(shape).toEqual([1, 2048]);
  const mean = (...numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const wanted = [
    mean(0, 1, 4, 5, 8, 9),
    mean(2, 3, 6, 7, 10, 11),
    mean(8, 9, 12, 13, 16, 17),
    mean(10, 11, 14, 15, 18, 19),
  ];
  wanted.forEach((value, at) => expect(values[at]).toBeCloseTo(value, 12));
});

test.each([
  [
    [3, 2, 4, 5],
    [3, 40],
  ],
  [
    [2, 2048, 1, 1],
    [2, 2048],
  ],
  [
    [2, 4096, 1, 1],
    [2, 4096],
  ],
  [
    [2, 5000],
    [2, 5000],
  ],
  // One row: as many windows along it as a square grid would have.
  [
    [1, 512, 1, 9],
    [1, 1024],
  ],
])('%j gives %j', async (given, wanted) => {
  expect((await features(given)).shape).toEqual(wanted);
});

test('tokens: the mean over them', async () => {
  expect(await features([1, 3, 2])).toEqual({ shape: [1, 2], values: [2, 3] });
});
