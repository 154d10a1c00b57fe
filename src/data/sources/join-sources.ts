// Several sources as one: the pieces of a data set that come in different forms.
import type { ImageSource } from '../source.js';

/** The entries of `pieces` one after another, as the source at `path`. */
export function joinSources(
  path: string,
  recognised: string,
  pieces: readonly ImageSource[],
): ImageSource {
  const listings = pieces.flatMap(({ listing }) => (listing === null ? [] : [listing]));
  return {
    path,
    recognised,
    bytes: pieces.reduce((sum, { bytes }) => sum + bytes, 0),
    fingerprint: pieces.map(({ fingerprint }) => fingerprint),
    listing: listings.length === pieces.length ? listings.flat() : null,
    async *entries(onBytes) {
      for (const piece of pieces) yield* piece.entries(onBytes);
    },
  };
}
