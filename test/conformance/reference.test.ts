import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { testExecutor } from './test-executor.js';

// Against itself the reference proves only that it repeats itself and that no problem is mistrusted; its kernels are tested beside them.
testExecutor('reference', () => createReferenceExecutor());
