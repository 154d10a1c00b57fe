// Which files make up an IDX set, by their published names.
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DataError } from '../../base/errors.js';
import type { PartName } from '../parts.js';
import { visible } from './files.js';

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
// ".idx3-ubyte".
const FILE = /^(.*?)(train|t10k|test)-(images|labels)[-.]idx[13]-ubyte(\.gz)?$/;
const MAPPING = /^(.+-)mapping\.txt$/;

/** The set that a folder holds, or that a file belongs to; null if there is none.
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
  if (typeof prefix !== 'string') return null;
  if (second === undefined) return filesOf(folder, prefix, names);
  throw new DataError(
    `${folder}: ${prefixes.size} sets of IDX files (${[...prefixes].map((each) => `${each ?? ''}*`).join(', ')}), wanted one`,
    {
      hint: `Name one of them by one of its files, such as ${join(folder, names.find((name) => FILE.test(name)) ?? '')}.`,
    },
  );
}

function prefixOf(name: string): string | null {
  return (FILE.exec(name) ?? MAPPING.exec(name))?.[1] ?? null;
}

function filesOf(folder: string, prefix: string, names: readonly string[]): IdxSet {
  const missing: string[] = [];
  const file = (part: PartName, kind: 'images' | 'labels') => {
    const found = names.find((name) => {
      const match = FILE.exec(name);
      return (
        match?.[1] === prefix && match[3] === kind && (match[2] === 'train') === (part === 'train')
      );
    });
    if (found === undefined) missing.push(`${part === 'train' ? 'train' : 't10k or test'}-${kind}`);
    return join(folder, found ?? '');
  };
  const pair = (part: PartName) => ({ images: file(part, 'images'), labels: file(part, 'labels') });
  const isTransposed = prefix.startsWith('emnist-');
  const hasMapping = names.includes(`${prefix}mapping.txt`);
  const [train, val] = [pair('train'), pair('val')];
  if (isTransposed && !hasMapping) missing.push('mapping.txt');
  if (missing.length > 0) {
    throw new DataError(`${folder}: the IDX files ${prefix}* lack ${missing.join(', ')}`, {
      hint: 'All files of a set must lie in one folder under the names they were published with.',
    });
  }
  const mapping = hasMapping ? join(folder, `${prefix}mapping.txt`) : null;
  return { train, val, mapping, isTransposed };
}
