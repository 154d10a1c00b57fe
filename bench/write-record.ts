// Results as they are kept: where and how they were measured, then the numbers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes `result.json` in a folder, which is made. */
export function writeRecord(folder: string, environment: object, results: readonly object[]): void {
  mkdirSync(folder, { recursive: true });
  const text = `${JSON.stringify({ environment, results }, null, 1)}\n`;
  writeFileSync(join(folder, 'result.json'), text);
}
