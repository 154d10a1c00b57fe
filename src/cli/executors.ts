// The only place of src that picks executors. Each is loaded when it is asked for: a machine that
// cannot load one's native code still has the others.
import { UsageError } from '../base/errors.js';
import type { Executor } from '../executors/executor.js';
import { type ExecutorName, executorNames, isExecutorName } from '../executors/names.js';
import { requirePosix } from '../executors/onednn/platform.js';

/** Name -> opens that executor. Typed over ExecutorName: the compiler names one that is missing. */
const openers: { readonly [K in ExecutorName]: () => Promise<Executor> } = {
  onednn: async () => {
    requirePosix();
    return (await import('../executors/onednn/index.js')).createOnednnExecutor();
  },
  onnx: async () => (await import('../executors/onnx/index.js')).createOnnxExecutor(),
  webgpu: async () => (await import('../executors/onnx/index.js')).createWebgpuExecutor(),
  reference: async () =>
    (await import('../executors/reference/index.js')).createReferenceExecutor(),
};

/** Opens an executor. The environment of this process must be the one that its facts ask for.
 *  @throws UsageError if there is none of this name, ExecutorMissingError if this machine lacks
 *  it */
export async function openExecutor(name: string): Promise<Executor> {
  if (isExecutorName(name)) return openers[name]();
  throw new UsageError(
    `worker: no executor is called ${name}; there are ${executorNames.join(', ')}`,
  );
}
