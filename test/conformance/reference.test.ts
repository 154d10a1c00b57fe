import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { elementCount } from '../../src/tensor/tensor.js';
import { testExecutor } from './test-executor.js';

// Against itself the reference proves only that it repeats itself and that no problem is
// mistrusted; its kernels are tested beside them. So small problems are enough.
testExecutor('reference', () => createReferenceExecutor(), {
  filter: ({ problem }) =>
    Object.values(problem.given).every(({ type }) => elementCount(type.shape) < 20_000),
});
