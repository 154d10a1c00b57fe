import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { testExecutor } from './test-executor.js';

testExecutor('onnx', createOnnxExecutor);
