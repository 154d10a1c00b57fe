// The same folders inside a .tar or .tar.gz archive.
import { statSync } from 'node:fs';
import { type ImageSource, placeInSource, type SourceEntry } from '../source.js';
import { tarMembers } from './tar-members.js';

/** Opens an archive as a source. */
export function tarSource(path: string): ImageSource {
  const { size, mtimeMs } = statSync(path);
  return {
    path,
    recognised: 'an archive of folders train/<class>/ and val/<class>/',
    bytes: size,
    fingerprint: [size, mtimeMs],
    listing: null,
    entries: (onBytes) => tarEntries(path, onBytes),
  };
}

async function* tarEntries(
  path: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  for await (const member of tarMembers(path, onBytes)) {
    const place = placeInSource(member.name);
    if (place === null) continue;
    if (member.isFolder && place.name === '') {
      yield { kind: 'class', part: place.part, class: place.class };
    }
    if (member.isFolder || place.name === '') continue;
    const bytes = await member.contents();
    yield { kind: 'file', ...place, origin: path, read: () => Promise.resolve(bytes) };
  }
}
