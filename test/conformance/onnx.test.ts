import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { elementCount } from '../../src/tensor/tensor.js';
import { testExecutor } from './test-executor.js';

// All problems: onnx.slow.test.ts.
testExecutor('onnx', createOnnxExecutor, {
  filter: ({ problem, arithmetic }) =>
    arithmetic === 'direct' &&
    Object.values(problem.given).every(({ type }) => elementCount(type.shape) < 5_000),
});
