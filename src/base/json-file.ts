// The one door for JSON that is read back from a study's folder: whole, checked, or an error that
// names the file, what was found, what was wanted and what to do.
import { readFileSync } from 'node:fs';
import { type Check, problemOf } from './checks.js';
import { RunStoreError } from './errors.js';
import { systemError } from './system-error.js';

/** The text of a file; null if it is not there.
 *  @throws RunStoreError if it is a folder, FileError if the system refuses it */
export function readText(path: string, hint: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code !== 'EISDIR') throw systemError(cause, path) ?? cause;
    throw new RunStoreError(`${path}: found a folder, wanted a file`, { cause, hint });
  }
}

/** The value of a JSON text that `where` names. @throws RunStoreError with `hint` if it is not
 *  JSON */
export function parseJson(where: string, text: string, hint: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const found = text.trim() === '' ? 'nothing' : `no JSON (${(cause as Error).message})`;
    throw new RunStoreError(`${where}: found ${found}, wanted JSON`, { cause, hint });
  }
}

/** `value` as what `check` wants. @throws RunStoreError with `hint` if it is not */
export function checked<T>(where: string, value: unknown, check: Check<T>, hint: string): T {
  const problem = problemOf(value, check);
  if (problem !== null) throw new RunStoreError(`${where}: ${problem}`, { hint });
  return value as T;
}

/** The checked value of a JSON text. @throws RunStoreError as {@link parseJson} and {@link checked}
 *  do */
export function parseChecked<T>(where: string, text: string, check: Check<T>, hint: string): T {
  return checked(where, parseJson(where, text, hint), check, hint);
}

/** The checked content of a JSON file; null if it is not there.
 *  @throws RunStoreError as {@link readText} and {@link parseChecked} do */
export function readChecked<T>(path: string, check: Check<T>, hint: string): T | null {
  const text = readText(path, hint);
  return text === null ? null : parseChecked(path, text, check, hint);
}
