// What is said of validation images that a network is trained on.
import type { StoreHeader } from './store-index.js';

/** A sentence; null if there are none. */
export function leakText({ leaked }: Pick<StoreHeader, 'leaked'>): string | null {
  if (leaked === undefined) return null;
  const { images, of, examples } = leaked;
  return `${images} of ${of} validation images are training images too, byte by byte (${examples[0]}): accuracies will be too high. data info lists all of a packed store.`;
}
