// What a view of a study's folder reads, counted.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { countReads } from './count-reads.cases.js';
import { StudyFolder } from './folder.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-folder-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const plan = demoPlan({ repeats: 3 });
const [first] = plan.networks as readonly [PlannedNetwork];

function end({ name, identity }: PlannedNetwork, finalAccuracy = 0.5): void {
  const { record } = networkFiles(directory, name);
  mkdirSync(dirname(record), { recursive: true });
  writeRecord(record, madeRecord({ name, identity, finalAccuracy }));
}

test('a network that has ended costs reading one file, however many there are', async () => {
  expect(plan.networks.length).toBeGreaterThan(300);
  openFolder(directory, plan, '', false);
  const [late, ...early] = plan.networks.toReversed() as [PlannedNetwork, ...PlannedNetwork[]];
  early.forEach((network) => end(network));
  const folder = new StudyFolder(directory);
  const start = await countReads(directory, () => void writeResults(directory, folder));
  expect(start.reads).toHaveLength(1 + early.length); // plan.json and every run.json

  end(late, 0.75);
  const { reads, stats } = await countReads(directory, () => {
    folder.refresh([late.name]);
    const { networks } = writeResults(directory, folder);
    expect(networks.find(({ name }) => name === late.name)?.finalAccuracy).toBe(0.75);
  });
  expect(reads).toEqual([`runs/${late.name}/run.json`]);
  expect(stats).toBeLessThan(10);
  expect(readResults(directory)).toEqual(readResults(directory, folder));
});

test('a look at all reads only what has changed', async () => {
  openFolder(directory, plan, '', false);
  plan.networks.forEach((network) => end(network));
  const folder = new StudyFolder(directory);
  folder.states(plan.networks);
  expect((await countReads(directory, () => folder.refresh())).reads).toEqual([]);
  const { record, failure } = networkFiles(directory, first.name);
  rmSync(record);
  writeFailure(failure, 'out of memory');
  expect((await countReads(directory, () => folder.refresh())).reads).toEqual([
    `runs/${first.name}/failure.json`,
  ]);
  expect(folder.states(plan.networks).get(first.name)).toMatchObject({
    state: 'failed',
    message: 'out of memory',
  });
  rmSync(failure);
  end(first, 0.25);
  folder.refresh();
  expect(folder.states(plan.networks).get(first.name)?.record?.finalAccuracy).toBe(0.25);
});

test('of metrics only new lines are read, and plan.json only when it has changed', async () => {
  openFolder(directory, plan, '', false);
  end(first);
  const { metrics } = networkFiles(directory, first.name);
  const line = { epoch: 1, learningRate: 1, trainLoss: 1, testLoss: 1, testAccuracy: 0.5 };
  appendMetrics(metrics, { ...line, iteration: 1 });
  const folder = new StudyFolder(directory);
  expect(folder.tests(first.name)).toHaveLength(1);
  const again = await countReads(directory, () => void folder.tests(first.name));
  expect(again.reads).toEqual([]);
  appendMetrics(metrics, { ...line, iteration: 2 });
  expect(folder.tests(first.name).map(({ iteration }) => iteration)).toEqual([1, 2]);

  expect(folder.plan()?.networks).toHaveLength(plan.networks.length);
  expect((await countReads(directory, () => void folder.plan())).reads).toEqual([]);
  openFolder(directory, demoPlan(), '', false);
  expect(folder.plan()?.networks).toHaveLength(demoPlan().networks.length);
});

test('a damaged run.json or failure.json makes its network a failed one, with what is wrong', () => {
  openFolder(directory, plan, '', false);
  const { record, failure } = networkFiles(directory, first.name);
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(failure, 'rubbish');
  const state = new StudyFolder(directory).states(plan.networks).get(first.name);
  expect(state).toMatchObject({ state: 'failed', message: expect.stringContaining(failure) });
  writeFileSync(record, 'rubbish');
  const damaged = new StudyFolder(directory).states(plan.networks).get(first.name);
  expect(damaged).toMatchObject({ state: 'failed', message: expect.stringContaining(record) });
});
