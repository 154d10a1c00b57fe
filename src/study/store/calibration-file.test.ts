import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RunStoreError } from '../../base/errors.js';
import { readCalibration, SCHEMA, writeCalibration } from './calibration-file.js';

const directory = mkdtempSync(join(tmpdir(), 'selffer-calibration-'));
afterAll(() => rmSync(directory, { recursive: true }));

const machine = { host: 'box', cores: 64, executor: 'onednn', version: 'oneDNN 3.7' };
const tried = [{ workers: 2, threads: 32, flopsPerSecond: 1e12, seconds: 10 }];
const content = { schema: SCHEMA, ...machine, tried, chosen: { workers: 2, threads: 32 } } as const;

test('a choice holds for the machine and the library that it was made with', () => {
  expect(readCalibration(directory, machine)).toBe(null);
  writeCalibration(directory, content);
  expect(readCalibration(directory, machine)).toEqual(content);
  const others = [{ host: 'other' }, { cores: 32 }, { executor: 'onnx' }, { version: 'oneDNN 2' }];
  for (const other of others) {
    expect(readCalibration(directory, { ...machine, ...other })).toBe(null);
  }
});

test.each([
  ['{', /found no JSON/],
  ['{"schema": "selffer.calibration/2"}', /schema/],
  [JSON.stringify({ ...content, chosen: { workers: 0.5, threads: 1 } }), /chosen\.workers/],
])('%s is refused', (text, problem) => {
  writeFileSync(join(directory, 'calibration.json'), text);
  expect(() => readCalibration(directory, machine)).toThrow(RunStoreError);
  expect(() => readCalibration(directory, machine)).toThrow(problem);
});
