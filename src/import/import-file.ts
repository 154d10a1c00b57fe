// import.json: marks a study's folder as imported, and says from what and what a reader must know
// about it.
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import { type Check, count, listOf, objectOf, oneOf, text } from '../base/checks.js';
import { readChecked } from '../base/json-file.js';

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

const importFile: Check<ImportFile> = objectOf<ImportFile>({
  schema: oneOf('selffer.import/1'),
  format: oneOf('caffe'),
  from: text,
  files: count,
  unknown: listOf(text),
  damaged: listOf(objectOf<DamagedFile>({ file: text, problem: text })),
  warnings: listOf(text),
  notes: listOf(text),
});

/** import.json of a study's folder; null if the study was not imported.
 *  @throws RunStoreError if it is damaged */
export function readImportFile(directory: string): ImportFile | null {
  return readChecked(join(directory, 'import.json'), importFile, 'Import the logs again.');
}

/** Writes import.json. */
export function writeImportFile(directory: string, content: ImportFile): void {
  writeFileAtomic(join(directory, 'import.json'), `${JSON.stringify(content, null, 2)}\n`);
}
