// The portable executor in suites that run on every executor. Most of them run on it with the slow
// tests only (test/portable.slow.test.ts): it is slow, and the conformance kit comes first.
import { ExecutorMissingError } from '../src/base/errors.js';
import { createOnnxExecutor } from '../src/executors/onnx/index.js';

/** Why the portable executor is not there; '' where it is. */
export const portableIsMissing = whyMissing();

function whyMissing(): string {
  try {
    createOnnxExecutor();
    return '';
  } catch (error) {
    if (error instanceof ExecutorMissingError) return error.message;
    throw error;
  }
}

/** `rows` where the portable executor is there, else none. */
export function ifPortable<T>(rows: readonly T[]): readonly T[] {
  return portableIsMissing === '' ? rows : [];
}

/** A suite's rows: `usual` ones, and with the slow tests those of the portable executor alone. */
export function rowsOf<T>(usual: readonly T[], portable: readonly T[]): readonly T[] {
  return process.env['SELFFER_SLOW'] === '1' ? ifPortable(portable) : usual;
}
