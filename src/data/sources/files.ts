// Files below a folder, as every source that reads folders lists them.
import { readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../base/errors.js';
import { inByteOrder } from '../classes/byte-order.js';

/** A file that was found; a link to nothing is one too, and says so when it is read. */
export interface FoundFile {
  /** Path below the folder, with "/" between folders. */
  readonly name: string;
  /** Bytes; -1 if it cannot be looked at. */
  readonly size: number;
  /** Time of the last change in milliseconds; -1 if it cannot be looked at. */
  readonly mtimeMs: number;
  /** Its bytes. @throws DataError with a short reason */
  read(): Promise<Uint8Array>;
}

/** All files below `folder`, deeper folders included, in byte order, without hidden ones; none if
 *  it is not there. Links are followed, except those that lead back up.
 *  @throws DataError if a folder cannot be listed */
export function filesBelow(folder: string): FoundFile[] {
  const found: FoundFile[] = [];
  // `above`: folders on the way here, to see links that lead back up.
  const walk = (name: string, above: readonly string[]) => {
    const here = realpathSync(join(folder, name));
    if (above.includes(here)) return;
    for (const child of visible(join(folder, name))) {
      const childName = name === '' ? child : `${name}/${child}`;
      const file = join(folder, childName);
      const stats = follow(file);
      if (stats?.isDirectory()) walk(childName, [...above, here]);
      else {
        const { size = -1, mtimeMs = -1 } = stats ?? {};
        found.push({ name: childName, size, mtimeMs, read: () => readRegular(file, stats) });
      }
    }
  };
  if (isFolder(folder)) walk('', []);
  return found;
}

// Reading a pipe or a device would wait for ever.
async function readRegular(file: string, stats: Stats | undefined): Promise<Uint8Array> {
  if (stats !== undefined && !stats.isFile()) {
    throw new DataError('not a regular file (a pipe, socket or device)');
  }
  try {
    return await readFile(file);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new DataError(`the file cannot be read (${READ_FAILURES[code] ?? code})`, { cause });
  }
}

const READ_FAILURES: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  ENOENT: 'it is gone, or a link to nothing',
  ELOOP: 'a link that leads to itself',
  EIO: 'the disk reports an error',
};

/** Names in a folder in byte order, without hidden ones; none if it is not there.
 *  @throws DataError if it cannot be listed */
export function visible(folder: string): string[] {
  if (!isFolder(folder)) return [];
  try {
    return inByteOrder(readdirSync(folder).filter((name) => !name.startsWith('.')));
  } catch (cause) {
    throw new DataError(`${folder}: this folder cannot be listed`, {
      hint: 'Change its permissions so that you can read it, or move it out of the data set.',
      cause,
    });
  }
}

/** Names of the folders in a folder, in byte order, without hidden ones; none if it is not there.
 *  @throws DataError if it cannot be listed */
export function foldersIn(folder: string): string[] {
  return visible(folder).filter((name) => isFolder(join(folder, name)));
}

/** Whether `path` is a folder, or a link to one. */
export function isFolder(path: string): boolean {
  return follow(path)?.isDirectory() ?? false;
}

/** Whether `path` is a file that can be read, or a link to one. */
export function isFile(path: string): boolean {
  return follow(path)?.isFile() ?? false;
}

// Links are followed: data sets are often put together from links.
function follow(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a link to itself, or a folder without permission: reading it will say so
  }
}
