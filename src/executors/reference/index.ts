// The reference executor: what other floors may import.
export { createReferenceExecutor, type ReferenceOptions } from './reference-executor.js';
export type { Kernel, KernelCall, KernelTable } from './kernel.js';
export type { StateDtype } from './slot-store.js';
export { referenceKernels } from './table.js';
