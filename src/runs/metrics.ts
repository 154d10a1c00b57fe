// A run's metrics.jsonl: one line a test. It grows in place, so a torn last line is possible and is
// ignored.
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { writeFileAtomic } from '../base/atomic-file.js';
import { type Check, count, number, objectOf, orNull } from '../base/checks.js';
import { parseChecked, readText } from '../base/json-file.js';
import { spread } from '../base/spread.js';
import { systemError } from '../base/system-error.js';
import { writeAll } from '../base/write-all.js';

/** One line of metrics.jsonl. Losses are means over the images since the last line (train) or all
 *  validation images (test). */
export interface MetricsLine {
  readonly iteration: number;
  readonly epoch: number;
  /** Null if an imported log does not say it. */
  readonly learningRate: number | null;
  readonly trainLoss: number | null;
  /** Null if it overflowed. */
  readonly testLoss: number | null;
  readonly testAccuracy: number;
}

/** What a line must be. */
export const metricsLine: Check<MetricsLine> = objectOf<MetricsLine>({
  iteration: count,
  epoch: number,
  learningRate: orNull(number),
  trainLoss: orNull(number),
  testLoss: orNull(number),
  testAccuracy: number,
});

const HINT = 'Remove the folder of the network: it is trained again.';

/** All whole lines, in order; [] if the file does not exist.
 *  @throws RunStoreError naming the first line that is JSON but not of metrics */
export function readMetrics(path: string): MetricsLine[] {
  return parseLines(path, readText(path, HINT) ?? '');
}

/** The whole lines from byte `offset` on, and the offset behind the last of them. Of a file that is
 *  only looked at: what is not a line of metrics is left out, and `damaged` counts it. */
export function readMetricsFrom(
  path: string,
  offset: number,
): { readonly lines: readonly MetricsLine[]; readonly damaged: number; readonly end: number } {
  const bytes = bytesFrom(path, offset);
  const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
  const found = whole.toString('utf8').split('\n').slice(0, -1);
  const lines = found.flatMap((line) => lineOf(line) ?? []);
  return { lines, damaged: found.length - lines.length, end: offset + whole.length };
}

/** Some of the whole lines, at equal distances, the first and the last among them; what is not a
 *  line of metrics is left out. Reading few of many costs little: only these are parsed.
 *  @param most at least 2 */
export function readSomeMetrics(path: string, most: number): readonly MetricsLine[] {
  const bytes = bytesFrom(path, 0);
  const ends: number[] = [];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) ends.push(at);
  return spread(ends.length, most).flatMap((place) => {
    const start = place === 0 ? 0 : (ends[place - 1] ?? 0) + 1;
    return lineOf(bytes.toString('utf8', start, ends[place])) ?? [];
  });
}

function lineOf(text: string): MetricsLine | null {
  try {
    return metricsLine(JSON.parse(text));
  } catch {
    return null;
  }
}

function bytesFrom(path: string, offset: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
    let done = 0;
    for (let got = -1; got !== 0 && done < bytes.length; done += got) {
      got = readSync(file, bytes, done, bytes.length - done, offset + done);
    }
    return bytes.subarray(0, done);
  } finally {
    closeSync(file);
  }
}

function parseLines(path: string, text: string): MetricsLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line, index) => {
      // A line torn by a crash and continued after it.
      if (!isJson(line)) return [];
      return [parseChecked(`${path}, line ${index + 1}`, line, metricsLine, HINT)];
    });
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Writes the lines as the whole file. */
export function writeMetrics(path: string, lines: readonly MetricsLine[]): void {
  writeFileAtomic(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Appends one line and brings it to disk: a checkpoint that follows relies on it.
 *  @throws FileError if it cannot be written whole; nothing of it stays then, for the next line
 *  would be lost with it */
export function appendMetrics(path: string, line: MetricsLine): void {
  const file = openSync(path, 'a');
  const before = fstatSync(file).size;
  try {
    writeAll(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
  } catch (cause) {
    cutBack(file, before);
    throw systemError(cause, path) ?? cause;
  } finally {
    closeSync(file);
  }
}

function cutBack(file: number, size: number): void {
  try {
    ftruncateSync(file, size);
  } catch {
    // The reason that counts is why the line could not be written.
  }
}
