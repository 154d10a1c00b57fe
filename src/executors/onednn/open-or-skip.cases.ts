// For tests: oneDNN, or the reason why there is none.
import { ExecutorMissingError } from '../../base/errors.js';
import type { OneDnnEngine } from './engine.js';
import { openEngine } from './open-engine.js';

/** The engine, or undefined and a printable reason to skip. */
export function openOrSkip():
  { engine: OneDnnEngine; reason: '' } | { engine: undefined; reason: string } {
  try {
    return { engine: openEngine(), reason: '' };
  } catch (cause) {
    if (!(cause instanceof ExecutorMissingError)) throw cause;
    return { engine: undefined, reason: `${cause.message} (${cause.hint})` };
  }
}
