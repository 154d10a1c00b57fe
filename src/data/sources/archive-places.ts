// Where the members of an archive belong.
import { DataError } from '../../base/errors.js';
import { hasImageName } from '../images/image-format.js';
import { partOfWord } from '../parts.js';
import { placeInSource, placeInTest, type SourcePlace } from '../source.js';
import { type ArchiveMember, visibleName } from './archive-member.js';
import { arrange, placeIn } from './arrange.js';
import { leftBehindIn } from './left-behind.js';
import { treeOfPaths } from './path-tree.js';

/** How an archive is arranged. */
export interface ArchivePlaces {
  readonly recognised: string;
  /** The place of a member in training and validation; null for all others. */
  trained(name: string): SourcePlace | null;
  /** Its place in the held-out part. */
  held(name: string): SourcePlace | null;
}

/** Folders `train/<class>/` and `val/<class>/`, wherever they are in the archive. */
const usual = { trained: placeInSource, held: placeInTest };
const USUAL = 'folders train/<class>/ and val/<class>/';

/** Members of an archive, read anew at each call. */
export type Members = (onBytes?: (bytes: number) => void) => AsyncIterable<ArchiveMember>;

/** Reads an archive up to its first image; to its end, without the files, if that does not lie in
 *  `train/<class>/`, `val/<class>/` or `test/<class>/`: all names are needed then.
 *  @param what how the archive is called
 *  @throws DataError if it is damaged */
export async function archivePlaces(members: Members, what: string): Promise<ArchivePlaces> {
  if (await isUsual(members)) return { ...usual, recognised: `${what} of ${USUAL}` };
  const names: string[] = [];
  for await (const { name, isFolder } of members()) {
    const visible = leftBehindIn(name, isFolder) === null ? visibleName(name) : null;
    if (visible !== null) names.push(isFolder ? `${visible}/` : visible);
  }
  const arrangement = arrange(treeOfPaths(names));
  if (arrangement === null) return { ...usual, recognised: `${what} of ${USUAL}` };
  const place = (name: string): SourcePlace | null => {
    const visible = visibleName(name);
    return visible === null ? null : placeIn(arrangement, visible);
  };
  return {
    recognised: `${what} of ${arrangement.recognised}`,
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
async function isUsual(members: Members): Promise<boolean> {
  try {
    return await beginsUsual(members);
  } catch (error) {
    if (error instanceof DataError) return true;
    throw error;
  }
}

async function beginsUsual(members: Members): Promise<boolean> {
  for await (const { name, isFolder } of members()) {
    if (isFolder || !hasImageName(name)) continue;
    const place = placeInSource(name) ?? placeInTest(name);
    if (place === null || place.name === '') return false;
    // `train/images/<class>/` and `train/train/<class>/`: the class is further down.
    const isLevel = /^(images?|imgs?|data)$/i.test(place.class) || partOfWord(place.class) !== null;
    return !(isLevel && place.name.includes('/'));
  }
  return true;
}
