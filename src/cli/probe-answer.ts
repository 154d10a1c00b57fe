// What a probing worker prints: an executor's description, or why there is none. Both ends share
// this shape.
import { SelfferError } from '../base/errors.js';
import type { ExecutorInfo } from '../executors/executor.js';

/** Answer of a probe. */
export type ProbeAnswer =
  | { readonly info: ExecutorInfo }
  | { readonly code: string; readonly message: string; readonly hint?: string };

/** Prints the answer of `describe` as one JSON line. */
export function printProbe(describe: () => ExecutorInfo): void {
  process.stdout.write(`${JSON.stringify(answerOf(describe))}\n`);
}

function answerOf(describe: () => ExecutorInfo): ProbeAnswer {
  try {
    return { info: describe() };
  } catch (error) {
    if (!(error instanceof SelfferError)) return { code: 'native', message: String(error) };
    const { code, message, hint } = error;
    return hint === undefined ? { code, message } : { code, message, hint };
  }
}
