// Which files make up an IDX set, by their published names.
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DataError } from '../../base/errors.js';
import { partOfWord, partsByWord } from '../parts.js';
import { foldersIn, isFile, isFolder, visible } from './files.js';

/** Images and labels of one part: paths. */
export interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

/** The files of one set. */
export interface IdxSet {
  readonly train: IdxPair;
  readonly val: IdxPair;
  /** Class names (EMNIST), null if the set has none. */
  readonly mapping: string | null;
  /** Whether images are stored with rows and columns exchanged: EMNIST's are. */
  readonly isTransposed: boolean;
}

// "emnist-balanced-train-images-idx3-ubyte.gz": the prefix names the set. Some unpackers write
// ".idx3-ubyte", some systems capital letters.
const WORDS = [...Object.keys(partsByWord), 't10k'].join('|');
const FILE = new RegExp(`^(.*?)(${WORDS})[-_](images|labels)[-.]idx\\d-ubyte(\\.gz)?$`, 'i');
const MAPPING = /^(.+-)mapping\.txt$/i;

/** The set that a folder holds (itself, or in the only folder below it that has one, as torchvision
 *  unpacks it: MNIST/raw), or that a file belongs to; null if there is none.
 *  @throws DataError if files are missing or a folder holds several sets */
export function findIdxSet(path: string): IdxSet | null {
  const isFolder = statSync(path).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const own = isFolder ? null : prefixOf(basename(path));
  if (!isFolder && own === null) return null;
  // Plain files come before gzipped ones of the same name, and are taken.
  const names = visible(folder);
  const prefixes = new Set(names.filter((name) => FILE.test(name)).map((name) => prefixOf(name)));
  if (own !== null) return prefixes.has(own) ? filesOf(folder, own, names) : null;
  const [prefix, second] = prefixes;
  if (typeof prefix !== 'string') return setBelow(folder);
  if (second === undefined) return filesOf(folder, prefix, names);
  throw new DataError(
    `${folder}: ${prefixes.size} sets of IDX files (${[...prefixes].map((each) => `${each ?? ''}*`).join(', ')}), wanted one`,
    {
      hint: `Name one of them by one of its files, such as ${join(folder, names.find((name) => FILE.test(name)) ?? '')}.`,
    },
  );
}

const LEVELS = 2;

function setBelow(folder: string, levels = LEVELS): IdxSet | null {
  if (levels === 0) return null;
  const folders = foldersIn(folder);
  const [only, other] = folders.filter((name) => hasSet(join(folder, name), levels - 1));
  if (only === undefined || other !== undefined) return null;
  return findIdxSet(join(folder, only));
}

function hasSet(folder: string, levels: number): boolean {
  if (visible(folder).some((name) => FILE.test(name))) return true;
  return levels > 0 && foldersIn(folder).some((name) => hasSet(join(folder, name), levels - 1));
}

function prefixOf(name: string): string | null {
  return (FILE.exec(name) ?? MAPPING.exec(name))?.[1] ?? null;
}

function filesOf(folder: string, prefix: string, names: readonly string[]): IdxSet {
  const missing: string[] = [];
  const own = names.flatMap((name) => {
    const [, before, word = '', kind = ''] = FILE.exec(name) ?? [];
    const part = word.toLowerCase() === 't10k' ? 'test' : partOfWord(word);
    return before === prefix && part !== null ? [{ name, part, kind: kind.toLowerCase() }] : [];
  });
  // Images of a test split are for validation where there are no others.
  const stands = own.some(({ part }) => part === 'val') ? 'val' : 'test';
  const file = (part: 'train' | 'val', kind: 'images' | 'labels') => {
    const wanted = part === 'train' ? 'train' : stands;
    const found = own.find((each) => each.part === wanted && each.kind === kind);
    if (found === undefined) missing.push(`${part === 'train' ? 'train' : 't10k or test'}-${kind}`);
    return realFile(folder, found?.name ?? '');
  };
  const pair = (part: 'train' | 'val') => ({
    images: file(part, 'images'),
    labels: file(part, 'labels'),
  });
  const isTransposed = prefix.startsWith('emnist-');
  const hasMapping = names.includes(`${prefix}mapping.txt`);
  const [train, val] = [pair('train'), pair('val')];
  if (isTransposed && !hasMapping) missing.push('mapping.txt');
  if (missing.length > 0) {
    throw new DataError(`${folder}: the IDX files ${prefix}* lack ${missing.join(', ')}`, {
      hint: 'All files of a set must lie in one folder under the names they were published with.',
    });
  }
  const mapping = hasMapping ? realFile(folder, `${prefix}mapping.txt`) : null;
  return { train, val, mapping, isTransposed };
}

/** A file of the set; where it was unpacked into a folder of its own name, the one in there.
 *  @throws DataError if it is a link to nothing */
function realFile(folder: string, name: string): string {
  const path = join(folder, name);
  if (isFolder(path)) return isFile(join(path, name)) ? join(path, name) : path;
  if (name === '' || isFile(path)) return path;
  throw new DataError(`${path}: a link to nothing, or not a file that can be read`, {
    hint: 'Where git annex or dvc keeps the files elsewhere, git annex get or dvc pull brings them.',
  });
}
