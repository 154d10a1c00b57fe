import { expect, test, vi } from 'vitest';
import { ExecutorMissingError, UsageError } from '../base/errors.js';
import { executorNames, executorsFor, firstExecutor } from '../executors/names.js';
import { openExecutor } from './executors.js';

test.for(executorNames)('%s opens as the executor of that name', async (name, { skip }) => {
  const executor = await openExecutor(name).catch((error: unknown) => {
    if (error instanceof ExecutorMissingError) return skip(error.message);
    throw error;
  });
  expect(executor.info.name).toBe(name);
});

test.for(['gpu', 'toString', ''])('%j is refused with the names there are', async (name) => {
  await expect(openExecutor(name)).rejects.toThrow(UsageError);
  await expect(openExecutor(name)).rejects.toThrow(/there are onednn, onnx, webgpu, reference/);
});

test('what is taken to be the choice of auto is one that auto may choose', () => {
  expect(executorsFor('work')[0]).toBe(firstExecutor);
});

test('oneDNN is refused on Windows before its bindings are loaded', async () => {
  vi.stubGlobal('process', { ...process, platform: 'win32' });
  await expect(openExecutor('onednn')).rejects.toThrow(/found Windows/);
  vi.unstubAllGlobals();
});
