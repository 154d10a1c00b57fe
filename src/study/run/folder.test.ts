// What a view of a study's folder reads, counted.
import fs, { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFailure } from '../../runs/failure.js';
import { networkFiles } from '../../runs/files.js';
import { madeRecord } from '../../runs/made-record.cases.js';
import { appendMetrics } from '../../runs/metrics.js';
import { writeRecord } from '../../runs/record.js';
import { demoPlan } from '../plan/demo-plan.cases.js';
import type { PlannedNetwork } from '../plan/plan.js';
import { openFolder } from '../store/open-folder.js';
import { readResults, writeResults } from '../store/results-file.js';
import { StudyFolder } from './folder.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-folder-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Files of this study that `act` opens to read, and how often it asks about one. */
function countReads(act: () => void): { reads: string[]; stats: number } {
  const { readFileSync, openSync, statSync } = fs;
  const reads: string[] = [];
  let stats = 0;
  const note = (path: unknown): void => {
    if (String(path).startsWith(directory)) reads.push(String(path).slice(directory.length + 1));
  };
  Object.assign(fs, {
    readFileSync: (...args: Parameters<typeof readFileSync>) => {
      note(args[0]);
      return readFileSync(...args);
    },
    openSync: (...args: Parameters<typeof openSync>) => {
      if (args[1] === 'r' && String(args[0]) !== directory) note(args[0]);
      return openSync(...args);
    },
    statSync: (...args: Parameters<typeof statSync>) => {
      stats += 1;
      return statSync(...args);
    },
  });
  syncBuiltinESMExports();
  try {
    act();
  } finally {
    Object.assign(fs, { readFileSync, openSync, statSync });
    syncBuiltinESMExports();
  }
  return { reads, stats };
}

const plan = demoPlan({ repeats: 3 });
const [first] = plan.networks as readonly [PlannedNetwork];

function end({ name, identity }: PlannedNetwork, finalAccuracy = 0.5): void {
  const { record } = networkFiles(directory, name);
  mkdirSync(dirname(record), { recursive: true });
  writeRecord(record, madeRecord({ name, identity, finalAccuracy }));
}

test('a network that has ended costs reading one file, however many there are', () => {
  expect(plan.networks.length).toBeGreaterThan(300);
  openFolder(directory, plan, '', false);
  const [late, ...early] = plan.networks.toReversed() as [PlannedNetwork, ...PlannedNetwork[]];
  early.forEach((network) => end(network));
  const folder = new StudyFolder(directory);
  const start = countReads(() => writeResults(directory, folder));
  expect(start.reads).toHaveLength(1 + early.length); // plan.json and every run.json

  end(late, 0.75);
  const { reads, stats } = countReads(() => {
    folder.refresh([late.name]);
    const { networks } = writeResults(directory, folder);
    expect(networks.find(({ name }) => name === late.name)?.finalAccuracy).toBe(0.75);
  });
  expect(reads).toEqual([`runs/${late.name}/run.json`]);
  expect(stats).toBeLessThan(10);
  expect(readResults(directory)).toEqual(readResults(directory, folder));
});

test('a look at all reads only what has changed', () => {
  openFolder(directory, plan, '', false);
  plan.networks.forEach((network) => end(network));
  const folder = new StudyFolder(directory);
  folder.states(plan.networks);
  expect(countReads(() => folder.refresh()).reads).toEqual([]);
  const { record, failure } = networkFiles(directory, first.name);
  rmSync(record);
  writeFailure(failure, 'out of memory');
  expect(countReads(() => folder.refresh()).reads).toEqual([`runs/${first.name}/failure.json`]);
  expect(folder.states(plan.networks).get(first.name)).toMatchObject({
    state: 'failed',
    message: 'out of memory',
  });
  rmSync(failure);
  end(first, 0.25);
  folder.refresh();
  expect(folder.states(plan.networks).get(first.name)?.record?.finalAccuracy).toBe(0.25);
});

test('of metrics only new lines are read, and plan.json only when it has changed', () => {
  openFolder(directory, plan, '', false);
  end(first);
  const { metrics } = networkFiles(directory, first.name);
  const line = { epoch: 1, learningRate: 1, trainLoss: 1, testLoss: 1, testAccuracy: 0.5 };
  appendMetrics(metrics, { ...line, iteration: 1 });
  const folder = new StudyFolder(directory);
  expect(folder.tests(first.name)).toHaveLength(1);
  const again = countReads(() => folder.tests(first.name));
  expect(again.reads).toEqual([]);
  appendMetrics(metrics, { ...line, iteration: 2 });
  expect(folder.tests(first.name).map(({ iteration }) => iteration)).toEqual([1, 2]);

  expect(folder.plan()?.networks).toHaveLength(plan.networks.length);
  expect(countReads(() => folder.plan()).reads).toEqual([]);
  openFolder(directory, demoPlan(), '', false);
  expect(folder.plan()?.networks).toHaveLength(demoPlan().networks.length);
});

test('a damaged run.json is named, a damaged failure.json only makes its network a failed one', () => {
  openFolder(directory, plan, '', false);
  const { record, failure } = networkFiles(directory, first.name);
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(failure, 'rubbish');
  const state = new StudyFolder(directory).states(plan.networks).get(first.name);
  expect(state).toMatchObject({ state: 'failed', message: expect.stringContaining(failure) });
  writeFileSync(record, 'rubbish');
  expect(() => new StudyFolder(directory).states(plan.networks)).toThrow(record);
});
