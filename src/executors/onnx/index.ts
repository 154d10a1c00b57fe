// The portable executor: programs as ONNX graphs, computed by onnxruntime.
export { createOnnxExecutor } from './onnx-executor.js';
