// What a look at a study's folder finds, whatever the folder holds.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endNetwork, madeLine, writeMadeFolder } from '../../bench/page/made-folder.js';
import { writeMeasurementsOf } from '../../test/made-measurements.js';
import { writeFailure } from '../runs/failure.js';
import { networkFiles } from '../runs/files.js';
import { leaseRuns } from '../runs/lease.js';
import { lockStudy } from '../study/store/lock.js';
import { writeLive } from '../study/store/live-file.js';
import type { Plan } from '../study/plan/plan.js';
import { curvesOf } from './curves.js';
import { StudyView } from './study-view.js';

let root: string;
let directory: string;
let outside: string;
let plan: Plan;
let view: StudyView;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'selffer-view-')));
  directory = join(root, 'study');
  outside = join(root, 'secret.json');
  writeFileSync(outside, '{"secret": "of somebody else"');
  plan = writeMadeFolder(directory, { splits: 1, tests: 3, waiting: 52 });
  view = new StudyView('id', directory);
});
afterEach(() => rmSync(root, { recursive: true }));

const state = (name: string) => view.study().study.networks.find((each) => each.name === name);
const planned = (name: string) => plan.networks.find((each) => each.name === name)!;
const problems = () => view.study().study.problems;
const query = { what: 'accuracy', points: 100, from: 0, to: 1e9 } as const;

test('the first look finds all, the next one nothing, then what has changed alone', () => {
  const first = view.look();
  expect(first.study?.networks).toHaveLength(54);
  expect(first.study).toMatchObject({ name: 'made', layers: 6, problems: [] });
  expect(first.study?.cutNames).toEqual(['conv1', 'conv2', 'conv3', 'conv4', 'fc5', 'fc6']);
  expect(state('split0/baseA')).toMatchObject({ state: 'done', matchedPt: 0, iteration: 60 });
  expect(state('split0/A1B')).toMatchObject({ state: 'waiting', accuracy: null, iterations: 60 });
  expect(view.look()).toEqual({});
  endNetwork(directory, planned('split0/A1B'), 7, 3);
  const { networks, figuresRevision, study } = view.look();
  expect(study).toBeUndefined();
  expect(networks?.map(({ name }) => name)).toEqual(['split0/A1B']);
  const base = state('split0/baseB')?.accuracy ?? Number.NaN;
  const own = madeLine(7, 2, 3).testAccuracy;
  expect(networks?.[0]?.matchedPt).toBeCloseTo(100 * (own - base), 10);
  expect(figuresRevision).toBeGreaterThan(first.figuresRevision ?? 0);
});

test('a network that is trained runs, with its last test; one that nobody trains waits', async () => {
  view.look();
  const name = 'split0/A1B';
  const { metrics } = networkFiles(directory, name);
  mkdirSync(dirname(metrics));
  writeFileSync(metrics, `${JSON.stringify(madeLine(1, 0, 3))}\n`);
  view.look();
  expect(state(name)).toMatchObject({ state: 'waiting', iteration: 20 });
  expect(state(name)?.reason).toContain('`selffer run` resumes it');
  const release = await leaseRuns(directory, [`runs/${name}`]);
  expect(view.look().networks).toMatchObject([{ name, state: 'running', iteration: 20 }]);
  // Trained without the folder's lock, as by a batch system.
  expect(view.study().holder).toMatchObject({ pid: process.pid });
  appendFileSync(metrics, `${JSON.stringify(madeLine(1, 1, 3))}\n{"iteration": 60`);
  expect(view.look().networks).toMatchObject([{ name, iteration: 40, matchedPt: null }]);
  expect(curvesOf(view.planned, { ...query, networks: [name] }).curves[0]?.iterations).toEqual([
    20, 40,
  ]);
  // Cut on resume.
  truncateSync(metrics, 0);
  appendFileSync(metrics, `${JSON.stringify(madeLine(1, 0, 3))}\n`);
  expect(view.look().networks).toMatchObject([{ name, iteration: 20 }]);
  release();
});

test('who runs the study, and what it says of itself', () => {
  view.look();
  expect(view.study().holder).toBeNull();
  const unlock = lockStudy(directory);
  const gangs = [{ networks: ['split0/A1B', 'nobody'], iteration: 7 }];
  const numbers = {
    ...{ startedAt: 'now', secondsLeft: 5, imagesPerSecond: 1, residentBytes: null, gangs },
  };
  writeLive(directory, numbers);
  expect(view.look().holder?.is).toMatchObject({ pid: process.pid, live: numbers });
  // Before its first test.
  expect(state('split0/A1B')?.iteration).toBe(7);
  unlock();
  rmSync(join(directory, 'live.json'));
  expect(view.look().holder?.is).toBeNull();
});

test('another plan is another study', () => {
  view.look();
  const path = join(directory, 'plan.json');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"name": "made"', '"name": "other"'));
  expect(view.look().study?.name).toBe('other');
  writeFileSync(path, text.slice(0, 1000));
  const damaged = view.look();
  expect(damaged.study?.networks).toEqual([]);
  expect(damaged.problems?.[0]).toMatch(/plan\.json: found no JSON .* wanted JSON\. Run the study/);
  writeFileSync(path, text);
  expect(view.look().study?.networks).toHaveLength(54);
  expect(problems()).toEqual([]);
});

test('a folder with nothing in it, and one with its results alone', () => {
  const empty = new StudyView('id', join(root, 'nothing'));
  expect(empty.look().problems?.[0]).toMatch(/found no plan\.json. Give the folder that/);
  expect(empty.study().study).toMatchObject({ layers: 0, networks: [], treatments: [] });
  const kept = new StudyView('id', realpathSync('docs/studies/tiny-everything'));
  kept.look();
  const { networks, layers } = kept.study().study;
  expect(networks.length).toBeGreaterThan(50);
  expect(layers).toBeGreaterThan(3);
  expect(networks.filter(({ matchedPt }) => matchedPt !== null).length).toBeGreaterThan(50);
  expect(kept.results().input?.networks).toHaveLength(networks.length);
});

test.each([
  ['run.json', 'record'],
  ['metrics.jsonl', 'metrics'],
  ['failure.json', 'failure'],
  ['lease.json', 'lease'],
] as const)('a %s that is a link out of the folder is not followed', (name, kind) => {
  const path = networkFiles(directory, 'split0/A1B')[kind];
  mkdirSync(dirname(path));
  symlinkSync(outside, path);
  const text = JSON.stringify(view.look());
  expect(state('split0/A1B')).toMatchObject({ state: 'missing' });
  expect(state('split0/A1B')?.reason).toBe(
    `runs/split0/A1B/${name} is a link that leads out of the study's folder; it is not followed`,
  );
  expect(text).not.toContain('secret"');
  expect(state('split0/baseA')?.state).toBe('done');
  expect(curvesOf(view.planned, { ...query, networks: ['split0/A1B'] }).curves).toEqual([]);
});

test('nor is a folder of a network, the folder of all, nor the plan', () => {
  symlinkSync(root, join(directory, 'runs/split0/A1B'));
  view.look();
  expect(state('split0/A1B')?.reason).toMatch(/^runs\/split0\/A1B is a link that leads out/);
  rmSync(join(directory, 'runs'), { recursive: true });
  symlinkSync(root, join(directory, 'runs'));
  for (let look = 0; look < 10; look++) view.look();
  expect(state('split0/baseA')?.reason).toMatch(/^runs is a link that leads out/);
  for (const file of ['plan.json', 'results.json', 'lock.json', 'live.json']) {
    rmSync(join(directory, file), { force: true });
    symlinkSync(outside, join(directory, file));
  }
  const text = JSON.stringify(view.look());
  expect(problems()).toHaveLength(4);
  expect(text).not.toContain('of somebody else');
});

test('a link inside the folder is followed, one that leads nowhere is nothing', () => {
  const { record, failure } = networkFiles(directory, 'split0/A1B');
  endNetwork(directory, planned('split0/A1B'), 1, 3);
  execFileSync('mv', [record, join(directory, 'elsewhere.json')]);
  symlinkSync(join(directory, 'elsewhere.json'), record);
  symlinkSync('/nowhere/at/all', failure);
  view.look();
  expect(state('split0/A1B')?.state).toBe('done');
});

test.skipIf(process.platform === 'win32')('a pipe, a folder and a giant hold up nobody', () => {
  const files = networkFiles(directory, 'split0/A1B');
  mkdirSync(dirname(files.record));
  execFileSync('mkfifo', [files.record]);
  const other = networkFiles(directory, 'split0/A2B');
  mkdirSync(other.metrics, { recursive: true });
  const third = networkFiles(directory, 'split0/A3B');
  mkdirSync(dirname(third.failure));
  writeFileSync(third.failure, '');
  truncateSync(third.failure, 2 ** 33);
  view.look();
  expect(state('split0/A1B')?.reason).toMatch(/run\.json is not a plain file; it is not read/);
  expect(state('split0/A2B')?.reason).toMatch(/metrics\.jsonl is not a plain file/);
  expect(state('split0/A3B')?.reason).toMatch(/has 8,589,934,592 bytes, more than the/);
  expect(state('split0/baseA')?.state).toBe('done');
});

test('names and words of a folder are data, whatever they are', () => {
  const path = join(directory, 'plan.json');
  const text = readFileSync(path, 'utf8');
  const hostile = '<img src=x onerror=alert(1)>\u001b[2J\u202e__proto__';
  const changed = JSON.parse(text) as {
    networks: { name: string; split: string; content: object }[];
    study: { weightLayers: number };
  };
  changed.networks[0]!.name = hostile;
  changed.networks[1]!.name = '__proto__';
  changed.networks[2]!.name = changed.networks[3]!.name;
  changed.networks[4]!.content = { network: { part: 'x' }, solver: 7, target: null };
  writeFileSync(path, JSON.stringify(changed));
  writeFailure(networkFiles(directory, '__proto__').failure, hostile);
  view.look();
  expect(state(hostile)?.state).toBe('waiting');
  expect(state('__proto__')).toMatchObject({ state: 'failed', reason: hostile });
  expect(view.study().study.networks).toHaveLength(53);
  for (const name of ['../../etc', '/etc/passwd', 'a/../../b', '.hidden/x', 'a\\b', 'a\u0000b']) {
    changed.networks[5]!.name = name;
    writeFileSync(path, JSON.stringify(changed));
    view.look();
    expect(problems()[0]).toMatch(/networks\.5\.name: found .* wanted a name such as split0\/A3B/);
  }
  changed.networks[5]!.name = 'split0/A2A';
  changed.study.weightLayers = 1e15;
  writeFileSync(path, JSON.stringify(changed));
  view.look();
  expect(problems()[0]).toMatch(/found a network of 1000000000000000 segments, wanted at most/);
});

test('a folder that cannot be read says so', () => {
  const { record } = networkFiles(directory, 'split0/A1B');
  mkdirSync(dirname(record));
  writeFileSync(record, '{"schema": "selffer.run/9"}');
  view.look();
  expect(state('split0/A1B')).toMatchObject({ state: 'failed' });
  expect(state('split0/A1B')?.reason).toMatch(/found "selffer.run\/9", wanted selffer.run\/1/);
});

test('measurements: those of these runs alone, and figures anew when there are others', () => {
  const bases = ['split0/baseA', 'split0/baseB'];
  const told = () => view.look().figuresRevision ?? 0;
  const first = told();
  expect(view.results().measurements).toBeNull();
  const entries = view.planned?.plan.networks ?? [];
  writeMeasurementsOf(
    directory,
    entries.filter(({ name }) => bases.includes(name)),
    6,
  );
  const second = told();
  expect(second).toBeGreaterThan(first);
  expect(view.look()).toEqual({});
  const probes = () => view.results().measurements?.places['split0']?.probes ?? [];
  expect(new Set(probes().map(({ base }) => base))).toEqual(new Set(bases));
  expect(problems()).toEqual([]);
  // One was trained again: with other settings, by its identity.
  endNetwork(directory, { name: 'split0/baseA', identity: 'another' }, 0, 3);
  for (let i = 0; i < 10; i++) view.look();
  expect(new Set(probes().map(({ base }) => base))).toEqual(new Set(['split0/baseB']));
  expect(problems().join()).toContain('speak of split0/baseA (not these runs)');
  writeFileSync(join(directory, 'measurements.json'), '{"schema": "selffer.measurements/1"}');
  expect(told()).toBeGreaterThan(second);
  expect(view.results().measurements).toBeNull();
  expect(problems().join()).toMatch(/Measurements are left out: .*places/);
  rmSync(join(directory, 'measurements.json'));
  symlinkSync(outside, join(directory, 'measurements.json'));
  view.look();
  expect(problems().join()).toContain('measurements.json is a link that leads out');
  expect(problems().join()).not.toContain('somebody');
});
