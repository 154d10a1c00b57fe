// import.json: marks a study's folder as imported, and says from what and what a reader must know
// about it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import { RunStoreError } from '../base/errors.js';

/** A log file that could be read in part only, or not at all. */
export interface DamagedFile {
  /** Path relative to the folder of logs. */
  readonly file: string;
  readonly problem: string;
}

/** Content of import.json. */
export interface ImportFile {
  readonly schema: 'selffer.import/1';
  readonly format: 'caffe';
  /** The folder of logs as it was given. */
  readonly from: string;
  /** Log files read. */
  readonly files: number;
  /** Names of directories that were not understood. */
  readonly unknown: readonly string[];
  readonly damaged: readonly DamagedFile[];
  /** What is wrong or lacking, in sentences. */
  readonly warnings: readonly string[];
  /** How names and numbers are to be read, in sentences. */
  readonly notes: readonly string[];
}

/** import.json of a study's folder; null if the study was not imported.
 *  @throws RunStoreError if it is damaged */
export function readImportFile(directory: string): ImportFile | null {
  const path = join(directory, 'import.json');
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ImportFile;
  } catch (cause) {
    throw new RunStoreError(`${path}: is no JSON`, { cause, hint: 'Import the logs again.' });
  }
}

/** Writes import.json. */
export function writeImportFile(directory: string, content: ImportFile): void {
  writeFileAtomic(join(directory, 'import.json'), `${JSON.stringify(content, null, 2)}\n`);
}
