// Finds onnxruntime-node. As an optional dependency it may be missing: it brings binaries for some
// platforms only, and npm leaves it out where its install script cannot download. `selffer setup`
// then puts a copy into the cache.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ExecutorMissingError } from '../../base/errors.js';
import { fetchedRuntime } from './fetched.js';

/** The package. */
export type Runtime = typeof import('onnxruntime-node');

/** Loads onnxruntime-node, once per process.
 *  @throws ExecutorMissingError if it is not installed or has no binary for this machine; `hint`
 *  installs it */
export function loadRuntime(): Runtime {
  const { folder, name } = fetchedRuntime();
  const problems = new Set<string>();
  for (const from of [import.meta.url, join(folder, 'package.json')]) {
    try {
      return createRequire(from)(name) as Runtime;
    } catch (cause) {
      problems.add(String(cause instanceof Error ? cause.message.split('\n')[0] : cause));
    }
  }
  throw new ExecutorMissingError(`onnx: ${name} cannot be loaded: ${[...problems].join('; ')}`, {
    hint: 'Install it: npm install onnxruntime-node. `selffer setup` does where there is no oneDNN.',
  });
}

/** Threads that a process is to compute with: OMP_NUM_THREADS, else all cores. */
export function threadsAsked(): number {
  const asked = Number(process.env['OMP_NUM_THREADS']);
  return Number.isInteger(asked) && asked > 0 ? asked : availableParallelism();
}
