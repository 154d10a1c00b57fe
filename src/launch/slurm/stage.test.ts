import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoPlan } from '../../study/plan/demo-plan.cases.js';
import { divideIntoGangs, type Gang, gangJob } from '../../study/plan/gangs.js';
import type { GangJob } from '../../train/job.js';
import { isLastOn } from './in-flight.js';
import { removeStaged, stageFolder, stageStores } from './stage.js';

let directory: string;
let store: string;
let folder: string;
const said: string[] = [];
const say = (line: string): void => void said.push(line);
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-stage-'));
  store = join(directory, 'images.store');
  folder = join(directory, 'node');
  writeFileSync(store, Buffer.alloc(100_000, 7));
  said.length = 0;
});
afterEach(() => rmSync(directory, { recursive: true }));

function job(of = store): GangJob {
  const plan = demoPlan({ layers: [1] });
  const [gang] = divideIntoGangs(plan, plan.networks, { memoryBytes: Infinity, networks: 9 });
  const engine = { executor: 'reference', precision: 'fp32', exact: false } as const;
  const made = gangJob(plan, gang as Gang, directory, {
    ...engine,
    ...{ threads: 1, checkpointEverySeconds: 9 },
  });
  return { ...made, input: { ...made.input, target: { ...made.input.target, store: of } } };
}
const copies = (): readonly string[] => readdirSync(folder).map((name) => join(folder, name));

test('several tasks of a node at once make one copy, and read it', async () => {
  const staged = await Promise.all([1, 2, 3].map(() => stageStores(job(), folder, say)));
  expect(copies()).toHaveLength(1);
  expect(said).toEqual([`${store} is copied to ${copies()[0]}`]);
  // The built-in images stay where they are.
  for (const { input } of staged) expect(input.stores).toEqual({ [store]: copies()[0] });
  expect(readFileSync(copies()[0] ?? '')).toEqual(readFileSync(store));
});

test('a copy that is not the store is made anew; another store gets its own', async () => {
  await stageStores(job(), folder, say);
  const [copy = ''] = copies();
  writeFileSync(copy, 'torn');
  await stageStores(job(), folder, say);
  expect(readFileSync(copy)).toEqual(readFileSync(store));
  writeFileSync(store, Buffer.alloc(100_000, 8));
  await stageStores(job(), folder, say);
  expect(copies()).toHaveLength(2);
});

test('what was not used for a week goes when another copy is made', async () => {
  await stageStores(job(), folder, say);
  const [copy = ''] = copies();
  const old = Date.now() / 1000 - 8 * 24 * 3600;
  utimesSync(copy, old, old);
  writeFileSync(store, Buffer.alloc(50, 1));
  await stageStores(job(), folder, say);
  expect(existsSync(copy)).toBe(false);
});

test('where nothing can be copied, the shared images are read, and the log says why', async () => {
  const blocked = join(store, 'below-a-file');
  const { input } = await stageStores(job(), blocked, say);
  expect(input.stores).toEqual({});
  expect(said[0]).toMatch(/images.store is read from where it lies: .*ENOTDIR/);
});

test('the folder is the one that is named, or the node’s own', () => {
  expect(stageFolder('/scratch', {})).toMatch(/^\/scratch\/selffer-images-\d+$/);
  const own = { SLURM_TMPDIR: '/job', TMPDIR: '/tmp' };
  expect(stageFolder('temporary', own)).toMatch(/^\/job\//);
  expect(stageFolder('temporary', { TMPDIR: '/var/tmp' })).toMatch(/^\/var\/tmp\//);
});

test('the last task of a node removes what it read, unless another study has asked for it', async () => {
  const own = await stageStores(job(), folder, say);
  const [copy = ''] = copies();
  utimesSync(copy, new Date(1000), new Date(1000));
  removeStaged(own, 500, say);
  expect(copies()).toEqual([copy]);
  removeStaged(own, 1000, say);
  expect(copies()).toEqual([]);
  expect(said.at(-1)).toBe(`${copy} is removed: the study needs it here no more`);
  removeStaged(own, 1000, say);
});

const queued = (id: string, standing: 'queued' | 'running', node: string | null) => {
  const job = { ...{ id, job: '1', index: 0, state: '', reason: null, standing, node } };
  return { identity: '', task: 0, job: { ...job, comment: { tag: '', part: 0 } } };
};

test.each([
  ['it alone', [], true],
  ['one more at work on another node', [queued('1_1', 'running', 'n2')], true],
  ['one more at work here', [queued('1_1', 'running', 'n1')], false],
  ['one that waits, wherever it will go', [queued('1_1', 'queued', null)], false],
])('whether a task is the last on its node: %s', (_, others, isLast) => {
  const all = [queued('1_0', 'running', 'n1'), ...others];
  const networks = new Map(all.map((each, at) => [String(at), each]));
  expect(isLastOn('n1', '1_0', { jobs: [], ended: [], networks })).toBe(isLast);
});
