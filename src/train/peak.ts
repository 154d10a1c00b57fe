// The yardstick of a profile: the best rate of a large square matrix product on the same executor, in the same process, with the
// same precision and threads. (A loop of fused multiply-adds would be higher still; from JavaScript it could only be written in WebAssembly,
// whose vectors of 128 bits say nothing about the machine's.)
import type { CompileOptions, Executor } from '../executors/executor.js';
import { ProgramBuilder } from '../program/builder.js';
import type { Program } from '../program/types.js';
import { f32 } from '../tensor/tensor.js';

/** Best rate measured. */
export interface Peak {
  readonly flopsPerSecond: number;
  /** Rows = columns = depth of the product that reached it. */
  readonly size: number;
}

const SIZES = [1024, 2048];
const RUNS = 5;

/** Times `inner_product` of square matrices; null if the executor does not profile. About a second. */
export function measurePeak(executor: Executor, options: CompileOptions): Peak | null {
  // A product that costs nothing first: an executor that tells no times should not do the large ones.
  if (bestMs(executor, options, 16, 1) === null) return null;
  let best: Peak | null = null;
  for (const size of SIZES) {
    const ms = bestMs(executor, options, size, RUNS);
    if (ms === null) continue;
    const flopsPerSecond = (2 * size ** 3) / (ms / 1000);
    if (best === null || flopsPerSecond > best.flopsPerSecond) best = { flopsPerSecond, size };
  }
  return best;
}

function bestMs(
  executor: Executor,
  options: CompileOptions,
  size: number,
  runs: number,
): number | null {
  const executable = executor.compile({ peak: product(size) }, { ...options, profile: true });
  try {
    const matrix = Float32Array.from({ length: size * size }, (_, at) => ((at * 7) % 13) / 13);
    for (const slot of ['x', 'w']) executable.write(slot, f32([size, size], matrix));
    executable.write('b', f32([size]));
    let best: number | null = null;
    for (let run = 0; run < runs; run++) {
      executable.run('peak', {}, { learningRate: 0, iteration: 0 });
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
