// ImageNet's own archives: a .tar that holds one .tar for each class ("n01440764.tar"), which holds
// the images.
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ImageSource, SourceEntry } from '../source.js';
import type { PartName } from '../parts.js';
import { isClassArchive } from './archive-kind.js';
import { imageOf, visibleName } from './archive-member.js';
import { tarMembers } from './tar-members.js';

/** Opens an archive of archives; all of it belongs to `part`. Names are as in extracted folders:
 *  class "n01440764", name "n01440764_10026.JPEG". Hidden files and what is not an archive are left
 *  out. */
export function tarOfTars(path: string, part: PartName): ImageSource {
  const { size, mtimeMs } = statSync(path);
  return {
    path,
    recognised: `an archive with an archive for each class, taken for ${part}`,
    bytes: size,
    fingerprint: ['tar of tars', part, size, mtimeMs],
    listing: null,
    entries: (onBytes) => entriesOf(path, part, onBytes),
  };
}

async function* entriesOf(
  path: string,
  part: PartName,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  for await (const inner of tarMembers(path, onBytes)) {
    if (inner.isFolder || !isClassArchive(inner.name)) continue;
    const className = basename(inner.name, '.tar');
    const origin = `${path} (${inner.name})`;
    yield { kind: 'class', part, class: className };
    for await (const member of inner.members()) {
      const name = visibleName(member.name);
      if (member.isFolder || name === null) continue;
      yield { kind: 'file', part, class: className, name, origin, ...(await imageOf(member)) };
    }
  }
}
