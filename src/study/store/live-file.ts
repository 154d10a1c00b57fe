// live.json of a study's folder: how far the run is that trains it, for whoever looks from another
// process. It is there only while a run is at work; one that a killed run has left behind says
// whose it was, and is not believed.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { type Check, count, number, objectOf, oneOf, orNull, text } from '../../base/checks.js';
import { RunStoreError } from '../../base/errors.js';
import { readChecked } from '../../base/json-file.js';
import { type ProcessOwner, thisProcess } from '../../base/process-owner.js';

/** How far a run is. */
export interface LiveNumbers {
  /** ISO. */
  readonly startedAt: string;
  /** Null until some work was timed. */
  readonly secondsLeft: number | null;
  /** Training images a second through all networks at work, as last heard. */
  readonly imagesPerSecond: number | null;
  /** Of the run's processes; null where the system does not say. */
  readonly residentBytes: number | null;
}

interface LiveFile extends LiveNumbers {
  readonly schema: 'selffer.live/1';
  readonly pid: number;
  readonly host: string;
}

const liveFile: Check<LiveFile> = objectOf<LiveFile>({
  schema: oneOf('selffer.live/1'),
  pid: count,
  host: text,
  startedAt: text,
  secondsLeft: orNull(number),
  imagesPerSecond: orNull(number),
  residentBytes: orNull(number),
});

/** Where live.json of a study's folder lies. */
export function livePath(directory: string): string {
  return join(directory, 'live.json');
}

/** Writes how far the run of this process is. @throws FileError if the system refuses */
export function writeLive(directory: string, numbers: LiveNumbers): void {
  const { pid, host } = thisProcess();
  const file: LiveFile = { schema: 'selffer.live/1', pid, host, ...numbers };
  writeFileAtomic(livePath(directory), `${JSON.stringify(file)}\n`);
}

/** How far the run of `owner` is; null if it has not said so. What is damaged says nothing: the run
 *  writes it anew in a moment. */
export function readLive(
  directory: string,
  owner: Pick<ProcessOwner, 'pid' | 'host'>,
): LiveNumbers | null {
  try {
    const file = readChecked(livePath(directory), liveFile, '');
    if (file === null || file.pid !== owner.pid || file.host !== owner.host) return null;
    const { startedAt, secondsLeft, imagesPerSecond, residentBytes } = file;
    return { startedAt, secondsLeft, imagesPerSecond, residentBytes };
  } catch (error) {
    if (error instanceof RunStoreError) return null;
    throw error;
  }
}

/** Removes it at the end of a run. */
export function removeLive(directory: string): void {
  rmSync(livePath(directory), { force: true });
}
