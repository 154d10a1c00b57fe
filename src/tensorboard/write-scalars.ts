// The curves of a study's networks as event files, one folder a network: what TensorBoard shows as
// runs. Written from metrics.jsonl, so that a study that is done gives the same numbers.
import { appendFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import { onFile } from '../base/system-error.js';
import { networkFiles } from '../runs/files.js';
import type { MetricsLine } from '../runs/metrics.js';
import { StudyFolder } from '../study/run/folder.js';
import { expectPlanFile } from '../study/store/results-file.js';
import { type Scalar, scalarsRecord, versionRecord } from './event-file.js';

/** TensorBoard takes every file with `tfevents` in its name. One name: a file that is written again
 *  replaces the one before. */
const FILE = 'events.out.tfevents.0000000000.selffer';

/** Tag -> the number of a line; null: there is none. */
const tags: Readonly<Record<string, (line: MetricsLine) => number | null>> = {
  'test/accuracy': ({ testAccuracy }) => testAccuracy,
  'test/loss': ({ testLoss }) => testLoss,
  'train/loss': ({ trainLoss }) => trainLoss,
  'train/learning_rate': ({ learningRate }) => learningRate,
};

/** Writes the event files of a study's networks, and adds to them while it runs. */
export class ScalarsWriter {
  readonly #to: string;
  readonly #folder: StudyFolder;
  /** Lines that are in the file of a network. */
  readonly #written = new Map<string, number>();

  /** @param to folder of the event files @param directory folder of the study */
  constructor(to: string, directory: string) {
    this.#to = to;
    this.#folder = new StudyFolder(directory);
  }

  /** Writes what a network has by now. The first time, the whole file: what an earlier run left is
   *  replaced. @throws FileError if it cannot be written */
  write(network: string): void {
    const lines = this.#folder.tests(network);
    const path = join(this.#to, ...network.split('/'), FILE);
    const before = this.#written.get(network);
    onFile(path, () => {
      if (before === undefined) this.#begin(network, path, lines);
      else if (lines.length > before) {
        const now = Date.now() / 1000;
        appendFileSync(path, Buffer.concat(lines.slice(before).map((line) => recordOf(line, now))));
      }
    });
    // Lines behind a checkpoint are cut when a network resumes, and come again with equal numbers.
    this.#written.set(network, Math.max(before ?? 0, lines.length));
  }

  // When earlier lines were written nobody knows: they all have the time of their file.
  #begin(network: string, path: string, lines: readonly MetricsLine[]): void {
    rmSync(path, { force: true });
    const metrics = networkFiles(this.#folder.directory, network).metrics;
    const time = (statSync(metrics, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) / 1000;
    mkdirSync(dirname(path), { recursive: true });
    const records = lines.map((line) => recordOf(line, time));
    writeFileAtomic(path, Buffer.concat([versionRecord(time), ...records]));
  }
}

/** Writes the event files of all networks of a study's folder, as they are now.
 *  @throws RunStoreError if it is not a study's folder, FileError if they cannot be written */
export function writeTensorboard(to: string, directory: string): void {
  const { networks } = expectPlanFile(new StudyFolder(directory));
  const writer = new ScalarsWriter(to, directory);
  for (const { name } of networks) writer.write(name);
}

function recordOf(line: MetricsLine, time: number): Uint8Array {
  const scalars = Object.entries(tags).flatMap(([tag, of]): readonly Scalar[] => {
    const value = of(line);
    return value === null ? [] : [{ tag, value }];
  });
  return scalarsRecord(time, line.iteration, scalars);
}
