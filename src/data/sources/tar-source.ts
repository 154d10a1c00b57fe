// Folders of images inside a .tar or .tar.gz archive.
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import type { ImageSource, SourceEntry, SourceFile, SourcePlace, TestPart } from '../source.js';
import { leftBehindIn } from './left-behind.js';
import { type TarPlaces, tarPlaces } from './tar-places.js';
import { imageOf, type TarMember, tarMembers } from './tar-members.js';

/** Opens an archive as a source. Its held-out part is read in a second pass, if there is one. */
export async function tarSource(path: string): Promise<ImageSource> {
  const places = await tarPlaces(path);
  const { size, mtimeMs } = statSync(path);
  const seen = { test: true };
  return {
    path,
    recognised: places.recognised,
    bytes: size,
    fingerprint: [size, mtimeMs],
    listing: null,
    entries: (onBytes) => tarEntries(path, places, onBytes, seen),
    test: tarTest(path, places, seen),
  };
}

async function* tarEntries(
  path: string,
  places: TarPlaces,
  onBytes: (bytes: number) => void,
  seen: { test: boolean },
): AsyncGenerator<SourceEntry> {
  let hasTest = false;
  const named = new Set<string>();
  for await (const member of tarMembers(path, onBytes)) {
    hasTest ||= places.held(member.name) !== null;
    const behind = leftBehindIn(member.name, member.isFolder);
    if (behind !== null) {
      const { folder, reason } = behind;
      if (named.has(folder)) continue;
      named.add(folder);
      yield { kind: 'left out', file: `${folder}/`, origin: path, reason };
      continue;
    }
    const place = places.trained(member.name);
    if (place === null || isSamePlace(place, member.linkTo, places)) continue;
    if (place.name === '' && (member.isFolder || isLostClass(member))) {
      yield { kind: 'class', part: place.part, class: place.class };
    }
    if (member.isFolder || (place.name === '' && !isLostClass(member))) continue;
    yield { kind: 'file', ...place, origin: path, ...(await imageOf(member)) };
  }
  seen.test = hasTest;
}

// A link to a folder above the parts offers each image once more, at the same place.
function isSamePlace(
  { part, class: className, name }: SourcePlace,
  linkTo: string | null,
  places: TarPlaces,
) {
  const other = linkTo === null ? null : places.trained(linkTo);
  return other?.part === part && other.class === className && other.name === name;
}

/** Whether a member stands where a class should, and cannot be followed: the class must not vanish.
 *  Names with an extension are files beside the classes. */
function isLostClass({ name, isFolder, problem }: TarMember): boolean {
  return !isFolder && problem !== null && extname(name) === '';
}

function tarTest(path: string, places: TarPlaces, seen: { readonly test: boolean }): TestPart {
  return {
    listing: null,
    async *files(classes): AsyncGenerator<SourceFile> {
      // Its bytes were counted when it was read for the other parts.
      if (!seen.test) return;
      for await (const member of tarMembers(path)) {
        const place = member.isFolder ? null : places.held(member.name);
        if (place === null || place.name === '' || !classes.has(place.class)) continue;
        yield { kind: 'file', ...place, origin: path, ...(await imageOf(member)) };
      }
    },
  };
}
