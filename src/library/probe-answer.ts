// What a probing worker prints: an executor's description, or why there is none. Both ends share
// this shape.
import { SelfferError } from '../base/errors.js';
import type { ExecutorInfo } from '../executors/executor.js';

/** Answer of a probe. */
export type ProbeAnswer =
  | { readonly info: ExecutorInfo }
  | { readonly code: string; readonly message: string; readonly hint?: string };

/** Prints the answer of `describe` as one JSON line. */
export async function printProbe(describe: () => Promise<ExecutorInfo>): Promise<void> {
  process.stdout.write(`${JSON.stringify(await answerOf(describe))}\n`);
}

async function answerOf(describe: () => Promise<ExecutorInfo>): Promise<ProbeAnswer> {
  try {
    return { info: await describe() };
  } catch (error) {
    if (!(error instanceof SelfferError)) return { code: 'native', message: String(error) };
    const { code, message, hint } = error;
    return hint === undefined ? { code, message } : { code, message, hint };
  }
}
