// A network's metrics.jsonl: one line a test. It grows in place, so a torn last line is possible
// and is ignored.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { writeFileAtomic } from '../base/atomic-file.js';
import type { MetricsLine } from './job.js';

/** All whole lines, in order; [] if the file does not exist. */
export function readMetrics(path: string): MetricsLine[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as MetricsLine];
      } catch {
        return []; // A line torn by a crash and continued after it.
      }
    });
}

/** Drops lines past `iteration`: they will be written again. */
export function cutMetrics(path: string, iteration: number): void {
  const kept = readMetrics(path).filter((line) => line.iteration <= iteration);
  writeFileAtomic(path, kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Appends one line and brings it to disk: a checkpoint that follows relies on it. */
export function appendMetrics(path: string, line: MetricsLine): void {
  const file = openSync(path, 'a');
  try {
    writeSync(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
