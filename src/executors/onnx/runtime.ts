// Finds onnxruntime-node, which is an optional dependency: it brings binaries for some platforms
// only.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { ExecutorMissingError } from '../../base/errors.js';

/** The package. */
export type Runtime = typeof import('onnxruntime-node');

/** Loads onnxruntime-node, once per process.
 *  @throws ExecutorMissingError if it is not installed or has no binary for this machine; `hint`
 *  installs it */
export function loadRuntime(): Runtime {
  try {
    return createRequire(import.meta.url)('onnxruntime-node') as Runtime;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new ExecutorMissingError(`onnx: onnxruntime-node cannot be loaded: ${said}`, {
      cause,
      hint: `ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@${VERSION}`,
    });
  }
}

/** The version that package.json asks for. */
const VERSION = '1.30.0';

/** Threads that a process is to compute with: OMP_NUM_THREADS, else all cores. */
export function threadsAsked(): number {
  const asked = Number(process.env['OMP_NUM_THREADS']);
  return Number.isInteger(asked) && asked > 0 ? asked : availableParallelism();
}
