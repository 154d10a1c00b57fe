// Images in folders: train/<class>/* and val/<class>/*, deeper folders included.
import { readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../base/errors.js';
import { inByteOrder } from '../byte-order.js';
import type { ImageSource, PartName, SourceEntry } from '../source.js';

/** Lists the folder `path` as a source; files are read later, in the listing's order (part, class, name by bytes). */
export function folderSource(path: string): ImageSource {
  const listing: SourceEntry[] = [];
  const identity: [string, number, number][] = [];
  let bytes = 0;

  // `above`: folders on the way here, to see links that lead back up.
  const walk = (part: PartName, className: string, name: string, above: readonly string[]) => {
    const here = realpathSync(join(path, part, className, name));
    if (above.includes(here)) return;
    for (const child of visible(join(path, part, className, name))) {
      const childName = name === '' ? child : `${name}/${child}`;
      const file = join(path, part, className, childName);
      const stats = follow(file);
      if (stats?.isDirectory()) {
        walk(part, className, childName, [...above, here]);
        continue;
      }
      // A broken link is listed too: it is reported when it cannot be read.
      bytes += stats?.size ?? 0;
      identity.push([`${part}/${className}/${childName}`, stats?.size ?? -1, stats?.mtimeMs ?? -1]);
      listing.push({
        kind: 'file',
        part,
        class: className,
        name: childName,
        origin: path,
        read: () => readRegular(file, stats),
      });
    }
  };

  for (const part of ['train', 'val'] as const) {
    for (const className of visible(join(path, part))) {
      if (!follow(join(path, part, className))?.isDirectory()) continue;
      listing.push({ kind: 'class', part, class: className });
      identity.push([`${part}/${className}/`, 0, 0]);
      walk(part, className, '', []);
    }
  }
  return {
    path,
    bytes,
    fingerprint: identity,
    listing,
    async *entries(onBytes) {
      for (const entry of listing) {
        if (entry.kind === 'class') yield entry;
        else yield { ...entry, read: () => counted(entry.read(), onBytes) };
      }
    },
  };
}

async function counted(reading: Promise<Uint8Array>, onBytes: (bytes: number) => void) {
  const bytes = await reading;
  onBytes(bytes.length);
  return bytes;
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

/** Names in a folder in byte order, without hidden ones; none if it is not there. */
function visible(folder: string): string[] {
  if (!follow(folder)?.isDirectory()) return [];
  try {
    return inByteOrder(readdirSync(folder).filter((name) => !name.startsWith('.')));
  } catch (cause) {
    throw new DataError(`${folder}: this folder cannot be listed`, {
      hint: 'Give yourself the right to read it, or move it out of the data set.',
      cause,
    });
  }
}

// Links are followed: data sets are often put together from links.
function follow(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a link to itself, or a folder without permission: reading it will say so
  }
}
