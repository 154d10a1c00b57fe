// Folders of images inside a .tar or .tar.gz archive.
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import type { ImageSource, SourceEntry, SourceFile, SourcePlace, TestPart } from '../source.js';
import { leftBehindIn } from './left-behind.js';
import { type ArchivePlaces, archivePlaces } from './archive-places.js';
import { type ArchiveMember, imageOf } from './archive-member.js';
import { tarMembers } from './tar-members.js';

/** Members of an archive, read anew at each call. */
type Members = (onBytes?: (bytes: number) => void) => AsyncIterable<ArchiveMember>;

/** Opens a .tar archive as a source. Its held-out part is read in a second pass, if there is
 *  one. */
export async function tarSource(path: string): Promise<ImageSource> {
  const { size, mtimeMs } = statSync(path);
  const recognised = 'an archive of folders train/<class>/ and val/<class>/';
  return archiveSource({ path, recognised, bytes: size, fingerprint: [size, mtimeMs] }, (onBytes) =>
    tarMembers(path, onBytes),
  );
}

/** Opens an archive of any kind as folders of images, however they are arranged. */
export async function archiveSource(
  facts: Pick<ImageSource, 'path' | 'recognised' | 'bytes' | 'fingerprint'>,
  members: Members,
): Promise<ImageSource> {
  const { path } = facts;
  const places = await archivePlaces(members);
  const seen = { test: true };
  return {
    ...facts,
    recognised: places.recognised ?? facts.recognised,
    listing: null,
    entries: (onBytes) => entriesOf(path, members(onBytes), places, seen),
    test: testPart(path, members, places, seen),
  };
}

async function* entriesOf(
  path: string,
  members: AsyncIterable<ArchiveMember>,
  places: ArchivePlaces,
  seen: { test: boolean },
): AsyncGenerator<SourceEntry> {
  let hasTest = false;
  const named = new Set<string>();
  for await (const member of members) {
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
    if (place === null || isSamePlace(place, member.linkTo, places.trained)) continue;
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
  placeOf: (path: string) => SourcePlace | null,
): boolean {
  const other = linkTo === null ? null : placeOf(linkTo);
  return other?.part === part && other.class === className && other.name === name;
}

/** Whether a member stands where a class should, and cannot be followed: the class must not vanish.
 *  Names with an extension are files beside the classes. */
function isLostClass({ name, isFolder, problem }: ArchiveMember): boolean {
  return !isFolder && problem !== null && extname(name) === '';
}

function testPart(
  path: string,
  members: Members,
  places: ArchivePlaces,
  seen: { readonly test: boolean },
): TestPart {
  return {
    listing: null,
    async *files(classes): AsyncGenerator<SourceFile> {
      // Its bytes were counted when it was read for the other parts.
      if (!seen.test) return;
      for await (const member of members()) {
        const place = member.isFolder ? null : places.held(member.name);
        if (place === null || place.name === '' || !classes.has(place.class)) continue;
        const isOther = leftBehindIn(member.name, false) !== null;
        if (isOther || isSamePlace(place, member.linkTo, places.held)) continue;
        yield { kind: 'file', ...place, origin: path, ...(await imageOf(member)) };
      }
    },
  };
}
