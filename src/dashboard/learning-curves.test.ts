// Learning curves that the page's figures are made of.
import { appendFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { madeLine, writeMadeFolder } from '../../bench/page/made-folder.js';
import { networkFiles } from '../runs/files.js';
import { CurveReader } from './learning-curves.js';

let root: string;
let directory: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'selffer-curves-')));
  directory = join(root, 'study');
});
afterEach(() => rmSync(root, { recursive: true }));

const metrics = (name: string) => networkFiles(directory, name).metrics;

test('of the networks that have tests, with what was added since', () => {
  writeMadeFolder(directory, { splits: 1, tests: 3, waiting: 52 });
  const reader = new CurveReader();
  const names = ['split0/baseA', 'split0/baseB', 'split0/A1B'];
  const read = () => reader.curves(directory, names);
  expect(read().map(({ name, tests }) => [name, tests.length])).toEqual([
    ['split0/baseA', 3],
    ['split0/baseB', 3],
  ]);
  const [first, second] = read();
  expect(first?.tests[2]).toMatchObject({ iteration: 60, epoch: 2 });
  appendFileSync(metrics('split0/baseA'), `${JSON.stringify(madeLine(0, 3, 4))}\n`);
  const [now, as] = read();
  expect(now?.tests.map(({ iteration }) => iteration)).toEqual([20, 40, 60, 80]);
  // What has not changed is not read again.
  expect(as).toBe(second);
});

test('no more points than are drawn, the first and the last among them', () => {
  writeMadeFolder(directory, { splits: 1, tests: 500, waiting: 53 });
  const [curve] = new CurveReader().curves(directory, ['split0/baseA']);
  expect(curve?.tests).toHaveLength(60);
  expect([curve?.tests[0]?.iteration, curve?.tests.at(-1)?.iteration]).toEqual([20, 10_000]);
});

test('what lies outside of the folder is not read', () => {
  writeMadeFolder(directory, { splits: 1, tests: 3, waiting: 52 });
  const outside = join(root, 'metrics.jsonl');
  writeFileSync(outside, `${JSON.stringify(madeLine(0, 0, 1))}\n`);
  rmSync(metrics('split0/baseA'));
  symlinkSync(outside, metrics('split0/baseA'));
  const curves = new CurveReader().curves(directory, ['split0/baseA', 'split0/baseB']);
  expect(curves.map(({ name }) => name)).toEqual(['split0/baseB']);
});
