// onnxruntime's WebGPU provider on a few problems of each op: on the machine's own adapter, or on
// SwiftShader, which computes on the processor, where Chromium has brought it along.
import { existsSync } from 'node:fs';
import { createWebgpuExecutor } from '../../src/executors/onnx/index.js';
import { elementCount } from '../../src/tensor/tensor.js';
import { problemsByOp } from './cases/table.js';
import { testExecutor } from './test-executor.js';

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (process.env['VK_ICD_FILENAMES'] === undefined && existsSync(swiftShader)) {
  process.env['VK_ICD_FILENAMES'] = swiftShader;
}

// Software is slow: the smallest problems of each op.
const chosen = new Set(
  Object.values(problemsByOp).flatMap((problems) => {
    const size = ({ given }: (typeof problems)[number]): number =>
      Object.values(given).reduce((sum, { type }) => sum + elementCount(type.shape), 0);
    return problems.toSorted((a, b) => size(a) - size(b)).slice(0, 2);
  }),
);

testExecutor('webgpu', createWebgpuExecutor, {
  filter: ({ problem, arithmetic }) => arithmetic === 'direct' && chosen.has(problem),
});
