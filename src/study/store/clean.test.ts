import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { networkFiles, type RunFiles } from '../../runs/files.js';
import { madeRecord } from '../../runs/made-record.cases.js';
import { writeRecord } from '../../runs/record.js';
import { demoPlan } from '../plan/demo-plan.cases.js';
import { StudyFolder } from '../run/folder.js';
import { type CleanRules, filesToClean, removeFiles } from './clean.js';
import { bytesByKind, fileKind, folderFiles } from './folder-files.js';
import { openFolder } from './open-folder.js';
import { readPlanFile } from './plan-file.js';
import { writeResults } from './results-file.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-clean-'));
  openFolder(directory, plan, '', false);
});
afterEach(() => rmSync(directory, { recursive: true }));

const plan = demoPlan();

function put(path: string, text = 'x'): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Lets a network have ended and left these files. */
function end(name: string, ...left: (keyof RunFiles)[]): void {
  const identity = plan.networks.find((network) => network.name === name)?.identity ?? '';
  const files = networkFiles(directory, name);
  put(files.record);
  writeRecord(files.record, madeRecord({ name, identity }));
  for (const each of left) put(files[each]);
}

function removed(rules: Partial<CleanRules> = {}): readonly string[] {
  const folder = new StudyFolder(directory);
  const file = readPlanFile(directory);
  if (file === null) throw new Error('no plan.json');
  const all = { weights: 'all', earlier: false, ...rules } as const;
  return filesToClean(folderFiles(directory), folder, file, all).map(({ path }) => path);
}

test('what nobody needs goes, what is resumed from stays', () => {
  end('split0/baseA', 'checkpoint', 'weights', 'metrics', 'answers');
  put(networkFiles(directory, 'split0/baseB').checkpoint);
  put(join(directory, 'runs/split0/A1B/run.json.damaged-2'));
  put(join(directory, 'results.json.4711-0a1b2c3d.tmp'));
  put(join(directory, 'jobs/gang7.json'));
  put(join(directory, 'notes.txt'));
  expect(removed()).toEqual([
    'jobs/gang7.json',
    'results.json.4711-0a1b2c3d.tmp',
    'runs/split0/A1B/run.json.damaged-2',
    'runs/split0/baseA/checkpoint.safetensors',
  ]);
});

test('weights that a network still has to copy stay under every rule', () => {
  const weights = (name: string): string => `runs/${name}/weights.safetensors`;
  for (const { name, target } of plan.networks) {
    // The networks of target B wait.
    if (name.endsWith('base' + target) || target === 'A') end(name, 'weights');
  }
  const gone = removed({ weights: 'needed' });
  expect(gone).toContain(weights('split0/A1A'));
  expect(gone).not.toContain(weights('split0/baseB')); // B1B copies it
  expect(gone).not.toContain(weights('split0/baseA')); // A1B copies it
  expect(removed({ weights: 'all' })).toEqual([]);
  for (const { name } of plan.networks) end(name, 'weights');
  const all = plan.networks.map(({ name }) => weights(name)).sort();
  expect([...removed({ weights: 'needed' })].sort()).toEqual(all);
  const bases = plan.networks.filter(({ treatment }) => treatment === 'base');
  expect(removed({ weights: 'bases' })).toHaveLength(all.length - bases.length);
  expect(removed({ weights: 'bases' })).not.toContain(weights('split0/baseA'));
});

test('networks of an earlier plan go only when asked for', () => {
  end('split0/baseA', 'weights');
  const name = 'split0/A9B';
  put(networkFiles(directory, name).record, '{}');
  const path = join(directory, 'plan.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as { networks: object[]; earlier: object[] };
  file.earlier = [{ ...file.networks[0], name }];
  writeFileSync(path, JSON.stringify(file));
  expect(removed({ weights: 'needed' })).toEqual([]);
  expect(removed({ earlier: true })).toEqual([`runs/${name}/run.json`]);
});

test('removing leaves results as they were, and no empty folder', () => {
  for (const { name } of plan.networks) end(name, 'weights', 'checkpoint');
  put(join(directory, 'jobs/gang7.json'));
  const before = JSON.stringify(writeResults(directory));
  const files = folderFiles(directory);
  const file = readPlanFile(directory);
  if (file === null) throw new Error('no plan.json');
  const rules = { weights: 'needed', earlier: false } as const;
  removeFiles(directory, filesToClean(files, new StudyFolder(directory), file, rules));
  expect(JSON.stringify(writeResults(directory))).toBe(before);
  expect(existsSync(join(directory, 'jobs'))).toBe(false);
  expect(folderFiles(directory).filter(({ kind }) => kind === 'weights')).toEqual([]);
});

test('nothing behind a link is looked at or removed', () => {
  const outside = mkdtempSync(join(tmpdir(), 'selffer-outside-'));
  put(join(outside, 'precious.damaged'));
  symlinkSync(outside, join(directory, 'jobs'));
  removeFiles(directory, folderFiles(directory));
  expect(existsSync(join(outside, 'precious.damaged'))).toBe(true);
  rmSync(outside, { recursive: true });
});

test.each([
  ['runs/split0/A3B+/weights.safetensors', 'weights'],
  ['runs/split0/A3B+/checkpoint.safetensors', 'checkpoints'],
  ['runs/split0/A3B+/metrics.jsonl', 'records'],
  ['runs/split0/A3B+.damaged/weights.safetensors', 'damaged'],
  ['runs/split0/A3B+/run.json.12-0a1b2c3d.tmp', 'leftovers'],
  ['lock.json.12-0a1b2c3d4e5f6071.tmp', 'other'], // of a process that asks for the lock just now
  ['jobs/slurm/20261127-171835-9f3c/gangs/0.json', 'submissions'],
  ['jobs/split0/A/base.json', 'leftovers'],
  ['figures/figure2.svg', 'report'],
  ['weights.safetensors.txt', 'other'],
])('%s is of the kind %s', (path, kind) => {
  expect(fileKind(path)).toBe(kind);
});

test('sizes are summed by kind, the largest first', () => {
  const file = (path: string, bytes: number) => ({ path, bytes, kind: fileKind(path) });
  const files = [file('a', 1), file('runs/x/weights.safetensors', 5), file('b', 2)];
  expect(bytesByKind(files)).toEqual([
    ['weights', 5],
    ['other', 3],
  ]);
});
