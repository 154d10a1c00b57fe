// Stages of an advice: what each has decided or found is a file, so that a process that was ended
// at any moment goes on where it was, and decides nothing twice.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import type { Check } from '../base/checks.js';
import { readChecked } from '../base/json-file.js';

/** The result of a stage from `<directory>/<name>.json`; made and written if it is not there.
 *  @throws RunStoreError if the file is damaged; what `make` throws */
export async function stage<T>(
  directory: string,
  name: string,
  check: Check<T>,
  make: () => T | Promise<T>,
): Promise<T> {
  const path = join(directory, `${name}.json`);
  const hint = 'Remove the file: this part is done again.';
  const known = readChecked(path, check, hint);
  if (known !== null) return known;
  const made = await make();
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic(path, `${JSON.stringify(made, null, 1)}\n`);
  return made;
}
