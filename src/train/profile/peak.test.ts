// The yardsticks of a profile on the machine at hand, and how two measurements become one.
import { expect, test } from 'vitest';
import { ExecutorMissingError } from '../../base/errors.js';
import type { Executor, LoopRate, Precision } from '../../executors/executor.js';
import { createOnednnExecutor } from '../../executors/onednn/index.js';
import { createReferenceExecutor } from '../../executors/reference/index.js';
import { betterPeak, measurePeak, type Peak, type ProductRate } from './peak.js';

const ATTEMPTS = 8;

function openExecutor(): Executor | null {
  try {
    return createOnednnExecutor();
  } catch (cause) {
    if (cause instanceof ExecutorMissingError) return null;
    throw cause;
  }
}

const executor = openExecutor();

const precisions: readonly Precision[] = ['fp32', 'bf16'];

test.for(precisions)(
  '%s: no matrix product is faster than the loop',
  async (precision, { skip }) => {
    if (executor === null) return skip('there is no oneDNN');
    if (!executor.info.precisions.includes(precision)) return skip(`no ${precision} here`);
    // On a busy machine one may have been measured at a better moment than the other: both get some
    // more chances.
    let peak: Peak | null = null;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      peak = betterPeak(peak, await measurePeak(executor, { precision, exact: false }));
      if (peak === null) throw new Error('the executor tells no times');
      if ('unavailable' in peak.loop) return skip(peak.loop.unavailable);
      if (peak.loop.flopsPerSecond > 0.95 * peak.product.flopsPerSecond) break;
    }
    const { loop, product } = peak as { loop: LoopRate; product: ProductRate };
    expect(loop.flopsPerSecond).toBeGreaterThan(0.95 * product.flopsPerSecond);
    // No processor with vector units of 512 bits does more than two instructions a cycle, at more
    // than 7 GHz.
    const most = executor.info.threads * 2 * (precision === 'bf16' ? 64 : 32) * 7e9;
    expect(loop.flopsPerSecond).toBeLessThan(most);
  },
);

test('the reference executor has a product, of a size that it does in time, and says that it has no loop', async () => {
  const started = performance.now();
  const peak = (await measurePeak(createReferenceExecutor(), {
    precision: 'fp32',
    exact: false,
  })) as Peak;
  expect(performance.now() - started).toBeLessThan(60_000);
  expect(peak.product.flopsPerSecond).toBeGreaterThan(1e6);
  expect(peak.loop).toEqual({ unavailable: 'the reference executor has none' });
});

test('of two measurements the better of each yardstick counts', () => {
  const made = (loop: Peak['loop'], flopsPerSecond: number): Peak => ({
    loop,
    product: { flopsPerSecond, size: flopsPerSecond },
  });
  const loop = (flopsPerSecond: number): LoopRate => ({ flopsPerSecond, instruction: 'i' });
  const none = { unavailable: 'none' };
  expect(betterPeak(made(loop(3), 1), made(loop(2), 2))).toEqual(made(loop(3), 2));
  expect(betterPeak(made(loop(2), 2), made(loop(3), 1))).toEqual(made(loop(3), 2));
  expect(betterPeak(made(none, 1), made(loop(2), 2))).toEqual(made(loop(2), 2));
  expect(betterPeak(made(loop(2), 2), made(none, 1))).toEqual(made(loop(2), 2));
  expect(betterPeak(null, made(none, 1))).toEqual(made(none, 1));
  expect(betterPeak(made(none, 1), null)).toEqual(made(none, 1));
});
