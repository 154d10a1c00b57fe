// A source of which only some classes are taken, as if it had no others.
import type { ImageSource, SourceEntry } from '../source.js';

/** The source without entries of other classes than `classes`. */
export function onlyClasses(source: ImageSource, classes: ReadonlySet<string>): ImageSource {
  const isWanted = (entry: SourceEntry) => entry.kind === 'left out' || classes.has(entry.class);
  const { test } = source;
  const held = test && {
    listing: test.listing?.filter(isWanted) ?? null,
    files: (known: ReadonlySet<string>, onBytes: (bytes: number) => void) =>
      test.files(new Set([...known].filter((name) => classes.has(name))), onBytes),
  };
  return {
    ...source,
    listing: source.listing?.filter(isWanted) ?? null,
    async *entries(onBytes) {
      for await (const entry of source.entries(onBytes)) if (isWanted(entry)) yield entry;
    },
    ...(held === undefined ? {} : { test: held }),
  };
}
