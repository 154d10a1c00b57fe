// Reads that do not come back short.
import { readSync } from 'node:fs';
import { DataError } from '../../base/errors.js';

// Node refuses single reads of 2 GiB and more.
const LARGEST_READ = 2 ** 30;

/** Fills `into` from an open file at byte `position`.
 *  @throws DataError naming `path` if the file ends before that */
export function readFully(path: string, file: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length;) {
    const part = Math.min(LARGEST_READ, into.length - done);
    const got = readSync(file, into, done, part, position + done);
    if (got === 0) throw new DataError(`${path}: the file ended while it was read`);
    done += got;
  }
}
