// Where networks are whose training failed, from the files of their runs.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { networkFiles } from '../../runs/files.js';
import { madeRecord } from '../../runs/made-record.cases.js';
import { writeMetrics } from '../../runs/metrics.js';
import { type RunRecord, writeRecord } from '../../runs/record.js';
import { demoPlan } from '../plan/demo-plan.cases.js';
import { buildResults } from '../results/build.js';
import { formatResults } from '../results/json.js';
import { parseResults } from '../results/parse.js';
import { StudyFolder } from '../run/folder.js';
import { openFolder } from './open-folder.js';
import { readResults } from './results-file.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-state-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const plan = demoPlan({
  layers: [2],
  tasks: [{ kind: 'random-halves', data: { source: ['glyphs'], size: 28 }, seeds: [0] }],
});

function end(name: string, change: Partial<RunRecord>): void {
  const { identity } = plan.networks.find((each) => each.name === name)!;
  const { record } = networkFiles(directory, name);
  mkdirSync(dirname(record), { recursive: true });
  writeRecord(record, madeRecord({ name, identity, ...change }));
}

const messages = (): Record<string, string | null> =>
  Object.fromEntries(
    [...new StudyFolder(directory).states(plan.networks)].map(([name, { message }]) => [
      name,
      message,
    ]),
  );

test('a dead base: what is known of it, and why what copies it was not trained', () => {
  openFolder(directory, plan, '', false);
  end('split0/baseA', { state: 'dead', valImages: 24 });
  expect(messages()).toMatchObject({
    'split0/baseA': 'cannot be told apart from chance on 24 images',
    'split0/A2B+': 'not trained: split0/baseA, which it copies, is dead',
    'split0/B2B': null,
  });
});

test('a loss that ends above 0.9 ln C: marked in results.json, which reads back', () => {
  openFolder(directory, plan, '', false);
  // ln 13 = 2.56.
  end('split0/baseA', { classes: 13, finalTrainLoss: 2.32 });
  end('split0/R2A', { classes: 13, finalTrainLoss: 2.3 });
  end('split0/R2B', { classes: 13, finalTrainLoss: null });
  const results = readResults(directory);
  const marked = results.networks.filter(({ notLearnt }) => notLearnt);
  expect(marked.map(({ name, state }) => `${name} ${state}`)).toEqual(['split0/baseA done']);
  expect(messages()['split0/baseA']).toBe(
    'did not learn: training loss ended at 2.32 (ln 13 = 2.56)',
  );
  expect(buildResults(parseResults(formatResults(results)))).toEqual(results);
});

test('a record of an earlier version, which does not say the loss, has it from its metrics', () => {
  openFolder(directory, plan, '', false);
  const { finalTrainLoss, ...older } = madeRecord({ classes: 13 });
  expect(finalTrainLoss).toBeDefined();
  const { identity } = plan.networks.find(({ name }) => name === 'split0/baseB')!;
  const { record, metrics } = networkFiles(directory, 'split0/baseB');
  mkdirSync(dirname(record), { recursive: true });
  writeRecord(record, { ...older, name: 'split0/baseB', identity });
  const test = { iteration: 9, epoch: 1, learningRate: 0.1, testLoss: null, testAccuracy: 0.5 };
  writeMetrics(metrics, [{ ...test, trainLoss: 9 }]);
  expect(messages()['split0/baseB']).toMatch(/^did not learn: training loss ended at 9/);
});

test('a base whose accuracy still rises: its rise in results.json, which reads back', () => {
  openFolder(directory, plan, '', false);
  const curve = (name: string, slope: number) => {
    end(name, {});
    const line = { epoch: 1, learningRate: 0.1, trainLoss: 1, testLoss: 1 };
    const tests = Array.from({ length: 15 }, (_, i) => ({
      ...{ ...line, iteration: i + 1 },
      testAccuracy: 0.3 + slope * i + 0.001 * (i % 2),
    }));
    writeMetrics(networkFiles(directory, name).metrics, tests);
  };
  curve('split0/baseA', 0.01);
  curve('split0/baseB', 0);
  curve('split0/R2A', 0.01);
  const results = readResults(directory);
  const marked = results.networks.filter(({ rising }) => rising !== undefined);
  expect(marked.map(({ name }) => name)).toEqual(['split0/baseA']);
  expect(marked[0]?.rising?.risePt).toBeCloseTo(4, 0);
  expect(buildResults(parseResults(formatResults(results)))).toEqual(results);
});

test('networks of few images may end there', () => {
  const reduced = demoPlan({
    tasks: [{ kind: 'whole', data: { source: ['glyphs'], size: 28 } }],
    treatments: ['base'],
    imagesPerClass: [5],
  });
  const [network] = reduced.networks;
  expect(network?.family).toBe('reduced');
  openFolder(directory, reduced, '', false);
  const { name, identity } = network!;
  const { record } = networkFiles(directory, name);
  mkdirSync(dirname(record), { recursive: true });
  writeRecord(record, madeRecord({ name, identity, classes: 26, finalTrainLoss: 3.2 }));
  expect(readResults(directory).networks[0]).not.toHaveProperty('notLearnt');
});
