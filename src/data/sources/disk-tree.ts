// The folders of a folder, as its arrangement needs them.
import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasImageName } from '../images/image-format.js';
import { inByteOrder } from '../classes/byte-order.js';
import type { Tree } from './arrange.js';
import { isFolder } from './files.js';
import { leftBehindBy } from './left-behind.js';

/** Looks at `path` and, when asked, at the folders in it. What cannot be looked at has nothing in
 *  it here: listing its files says why. */
export function diskTree(path: string): Tree {
  const children = new Map<string, Tree>();
  const entries = entriesOf(path).filter(
    ({ name }) => !name.startsWith('.') && leftBehindBy(name) === null,
  );
  const folders = entries.filter(
    (entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(path, entry.name))),
  );
  return {
    folders: inByteOrder(folders.map(({ name }) => name)),
    hasFiles: entries.some((entry) => !entry.isDirectory() && hasImageName(entry.name)),
    child: (name) => {
      const known = children.get(name) ?? diskTree(join(path, name));
      children.set(name, known);
      return known;
    },
  };
}

function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}
