// Picks the binding that fits the library found on this machine.
import type { OneDnnEngine } from './engine.js';
import { loadOneDnn } from './library.js';
import { createV2Engine } from './v2/engine.js';
import { createV3Engine } from './v3/engine.js';

/** Opens oneDNN's CPU engine. @throws ExecutorMissingError if no usable library is found. */
export function openEngine(): OneDnnEngine {
  const library = loadOneDnn();
  return library.version.major === 2 ? createV2Engine(library) : createV3Engine(library);
}
