// Folders of images inside an archive.
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import type { ImageSource, SourceEntry, SourceFile, SourcePlace, TestPart } from '../source.js';
import { type ArchivePlaces, archivePlaces, type Members } from './archive-places.js';
import { leftBehindIn } from './left-behind.js';
import { type ArchiveMember, imageOf } from './archive-member.js';
import { tarMembers } from './tar-members.js';

/** Opens a .tar archive as a source. Its held-out part is read in a second pass, if there is
 *  one. */
export function tarSource(path: string): Promise<ImageSource> {
  const { size, mtimeMs } = statSync(path);
  const facts = { path, bytes: size, fingerprint: [size, mtimeMs] };
  return archiveSource(facts, 'an archive', (onBytes) => tarMembers(path, onBytes));
}

/** Opens an archive of any kind as folders of images.
 *  @param what how it is called
 *  @throws DataError (rejects) if it is damaged, or two of its folders are named as the same
 *  part */
export async function archiveSource(
  facts: Pick<ImageSource, 'path' | 'bytes' | 'fingerprint'>,
  what: string,
  members: Members,
): Promise<ImageSource> {
  const { path } = facts;
  const places = await archivePlaces(members, what);
  const seen = { test: true };
  return {
    ...facts,
    recognised: places.recognised,
    listing: null,
    entries: (onBytes) => entriesOf(path, places, members(onBytes), seen),
    test: testPart(path, places, members, seen),
  };
}

async function* entriesOf(
  path: string,
  places: ArchivePlaces,
  members: AsyncIterable<ArchiveMember>,
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
  places: ArchivePlaces,
  members: Members,
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
