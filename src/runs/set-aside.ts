// What becomes of a damaged file: it is kept, under a name that nobody reads.
import { existsSync, renameSync } from 'node:fs';
import { onFile } from '../base/system-error.js';

/** Renames a damaged file or folder to `<path>.damaged` (`.damaged-2` and so on if there is one).
 *  @returns its new path  @throws FileError if the system refuses */
export function setAside(path: string): string {
  let aside = `${path}.damaged`;
  for (let copy = 2; existsSync(aside); copy++) aside = `${path}.damaged-${copy}`;
  onFile(path, () => renameSync(path, aside));
  return aside;
}
