// Every executor by name, with what must be known of one before it is opened. Other floors import
// this file, so it loads no executor and no native code (npm run layers).
import { openMpEnvironment } from './onednn/environment.js';
import { onnxEnvironment } from './onnx/environment.js';

/** What is known of an executor by its name alone. */
export interface ExecutorFacts {
  /** `work`: for studies; `--executor auto` takes the first of the table that the machine has.
   *  `asked`: for studies that ask for it by name. `yardstick`: what others are compared with:
   *  needs nothing, but is slow. */
  readonly purpose: 'work' | 'asked' | 'yardstick';
  /** Variables that the environment of a process must have before it starts, to compute with
   *  `threads` threads. */
  readonly environment: (threads: number) => Readonly<Record<string, string>>;
  /** How it compares with the first of the table, where that was measured: half a sentence. */
  readonly slowness?: string;
  /** FLOPs a second of a whole study on `threads` threads, as long as none have been measured. */
  readonly assumedFlopsPerSecond: (threads: number) => number;
}

/** Name -> facts, the fastest first. src/cli/executors.ts opens them. */
export const executorTable = {
  onednn: {
    purpose: 'work',
    environment: openMpEnvironment,
    // Small layers and pooling included; a good core does about 100 GFLOP/s in large convolutions.
    assumedFlopsPerSecond: (threads) => 40e9 * threads,
  },
  onnx: {
    purpose: 'work',
    environment: onnxEnvironment,
    // bench/results/2026-11-27-step-blocks
    slowness: 'a training step takes 1.5 to 2.8 times as long as with onednn',
    assumedFlopsPerSecond: (threads) => 15e9 * threads,
  },
  // Run only on an adapter that is software: nothing is known of its speed.
  webgpu: {
    purpose: 'asked',
    environment: onnxEnvironment,
    assumedFlopsPerSecond: () => 15e9,
  },
  reference: {
    purpose: 'yardstick',
    environment: () => ({}),
    assumedFlopsPerSecond: () => 0.3e9, // one thread of JavaScript
  },
} as const satisfies Record<string, ExecutorFacts>;

/** Name of an executor. @useDeclaredType */
export type ExecutorName = keyof typeof executorTable;

/** All names, in the order of the table. */
export const executorNames = Object.keys(executorTable) as readonly ExecutorName[];

/** True if there is an executor of this name. */
export function isExecutorName(name: string): name is ExecutorName {
  return Object.hasOwn(executorTable, name);
}

/** Names of one purpose, in the order of the table. */
export function executorsFor(purpose: ExecutorFacts['purpose']): readonly ExecutorName[] {
  return executorNames.filter((name) => executorTable[name].purpose === purpose);
}

/** What `auto` will be on a machine that has everything: for estimates before anything is
 *  opened. */
export const firstExecutor = executorNames[0] as ExecutorName;
