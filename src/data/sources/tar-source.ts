// The same folders inside a .tar or .tar.gz archive.
import { statSync } from 'node:fs';
import { type ImageSource, placeInSource, placeInTest, type SourceEntry } from '../source.js';
import type { SourceFile, TestPart } from '../source.js';
import { tarMembers } from './tar-members.js';

/** Opens an archive as a source. Its held-out part is read in a second pass, if there is one. */
export function tarSource(path: string): ImageSource {
  const { size, mtimeMs } = statSync(path);
  const seen = { test: true };
  return {
    path,
    recognised: 'an archive of folders train/<class>/ and val/<class>/',
    bytes: size,
    fingerprint: [size, mtimeMs],
    listing: null,
    entries: (onBytes) => tarEntries(path, onBytes, seen),
    test: tarTest(path, seen),
  };
}

async function* tarEntries(
  path: string,
  onBytes: (bytes: number) => void,
  seen: { test: boolean },
): AsyncGenerator<SourceEntry> {
  let hasTest = false;
  for await (const member of tarMembers(path, onBytes)) {
    hasTest ||= placeInTest(member.name) !== null;
    const place = placeInSource(member.name);
    if (place === null) continue;
    if (member.isFolder && place.name === '') {
      yield { kind: 'class', part: place.part, class: place.class };
    }
    if (member.isFolder || place.name === '') continue;
    const bytes = await member.contents();
    yield { kind: 'file', ...place, origin: path, read: () => Promise.resolve(bytes) };
  }
  seen.test = hasTest;
}

function tarTest(path: string, seen: { readonly test: boolean }): TestPart {
  return {
    listing: null,
    async *files(classes): AsyncGenerator<SourceFile> {
      // Its bytes were counted when it was read for the other parts.
      if (!seen.test) return;
      for await (const member of tarMembers(path)) {
        const place = member.isFolder ? null : placeInTest(member.name);
        if (place === null || place.name === '' || !classes.has(place.class)) continue;
        const bytes = await member.contents();
        yield { kind: 'file', ...place, origin: path, read: () => Promise.resolve(bytes) };
      }
    },
  };
}
