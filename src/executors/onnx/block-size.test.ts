import { describe, expect, test } from 'vitest';
import { ExecutorMissingError } from '../../base/errors.js';
import { blockSizeOf } from './block-size.js';
import { loadRuntime, type Runtime } from './runtime.js';
import type { SessionSetting } from './session.js';

function runtimeOr(skip: (why: string) => never): Runtime {
  try {
    return loadRuntime();
  } catch (error) {
    if (error instanceof ExecutorMissingError) return skip(error.message);
    throw error;
  }
}

const setting = (runtime: Runtime): SessionSetting => ({ runtime, provider: 'cpu', threads: 1 });

describe('the size of blocks', () => {
  test('is that of a vector of the processor', async (context) => {
    if (process.arch !== 'x64') return context.skip(`not used on ${process.arch}`);
    const runtime = runtimeOr((why) => context.skip(why));
    expect([8, 16]).toContain(await blockSizeOf(setting(runtime)));
  });

  test('is 0 where onnxruntime has no such operators', async () => {
    const refuse = (): Promise<never> => Promise.reject(new Error('No Op registered'));
    const runtime = { InferenceSession: { create: refuse } } as unknown as Runtime;
    expect(await blockSizeOf(setting(runtime))).toBe(0);
  });

  test('is 0 for other providers', async (context) => {
    const runtime = runtimeOr((why) => context.skip(why));
    expect(await blockSizeOf({ ...setting(runtime), provider: 'webgpu' })).toBe(0);
  });
});
