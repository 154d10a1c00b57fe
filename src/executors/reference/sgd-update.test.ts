// The update against closed forms over many iterations, through a program and its slots.
import { expect, test } from 'vitest';
import { ProgramBuilder } from '../../program/builder.js';
import type { SgdParams } from '../../program/ops/params.js';
import { createReferenceExecutor } from './reference-executor.js';

const type = { dtype: 'f32', shape: [2] } as const;

/** w after each of the rates' iterations, from w = [1, -2], v = 0, with a constant gradient. */
async function weights(
  params: SgdParams,
  rates: readonly number[],
  gradient: number,
): Promise<number[][]> {
  const builder = new ProgramBuilder();
  const network = builder.network('net');
  const inputs = [builder.slot('w', type), builder.slot('v', type, 'w'), builder.feed('dw', type)];
  const [w, v] = builder.emit('sgd_update', params, inputs) as [number, number];
  builder.setNext('w', w, network);
  builder.setNext('v', v, network);
  const executable = await createReferenceExecutor({ state: 'f64' }).compile(
    { main: builder.finish() },
    { precision: 'fp32', exact: true },
  );
  await executable.write('w', { ...type, data: Float64Array.of(1, -2) });
  const dw = { ...type, data: Float64Array.of(gradient, gradient) };
  const found: number[][] = [];
  for (const [iteration, learningRate] of rates.entries()) {
    await executable.run('main', { dw }, { learningRate, iteration });
    found.push([...(await executable.read('w')).data]);
  }
  return found;
}

function expectClose(
  found: readonly number[][],
  wanted: (t: number, start: number) => number,
): void {
  found.forEach((row, index) => {
    expect(row[0]).toBeCloseTo(wanted(index + 1, 1), 12);
    expect(row[1]).toBeCloseTo(wanted(index + 1, -2), 12);
  });
}

test('momentum: w_t = w_0 - lr g (t - mu (1 - mu^t) / (1 - mu)) / (1 - mu)', async () => {
  const [mu, lr, g] = [0.9, 0.01, 3];
  const params = { lrMult: 1, momentum: mu, weightDecay: 0 };
  const found = await weights(params, Array<number>(30).fill(lr), g);
  const travelled = (t: number): number =>
    (lr * g * (t - (mu * (1 - mu ** t)) / (1 - mu))) / (1 - mu);
  expectClose(found, (t, start) => start - travelled(t));
});

test('weight decay alone: w_t = w_0 (1 - lr m wd)^t; the multiplier scales the rate', async () => {
  const params = { lrMult: 2, momentum: 0, weightDecay: 0.1 };
  const found = await weights(params, Array<number>(20).fill(0.05), 0);
  expectClose(found, (t, start) => start * (1 - 0.05 * 2 * 0.1) ** t);
});

test('momentum and decay: w_t follows the roots of z^2 - (1 + mu - lr m wd) z + mu', async () => {
  // w_{t+1} = w_t - v_{t+1} and v_{t+1} = mu v_t + a w_t, a = lr m wd: w_{t+1} = (1 + mu - a) w_t -
  // mu w_{t-1}, w_1 = (1 - a) w_0.
  const [mu, a] = [0.5, 0.2 * 0.5 * 0.3];
  const found = await weights(
    { lrMult: 0.5, momentum: mu, weightDecay: 0.3 },
    Array<number>(25).fill(0.2),
    0,
  );
  const half = (1 + mu - a) / 2;
  const root = Math.sqrt(half * half - mu);
  const [p, q] = [half + root, half - root];
  const share = (1 - a - q) / (p - q);
  expectClose(found, (t, start) => start * (share * p ** t + (1 - share) * q ** t));
});

test('the learning rate lies inside the velocity: after a drop of the rate old steps still count in full', async () => {
  const found = await weights({ lrMult: 1, momentum: 0.5, weightDecay: 0 }, [1, 0, 0], 1);
  // v: 1, 0.5, 0.25. With the rate outside the velocity w would stand still after the first step.
  expect(found.map((row) => row[0])).toEqual([0, -0.5, -0.75]);
});
