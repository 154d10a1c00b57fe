import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { elementCount } from '../../src/tensor/tensor.js';
import { type KitOptions, testExecutor } from './test-executor.js';

const isSmall: KitOptions['filter'] = ({ problem, arithmetic }) =>
  arithmetic === 'direct' &&
  Object.values(problem.given).every(({ type }) => elementCount(type.shape) < 5_000);

// All problems: onnx.slow.test.ts.
testExecutor('onnx', createOnnxExecutor, { filter: isSmall });

// What a processor whose convolutions are not on blocks computes.
testExecutor('onnx without blocks', () => createOnnxExecutor({ blocked: false }), {
  filter: (check) => isSmall(check) && check.line.startsWith('conv '),
});
