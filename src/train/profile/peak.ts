// The yardsticks of a profile: a loop of multiply-adds between registers, which nothing can exceed,
// and the best rate of a large square matrix product, which is what a program can hope for. Same
// executor, process, precision and threads as the training.
import type { CompileOptions, Executor, LoopPeak } from '../../executors/executor.js';
import { ProgramBuilder } from '../../program/builder.js';
import type { Program } from '../../program/types.js';
import { f32 } from '../../tensor/tensor.js';

/** Best rate of `inner_product` of square matrices. */
export interface ProductRate {
  readonly flopsPerSecond: number;
  /** Rows = columns = depth of the product that reached it. */
  readonly size: number;
}

/** What an executor can do at most. */
export interface Peak {
  readonly loop: LoopPeak;
  readonly product: ProductRate;
}

const SIZES = [256, 1024, 2048];
const RUNS = 5;
// A product that would take longer at the rate of the one before (seconds, in the reference
// executor's JavaScript) is left out.
const LONGEST_MS = 1000;

/** Measures both; null if the executor does not profile. About two seconds. */
export async function measurePeak(
  executor: Executor,
  options: CompileOptions,
): Promise<Peak | null> {
  const product = await bestProduct(executor, options);
  if (product === null) return null;
  const unavailable = `the ${executor.info.name} executor has none`;
  return { loop: executor.measurePeak?.(options.precision) ?? { unavailable }, product };
}

/** The better of each of two measurements: beside other work, one alone may be far too low. */
export function betterPeak(a: Peak | null, b: Peak | null): Peak | null {
  if (a === null || b === null) return a ?? b;
  return { loop: betterLoop(a.loop, b.loop), product: faster(a.product, b.product) };
}

function betterLoop(a: LoopPeak, b: LoopPeak): LoopPeak {
  if ('unavailable' in a) return b;
  return 'unavailable' in b ? a : faster(a, b);
}

function faster<T extends { readonly flopsPerSecond: number }>(a: T, b: T): T {
  return a.flopsPerSecond > b.flopsPerSecond ? a : b;
}

async function bestProduct(
  executor: Executor,
  options: CompileOptions,
): Promise<ProductRate | null> {
  let best: ProductRate | null = null;
  for (const size of SIZES) {
    const flops = 2 * size ** 3;
    if (best !== null && (1000 * flops) / best.flopsPerSecond > LONGEST_MS) break;
    const ms = await bestMs(executor, options, size);
    if (ms === null) return null;
    const rate = { flopsPerSecond: flops / (ms / 1000), size };
    best = best === null ? rate : faster(best, rate);
  }
  return best;
}

async function bestMs(
  executor: Executor,
  options: CompileOptions,
  size: number,
): Promise<number | null> {
  const executable = await executor.compile({ peak: product(size) }, { ...options, profile: true });
  try {
    const matrix = Float32Array.from({ length: size * size }, (_, at) => ((at * 7) % 13) / 13);
    for (const slot of ['x', 'w']) await executable.write(slot, f32([size, size], matrix));
    await executable.write('b', f32([size]));
    let best: number | null = null;
    for (let run = 0; run < RUNS; run++) {
      await executable.run('peak', {}, {});
      const row = executable.profile().find(({ op }) => op === 'inner_product');
      if (row !== undefined) best = Math.min(best ?? Infinity, row.timeMs);
    }
    return best;
  } finally {
    executable.dispose();
  }
}

function product(size: number): Program {
  const builder = new ProgramBuilder();
  const network = builder.network('peak');
  const square = { dtype: 'f32', shape: [size, size] } as const;
  const x = builder.slot('x', square);
  const w = builder.slot('w', square);
  const b = builder.slot('b', { dtype: 'f32', shape: [size] });
  builder.output('y', builder.apply('inner_product', {}, [x, w, b]), network);
  return builder.finish();
}
