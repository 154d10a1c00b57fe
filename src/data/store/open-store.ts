// Opens what was made ready. Apart from store.ts, so that workers and loader threads do not load
// what decodes images.
import { GLYPHS } from '../glyphs/glyphs.js';
import { glyphSet } from './glyph-set.js';
import type { ImageSet, SharedStore } from '../image-set.js';
import { IN_MEMORY_BYTES, openImages } from './open-images.js';

/** Opens what `prepareStore` made ready: the path of a store, or `glyphs`.
 *  @param shared the `shared` of the same store as another thread has opened it: nothing of it is
 *  read again
 *  @throws DataError if it is missing or damaged */
export function openStore(path: string, shared?: SharedStore): ImageSet {
  return path === GLYPHS ? glyphSet() : openImages(path, IN_MEMORY_BYTES, shared);
}
