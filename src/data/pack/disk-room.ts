// Whether the disk has room for a store: asked before hours are spent on one that cannot be
// finished.
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataError } from '../../base/errors.js';

/** Bytes that this user may still write where `path` is or would be; Infinity if the system does
 *  not say. */
export function freeBytes(path: string): number {
  let folder = dirname(path);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** @throws DataError if `needed` bytes are more than the `free` ones */
export function refuseFullDisk(path: string, needed: number, free: number): void {
  if (needed <= free) return;
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  throw new DataError(
    `${path}: its records need ${gibibytes(needed)}, ${gibibytes(free)} are free there`,
    {
      hint: 'Make room, give a disk with more of it with --out, take a smaller --size, or --records jpeg.',
    },
  );
}
