// `run` of the library on a real study: its events are those that the published schema describes,
// and `selffer run --json` prints the same; what is wrong is thrown.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  DataError,
  loadResults,
  makeReport,
  ParseError,
  run,
  type RunEvent,
  type Study,
  study,
  UsageError,
} from '../../src/index.js';
import { tinyNetwork, tinyStudy } from './tiny-study.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const schema = JSON.parse(readFileSync(join(root, 'schema/events.schema.json'), 'utf8')) as object;
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
const executor = 'reference';

function expectDescribed(events: readonly unknown[]): void {
  for (const event of events) expect(validate(event), JSON.stringify(event)).toBe(true);
}

let folder: string;
let tiny: Study;
const before = process.env['SELFFER_CACHE_DIR'];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-library-'));
  process.env['SELFFER_CACHE_DIR'] = join(folder, 'cache');
  tiny = await tinyStudy(folder, { iterations: 20, treatments: ['base'] });
});
afterAll(() => {
  if (before === undefined) delete process.env['SELFFER_CACHE_DIR'];
  else process.env['SELFFER_CACHE_DIR'] = before;
  rmSync(folder, { recursive: true, force: true });
});

test('a study of a network of one’s own, from its images to its report', async () => {
  const out = join(folder, 'whole');
  const events: RunEvent[] = [];
  const end = await run(tiny, { out, executor, onEvent: (event) => events.push(event) });
  expect(end).toMatchObject({ outcome: 'finished', directory: out, unfinished: [], failure: null });
  expect(end.results.networks.map(({ name, state }) => [name, state])).toEqual([
    ['split0/baseA', 'done'],
    ['split0/baseB', 'done'],
  ]);
  expect(end.peakResidentBytes).toBeGreaterThan(1e6);
  expect(end.report?.path).toBe(join(out, 'report.html'));
  expect(existsSync(join(out, 'report.html'))).toBe(true);
  expectDescribed(events);
  const kinds = new Set(events.map(({ event }) => event));
  for (const kind of ['decoding', 'remark', 'study', 'gang', 'ready', 'step', 'test', 'ended']) {
    expect(kinds, kind).toContain(kind);
  }
  expect(events.at(-1)).toMatchObject({ event: 'end', outcome: 'finished', unfinished: [] });
});

test('the folder alone says what was trained, and the command finds nothing left to do', () => {
  const out = join(folder, 'whole');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[join(root, 'bin/selffer.js'), 'run', join(out, 'study.yaml'), '--out', out],
      ...['--executor', executor, '--json'],
    ],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly event: string });
  expectDescribed(events);
  expect(events.find(({ event }) => event === 'study')).toMatchObject({ networks: 2, todo: 0 });
  expect(events.at(-1)).toMatchObject({ event: 'end', outcome: 'finished' });
});

test('an error of the command is described too', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'bin/selffer.js'), 'run', join(folder, 'none.yaml'), '--json'],
    { encoding: 'utf8' },
  );
  expect(status).toBe(2);
  const event = JSON.parse(stdout) as object;
  expectDescribed([event]);
  expect(event).toMatchObject({ event: 'error', code: 'parse', issues: [{ message: /exist/ }] });
});

test('results and report can be had later', async () => {
  const out = join(folder, 'whole');
  expect(loadResults(out)).toEqual(loadResults(join(out, 'results.json')));
  rmSync(join(out, 'report.html'));
  const { path, failed, figures } = await makeReport(out, { against: loadResults(out) });
  expect([failed, figures.length > 0, existsSync(path)]).toEqual([[], true, true]);
  expect(() => loadResults(join(folder, 'nothing'))).toThrow(/nothing: does not exist/);
});

test('what is wrong with the input is thrown before anything is written', async () => {
  const out = join(folder, 'never');
  const noImages = { ...tiny, tasks: [{ ...tiny.tasks[0]!, data: dataOf('/no/images') }] } as Study;
  await expect(run(noImages, { out, executor })).rejects.toThrow(DataError);
  await expect(run(tiny, { out, executor, only: ['X'] })).rejects.toThrow(UsageError);
  const foreign = join(folder, 'images');
  await expect(run(tiny, { out: foreign, executor })).rejects.toThrow(/holds no study/);
  const broken = join(folder, 'broken.yaml');
  writeFileSync(broken, 'name: x\nnetwork: 7\nsolver: {lr: fast}\n');
  await expect(run(broken, { out })).rejects.toThrow(ParseError);
  expect(existsSync(out)).toBe(false);
});

const dataOf = (source: string) => ({ source: [source], size: 8 });

test('keys of a study are checked as those of a file are', () => {
  const keys = { name: 'x', network: tinyNetwork, data: { source: 'images', size: 8 } };
  expect(study(keys)).toMatchObject({ name: 'x', network: tinyNetwork, layers: [1], repeats: 1 });
  const wrong = { ...keys, treatmentz: [], solver: { lr: 'fast' } } as unknown as typeof keys;
  expect(() => study(wrong)).toThrow(/unknown key "treatmentz".*\n.*solver.lr: found "fast"/);
});
