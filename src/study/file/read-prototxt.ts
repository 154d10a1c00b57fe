// A prototxt that a study names: its problems are reported together with the study's own.
import { type FileIssue, ParseError } from '../../base/errors.js';
import { readPrototxtText } from '../../net/formats/prototxt/text-file.js';
import type { Report } from './located.js';

/** What `read` makes of the file; null if it cannot. A missing file is reported at `pointer`,
 *  problems inside go to `issues`. */
export function readPrototxt<T>(
  path: string,
  read: (text: string, file: string) => T,
  pointer: string,
  report: Report,
  issues: FileIssue[],
): T | null {
  let text: string;
  try {
    text = readPrototxtText(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'the file does not exist' : `cannot be read (${code})`;
    report(pointer, `${pointer.slice(1).replaceAll('/', '.')}: ${path}: ${reason}`);
    return null;
  }
  try {
    return read(text, path);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    issues.push(...error.issues);
    return null;
  }
}
