// Files written whole or not at all: temporary file beside the target, fsync, rename.
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { onFile } from './system-error.js';
import { writeAll } from './write-all.js';

/** Replaces `path` by the concatenation of `chunks`; after a crash at any moment the old or the new
 *  content is there, never a mixture. @throws FileError if the system refuses */
export function writeFileAtomic(path: string, ...chunks: (string | Uint8Array)[]): void {
  // Messages are about `path`: nobody knows the temporary file.
  onFile(path, () => replaceFile(path, chunks));
}

function replaceFile(path: string, chunks: readonly (string | Uint8Array)[]): void {
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const file = openSync(temporary, 'w');
  try {
    for (const chunk of chunks) writeAll(file, chunk);
    fsyncSync(file);
  } catch (error) {
    closeSync(file);
    rmSync(temporary, { force: true });
    throw error;
  }
  closeSync(file);
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}

// The rename itself survives a power cut only once its directory is on disk. Windows refuses to
// sync a directory.
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
