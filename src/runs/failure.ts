// A run's failure.json: a crash leaves no run.json; why the run stopped is kept here until it is
// tried again.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import { objectOf, text } from '../base/checks.js';
import { RunStoreError } from '../base/errors.js';
import { readChecked } from '../base/json-file.js';

const failure = objectOf<{ readonly message: string }>({ message: text });

/** Notes why a run stopped without an end of its own; it can be resumed. */
export function writeFailure(path: string, message: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic(path, `${JSON.stringify({ message }, null, 2)}\n`);
}

/** Why the run stopped; null if nothing is noted. A note that is damaged stops nobody: the run
 *  failed, and the reason is that its note cannot be read. */
export function readFailure(path: string): string | null {
  try {
    return readChecked(path, failure, '')?.message ?? null;
  } catch (error) {
    if (!(error instanceof RunStoreError)) throw error;
    return `it failed, and its note does not say why: ${error.message}`;
  }
}

/** Forgets an earlier failure. */
export function clearFailure(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
