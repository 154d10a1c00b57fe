// Picks the binding that fits the library found on this machine.
import type { OneDnnEngine } from './engine.js';
import { loadOneDnn } from './library.js';
import { createV2Engine } from './v2/engine.js';

/** Opens oneDNN's CPU engine. @throws ExecutorMissingError if no usable library is found. */
export function openEngine(): OneDnnEngine {
  return createV2Engine(loadOneDnn());
}
