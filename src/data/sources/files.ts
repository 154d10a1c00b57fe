// Files below a folder, as every source that reads folders lists them.
import { readdirSync, readlinkSync, realpathSync, statSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DataError } from '../../base/errors.js';
import { inByteOrder } from '../classes/byte-order.js';
import { readImage, refuseLeftBehind } from './image-bytes.js';
import { leftBehindBy, leftBehindReason } from './left-behind.js';

/** A file that was found; a link to nothing is one too, and says so when it is read. */
export interface FoundFile {
  /** Path below the folder, with "/" between folders. */
  readonly name: string;
  /** Bytes; -1 if it cannot be looked at. */
  readonly size: number;
  /** Time of the last change in milliseconds; -1 if it cannot be looked at. */
  readonly mtimeMs: number;
  /** Its bytes, if it begins as an image does. @throws DataError with a short reason */
  read(): Promise<Uint8Array>;
}

/** A path; bytes where a name in it is not UTF-8. */
type Path = string | Buffer;

/** A file or folder in a folder. */
interface Child {
  /** Its name as text; what is not UTF-8 shows as U+FFFD. */
  readonly name: string;
  readonly path: Path;
}

/** Told of a folder that is not looked into: its path below the folder that is read, and why. */
export type OnLeftOut = (name: string, reason: string) => void;

/** All files below `folder`, deeper folders included, in byte order, without hidden ones and what
 *  systems leave behind; none if it is not there. Links are followed, except those that lead back
 *  up.
 *  @throws DataError if a folder cannot be listed */
export function filesBelow(folder: Path, onLeftOut: OnLeftOut = () => undefined): FoundFile[] {
  const found: FoundFile[] = [];
  // `above`: folders on the way here, to see links that lead back up.
  const walk = (path: Path, name: string, above: readonly string[]) => {
    const here = realpathSync.native(path, 'buffer').toString('latin1');
    if (above.includes(here)) return;
    for (const child of childrenOf(path)) {
      const childName = name === '' ? child.name : `${name}/${child.name}`;
      const stats = follow(child.path);
      const by = leftBehindBy(child.name);
      if (stats?.isDirectory() && by !== null) onLeftOut(childName, leftBehindReason(by));
      else if (child.name.startsWith('.')) continue;
      else if (stats?.isDirectory()) walk(child.path, childName, [...above, here]);
      else {
        const { size = -1, mtimeMs = -1 } = stats ?? {};
        const read = () => readRegular(child.path, stats, by);
        found.push({ name: childName, size, mtimeMs, read });
      }
    }
  };
  if (isFolder(folder)) walk(folder, '', []);
  return found;
}

/** Folders of classes in `folder`, in byte order; none if it is not there.
 *  @throws DataError if it cannot be listed, or a name without an extension cannot be followed: a
 *  class would vanish */
export function classFolders(folder: string, onLeftOut: OnLeftOut): Child[] {
  if (!isFolder(folder)) return [];
  return childrenOf(folder).filter(({ name, path }) => {
    const by = leftBehindBy(name);
    const stats = follow(path);
    if (by === null && name.startsWith('.')) return false;
    if (stats === undefined && by === null && extname(name) === '') refuseLost(path, folder, name);
    if (by !== null && stats?.isDirectory()) onLeftOut(name, leftBehindReason(by));
    return by === null && stats?.isDirectory() === true;
  });
}

function refuseLost(path: Path, folder: string, name: string): never {
  let target: string | null = null;
  try {
    target = readlinkSync(path);
  } catch {
    // No link: something on the way cannot be looked at.
  }
  const what = target === null ? 'cannot be looked at' : `a link to nothing (${target})`;
  throw new DataError(`${join(folder, name)}: ${what}, wanted the folder of a class`, {
    hint: 'Mend the link or the permissions, or move it out of the data set. Where git annex or dvc keeps the files elsewhere, git annex get or dvc pull brings them.',
  });
}

function childrenOf(folder: Path): Child[] {
  const children = new Map<string, Child>();
  for (const bytes of namesIn(folder)) {
    const name = bytes.toString('utf8');
    if (children.has(name)) {
      throw new DataError(
        `${folder.toString()}: two names that are not UTF-8 and look the same, ${name}`,
        { hint: 'Rename one of them, or both in UTF-8 (convmv does).' },
      );
    }
    const isText = typeof folder === 'string' && Buffer.from(name).equals(bytes);
    const path = isText
      ? join(folder, name)
      : Buffer.concat([Buffer.from(folder), Buffer.from('/'), bytes]);
    children.set(name, { name, path });
  }
  return inByteOrder([...children.keys()]).map((name) => children.get(name) as Child);
}

function namesIn(folder: Path): Buffer[] {
  try {
    return readdirSync(folder, { encoding: 'buffer' });
  } catch (cause) {
    throw new DataError(`${folder.toString()}: this folder cannot be listed`, {
      hint: 'Change its permissions so that you can read it, or move it out of the data set.',
      cause,
    });
  }
}

// Reading a pipe or a device would wait for ever.
async function readRegular(
  file: Path,
  stats: Stats | undefined,
  by: string | null,
): Promise<Uint8Array> {
  if (by !== null) return refuseLeftBehind(readRegular(file, stats, null), by);
  if (stats !== undefined && !stats.isFile()) {
    throw new DataError('not a regular file (a pipe, socket or device)');
  }
  try {
    const opened = await open(file);
    try {
      return await readImage(opened, (await opened.stat()).size);
    } finally {
      await opened.close();
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
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
  const names = namesIn(folder).map((name) => name.toString('utf8'));
  return inByteOrder(names.filter((name) => !name.startsWith('.')));
}

/** Names of the folders in a folder, in byte order, without hidden ones and what systems leave
 *  behind; none if it is not there.
 *  @throws DataError if it cannot be listed */
export function foldersIn(folder: string): string[] {
  return visible(folder).filter(
    (name) => leftBehindBy(name) === null && isFolder(join(folder, name)),
  );
}

/** Whether `path` is a folder, or a link to one. */
export function isFolder(path: Path): boolean {
  return follow(path)?.isDirectory() ?? false;
}

/** Whether `path` is a file that can be read, or a link to one. */
export function isFile(path: string): boolean {
  return follow(path)?.isFile() ?? false;
}

// Links are followed: data sets are often put together from links.
function follow(path: Path): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a link to itself, or a folder without permission: reading it will say so
  }
}
