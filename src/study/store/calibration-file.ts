// calibration.json of a study's folder: how the cores of a machine were shared out among workers,
// and what was measured for it. Kept, for another number of threads rounds otherwise.
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { count, listOf, number, objectOf, oneOf, text } from '../../base/checks.js';
import { readChecked } from '../../base/json-file.js';

/** Workers, and the threads of each. */
export interface Share {
  readonly workers: number;
  readonly threads: number;
}

/** A share that was tried. */
export interface TriedShare extends Share {
  /** Of all workers together, in training steps of one base. */
  readonly flopsPerSecond: number;
  /** What was left of the study would take so long. */
  readonly seconds: number;
}

/** What the choice holds for. */
export interface CalibratedMachine {
  readonly host: string;
  readonly cores: number;
  readonly executor: string;
  readonly version: string;
}

/** Content of calibration.json. */
export interface Calibration extends CalibratedMachine {
  readonly schema: typeof SCHEMA;
  readonly tried: readonly TriedShare[];
  readonly chosen: Share;
}

/** Its schema. */
export const SCHEMA = 'selffer.calibration/1';

const share = { workers: count, threads: count };
const calibration = objectOf<Calibration>({
  schema: oneOf(SCHEMA),
  host: text,
  cores: count,
  executor: text,
  version: text,
  tried: listOf(objectOf<TriedShare>({ ...share, flopsPerSecond: number, seconds: number })),
  chosen: objectOf<Share>(share),
});

const pathOf = (directory: string): string => join(directory, 'calibration.json');

/** What was chosen in this folder; null if nothing was, or for another machine.
 *  @throws RunStoreError if the file is damaged */
export function readCalibration(directory: string, machine: CalibratedMachine): Calibration | null {
  const hint = 'Remove the file to have it measured again.';
  const found = readChecked(pathOf(directory), calibration, hint);
  if (found === null) return null;
  const keys = ['host', 'cores', 'executor', 'version'] as const;
  return keys.every((key) => found[key] === machine[key]) ? found : null;
}

/** Keeps a choice. */
export function writeCalibration(directory: string, content: Calibration): void {
  writeFileAtomic(pathOf(directory), `${JSON.stringify(content, null, 2)}\n`);
}
