// The portable executor: programs as ONNX graphs, computed by onnxruntime.
export { createOnnxExecutor, createWebgpuExecutor } from './onnx-executor.js';
