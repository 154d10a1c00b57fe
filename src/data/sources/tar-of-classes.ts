// An archive of one part: images in folders of their classes, the part in the archive's name or its
// folder's ("train.tar" with n01440764/0001.jpg).
import { statSync } from 'node:fs';
import { DataError } from '../../base/errors.js';
import type { ImageSource, SourceEntry } from '../source.js';
import type { PartName } from '../parts.js';
import { leftBehindIn } from './left-behind.js';
import { imageOf, visibleName } from './archive-member.js';
import { tarMembers } from './tar-members.js';
import { partOfClassArchive } from './webdataset-keys.js';

/** Opens such an archive; images of a test split are for validation only where no other source is.
 *  @param depth folders above those of the classes
 *  @throws DataError if neither name says the part */
export function tarOfClasses(path: string, depth: 0 | 1): ImageSource {
  const part = partOfClassArchive(path);
  if (part === null) {
    throw new DataError(`${path}: neither its name nor its folder's says train or val`);
  }
  if (part !== 'test') return classesSource(path, part, depth);
  const asValidation = () => classesSource(path, 'val', depth);
  return { ...classesSource(path, part, depth), asValidation };
}

function classesSource(path: string, part: PartName, depth: 0 | 1): ImageSource {
  const { size, mtimeMs } = statSync(path);
  return {
    ...{ path, part },
    recognised: `an archive of folders <class>/, taken for ${part}`,
    bytes: size,
    fingerprint: ['tar of classes', part, depth, size, mtimeMs],
    listing: null,
    entries: (onBytes) => entriesOf(path, part, depth, onBytes),
  };
}

async function* entriesOf(
  path: string,
  part: PartName,
  depth: number,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  const named = new Set<string>();
  for await (const member of tarMembers(path, onBytes)) {
    const behind = leftBehindIn(member.name, member.isFolder);
    if (behind !== null && !named.has(behind.folder)) {
      named.add(behind.folder);
      yield { kind: 'left out', file: `${behind.folder}/`, origin: path, reason: behind.reason };
    }
    const segments = behind === null ? visibleName(member.name)?.split('/') : undefined;
    const [className, ...name] = segments?.slice(depth) ?? [];
    if (className === undefined) continue;
    if (member.isFolder) {
      if (name.length === 0) yield { kind: 'class', part, class: className };
    } else if (name.length > 0) {
      const place = { part, class: className, name: name.join('/'), origin: path };
      yield { kind: 'file', ...place, ...(await imageOf(member)) };
    }
  }
}
