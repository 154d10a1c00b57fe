// All that the sources of one data set hold, the held-out part last: by then its classes are known.
import type { ImageSource, SourceEntry } from '../source.js';

/** Classes and files of all sources: training and validation in the sources' order, then the files
 *  of the test part that belong to a class that was met.
 *  @throws DataError if an archive is damaged */
export async function* everyEntry(
  sources: readonly ImageSource[],
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  const classes = new Set<string>();
  for (const source of sources) {
    for await (const entry of source.entries(onBytes)) {
      if (entry.kind !== 'left out') classes.add(entry.class);
      yield entry;
    }
  }
  for (const { test } of sources) if (test !== undefined) yield* test.files(classes, onBytes);
}

/** The same without reading anything; null unless all sources know theirs. */
export function everyListedEntry(sources: readonly ImageSource[]): readonly SourceEntry[] | null {
  const entries: SourceEntry[] = [];
  const add = (some: readonly SourceEntry[]) => {
    for (const entry of some) entries.push(entry);
  };
  for (const { listing } of sources) {
    if (listing === null) return null;
    add(listing);
  }
  const classes = classesOf(entries);
  for (const { test } of sources) {
    if (test === undefined) continue;
    if (test.listing === null) return null;
    add(test.listing.filter((file) => classes.has(file.class)));
  }
  return entries;
}

/** The classes of some entries. */
export function classesOf(entries: readonly SourceEntry[]): ReadonlySet<string> {
  return new Set(entries.flatMap((entry) => (entry.kind === 'left out' ? [] : [entry.class])));
}
