// Where the members of an archive belong.
import { DataError } from '../../base/errors.js';
import { hasImageName } from '../images/image-format.js';
import { partOfWord } from '../parts.js';
import { placeInSource, placeInTest, type SourcePlace } from '../source.js';
import { arrange, placeIn } from './arrange.js';
import { leftBehindIn } from './left-behind.js';
import { treeOfPaths } from './path-tree.js';
import { type ArchiveMember, visibleName } from './archive-member.js';

/** How an archive is arranged. */
export interface ArchivePlaces {
  /** What the archive was taken for, if not what it usually is. */
  readonly recognised?: string;
  /** The place of a member in training and validation; null for all others. */
  trained(name: string): SourcePlace | null;
  /** Its place in the held-out part. */
  held(name: string): SourcePlace | null;
}

/** Folders `train/<class>/` and `val/<class>/`, wherever they are in the archive. */
const usual: ArchivePlaces = {
  trained: placeInSource,
  held: placeInTest,
};

/** Reads an archive up to its first image; to its end, without the files, if that does not lie in
 *  `train/<class>/`, `val/<class>/` or `test/<class>/`: all names are needed then.
 *  @throws DataError if the archive is damaged */
export async function archivePlaces(
  members: () => AsyncIterable<ArchiveMember>,
): Promise<ArchivePlaces> {
  if (await isUsual(members())) return usual;
  const names: string[] = [];
  for await (const { name, isFolder } of members()) {
    const visible = leftBehindIn(name, isFolder) === null ? visibleName(name) : null;
    if (visible !== null) names.push(isFolder ? `${visible}/` : visible);
  }
  const arrangement = arrange(treeOfPaths(names));
  if (arrangement === null) return usual;
  const place = (name: string): SourcePlace | null => {
    const visible = visibleName(name);
    return visible === null ? null : placeIn(arrangement, visible);
  };
  return {
    recognised: `an archive of ${arrangement.recognised}`,
    trained: (name) => unless(place(name), 'test'),
    held: (name) => {
      const found = place(name);
      return found?.part === 'test' ? found : null;
    },
  };
}

function unless(place: SourcePlace | null, part: 'test'): SourcePlace | null {
  return place?.part === part ? null : place;
}

// A damaged archive is one for now: reading it says what is wrong.
async function isUsual(members: AsyncIterable<ArchiveMember>): Promise<boolean> {
  try {
    return await beginsUsual(members);
  } catch (error) {
    if (error instanceof DataError) return true;
    throw error;
  }
}

async function beginsUsual(members: AsyncIterable<ArchiveMember>): Promise<boolean> {
  for await (const { name, isFolder } of members) {
    if (isFolder || !hasImageName(name)) continue;
    const place = placeInSource(name) ?? placeInTest(name);
    if (place === null || place.name === '') return false;
    // `train/images/<class>/` and `train/train/<class>/`: the class is further down.
    const isLevel = /^(images?|imgs?|data)$/i.test(place.class) || partOfWord(place.class) !== null;
    return !(isLevel && place.name.includes('/'));
  }
  return true;
}
