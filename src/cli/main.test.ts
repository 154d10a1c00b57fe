import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeWordNet } from '../../test/data/made-wordnet.js';
import { thisProcess } from '../base/process-owner.js';
import { runFiles } from '../runs/files.js';
import { leaseRuns } from '../runs/lease.js';
import { printStudy } from '../study/file/print-study.js';
import { readStudy } from '../study/file/read-study.js';
import { planStudy } from '../study/plan/plan.js';
import { openFolder } from '../study/store/open-folder.js';
import { buildProgram, main } from './main.js';
import { prepareData } from './prepare-data.js';

let directory: string;
let out: string;
let err: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-cli-'));
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(directory, { recursive: true });
});

async function status(...args: string[]): Promise<number> {
  process.exitCode = undefined;
  await main(args);
  return Number(process.exitCode ?? 0);
}

test('every command’s help has an example', async () => {
  for (const { name } of buildProgram().commands.map((command) => ({ name: command.name() }))) {
    out = '';
    expect(await status(name, '--help')).toBe(0);
    expect(out).toMatch(/Examples?:\n {2}selffer /);
  }
});

test.each([
  [['rum'], /unknown command 'rum'[^]*Did you mean run/],
  [['run'], /missing required argument 'study'/],
  [['run', 'x.yaml', '--executor', 'gpu'], /Allowed choices are auto, onednn, onnx, reference/],
  [['run', 'x.yaml', '--memory', 'much'], /wanted for example 8G/],
  [['run', 'x.yaml', '--threads', '0'], /at least 1/],
  [['cuts', 'tyny32'], /tyny32: .* nor one of .* \(did you mean tiny32\?\)/],
  [['cuts', '/nowhere/x.prototxt'], /x\.prototxt/],
  [['run', '/nowhere/x.yaml'], /x\.yaml: the file does not exist/],
])('%j ends with status 2', async (args, message) => {
  expect(await status(...args)).toBe(2);
  expect(err).toMatch(message);
  expect(err).not.toMatch(/ at .*:\d+:\d+/);
});

test('data fetch lists what there is with its terms, also as JSON', async () => {
  expect(await status('data', 'fetch', '--list')).toBe(0);
  expect(out).toMatch(/^cifar10 .*32x32, 10 classes\n *162 MiB in cifar-10-binary\.tar\.gz\n/);
  expect(out.match(/terms: /g)).toHaveLength(4);
  out = '';
  expect(await status('data', 'fetch', '--list', '--json')).toBe(0);
  expect(JSON.parse(out).dataSets[3].files).toHaveLength(4);
});

test.each([
  [['data', 'fetch', 'cifr10'], 2, /found "cifr10", wanted one of .* \(did you mean cifar10\?\)/],
  [['data', 'fetch'], 2, /found no name, wanted one of cifar10, /],
  [['data', 'fetch', 'mnist', '--from', '/mnt'], 2, /--from: found "\/mnt", wanted the address/],
  [['data', 'fetch', 'mnist', '--from', 'http://a.invalid'], 1, /its name cannot be found/],
])('%j ends with status %i', async (args, expected, message) => {
  const place = args.length > 2 ? ['--out', join(directory, 'mnist')] : [];
  expect(await status(...args, ...place)).toBe(expected);
  expect(err).toMatch(message);
  expect(err).not.toMatch(/ at .*:\d+:\d+/);
});

test('cuts shows where a network can be cut', async () => {
  expect(await status('cuts', 'tiny32', '--classes', '20')).toBe(0);
  expect(out).toContain('tiny32: input 3 x 32 x 32, 7 cut points, 8 weight layers, 580,820 param');
  expect(out).toMatch(/│ \* 4 │ conv4 +│ 96 x 8 x 8 +│ +1 │ +83,040 │/);
  expect(out).toContain('fc8 (classifier, never copied)');
  out = '';
  expect(await status('cuts', 'tiny32', '--json')).toBe(0);
  const { segments, note } = JSON.parse(out) as { segments: { name: string }[]; note: null };
  expect(segments.map(({ name }) => name).slice(4)).toEqual(['conv5', 'fc6', 'fc7', 'fc8']);
  expect(note).toBeNull();
});

test('doctor says whether there is a WordNet database', async () => {
  const ids = writeWordNet(directory, [{ word: 'entity' }]);
  expect(ids.size).toBe(1);
  vi.stubEnv('SELFFER_WORDNET', directory);
  await status('doctor');
  expect(out).toContain(`WordNet 3.0: ${directory}/data.noun`);
  vi.stubEnv('SELFFER_WORDNET', '/nowhere');
  out = '';
  await status('doctor', '--json');
  expect(JSON.parse(out).wordNet.message).toMatch(
    /found no data\.noun of WordNet 3\.0, looked in \/nowhere/,
  );
  vi.unstubAllEnvs();
});

test('a folder that is not a study’s ends with status 2 and a hint', async () => {
  expect(await status('status', directory)).toBe(2);
  expect(err).toMatch(/found no plan\.json, wanted a study's folder\n.*selffer run/);
});

test('init writes a study that plans, and does not overwrite it', async () => {
  const file = join(directory, 'study.yaml');
  expect(await status('init', file)).toBe(0);
  expect(readFileSync(file, 'utf8')).toMatch(/study\.schema\.json/);
  expect(await status('init', file)).toBe(2);
  out = '';
  expect(await status('run', file, '--dry-run', '--json', '--out', join(directory, 'o'))).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ networks: 54, gangs: 4, rate: { from: 'timed' } });
  expect(existsSync(join(directory, 'o'))).toBe(false);
});

test('a dry run of some networks counts the bases they copy and are compared with', async () => {
  const file = join(directory, 'study.yaml');
  writeFileSync(file, 'name: s\ndata: {source: glyphs}\nnetwork: glyph28\n');
  const only = ['--only', 'A3B', '--set', 'solver.epochs=1'];
  expect(
    await status('run', file, '--dry-run', '--json', '--out', join(directory, 'o'), ...only),
  ).toBe(0);
  expect(JSON.parse(out).names).toEqual(['split0/baseA', 'split0/baseB', 'split0/A3B']);
  out = '';
  const further = ['--only', 'A3B>', '--set', 'treatments=[base, AnB>]', '--set', 'bases=2'];
  const folder = join(directory, 'o');
  expect(await status('run', file, '--dry-run', '--json', '--out', folder, ...further)).toBe(0);
  const { names, gangs } = JSON.parse(out);
  const bases = ['split0/baseA', 'split0/baseB', 'split0/baseB-2'];
  expect(names).toEqual([...bases, 'split0/A3B', 'split0/A3B>']);
  expect(gangs).toBe(5);
});

test('problems of a study are given as JSON when JSON is asked for', async () => {
  const file = join(directory, 'study.yaml');
  writeFileSync(file, 'name: s\nnetwork: tiny33\ndata: {source: glyphs}\n');
  expect(await status('run', file, '--json')).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ event: 'error', code: 'parse', issues: [{ line: 2 }] });
});

test('a precision that the executor lacks is refused before anything is written', async () => {
  const file = join(directory, 'study.yaml');
  writeFileSync(file, 'name: s\ndata: {source: glyphs}\nnetwork: glyph28\nprecision: bf16\n');
  const folder = join(directory, 'o');
  expect(await status('run', file, '--executor', 'reference', '--out', folder)).toBe(1);
  expect(err).toMatch(/precision bf16: reference .* has fp32 on this machine/);
  expect(err).toMatch(/--set precision=fp32/);
  expect(existsSync(folder)).toBe(false);
});

test('the demo’s study and the examples are valid', async () => {
  expect(await status('demo', '--dry-run', '--json', '--out', join(directory, 'o'))).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ study: 'glyphs-demo' });
});

/** Makes `folder` that of a study of glyphs of which nothing was trained yet. */
async function openGlyphs(folder: string): Promise<void> {
  const file = join(directory, 'study.yaml');
  writeFileSync(file, 'name: s\ndata: {source: glyphs}\nnetwork: glyph28\n');
  const study = readStudy(file);
  openFolder(folder, planStudy(study, await prepareData(study)), printStudy(study), false);
}

test('status says running of networks that a living process trains, of no other', async () => {
  const folder = join(directory, 'o');
  await openGlyphs(folder);
  const runs = ['runs/split0/baseA', 'runs/split0/baseB'] as const;
  for (const run of runs) {
    const { metrics } = runFiles(folder, run);
    mkdirSync(join(folder, run), { recursive: true });
    writeFileSync(metrics, '');
  }
  const release = await leaseRuns(folder, [runs[0]]);
  // Of a process that has ended.
  writeFileSync(
    runFiles(folder, runs[1]).lease,
    JSON.stringify({ ...thisProcess(), pid: 2 ** 22 + 1, since: null, token: 'x' }),
  );
  expect(await status('status', folder, '--json')).toBe(0);
  release();
  const { networks } = JSON.parse(out) as {
    networks: { name: string; state: string; message: string | null }[];
  };
  expect(networks.slice(0, 2).map(({ state }) => state)).toEqual(['running', 'waiting']);
  expect(networks[1]?.message).toBe('begun; `selffer run` resumes it');
});

test('clean says what would go, then removes it', async () => {
  const folder = join(directory, 'o');
  expect(await status('clean', folder)).toBe(2);
  expect(existsSync(folder)).toBe(false);
  await openGlyphs(folder);
  const aside = join(folder, 'plan.json.damaged');
  writeFileSync(aside, '12345');
  expect(await status('clean', folder, '--dry-run')).toBe(0);
  expect(out).toMatch(/damaged files that were set aside \(1 file\)\nwould remove 1 file, 1 KiB; /);
  out = '';
  expect(await status('clean', folder, '--json')).toBe(0);
  const { removed, bytes } = JSON.parse(out) as { removed: object[]; bytes: number };
  expect(removed).toEqual([{ path: 'plan.json.damaged', kind: 'damaged', bytes: 5 }]);
  expect(bytes).toBe(5);
  expect(existsSync(aside)).toBe(false);
  out = '';
  expect(await status('clean', folder)).toBe(0);
  expect(out).toMatch(/^nothing to remove; /);
});

test('import caffe makes a folder that status and report work on', async () => {
  const logs = join(directory, 'logs');
  for (const name of ['half0A', 'odd']) mkdirSync(join(logs, name), { recursive: true });
  const head = 'I0403 07:15:12.972617 23304 solver.cpp:96] ';
  const lines = ['Iteration 1000, Testing net', 'Test score #0: 0.5', 'Test score #1: 2'];
  const text = lines.map((line) => `${head}${line}\n`).join('');
  writeFileSync(join(logs, 'half0A', '140403_063910_half0A.o1'), text);
  const folder = join(directory, 'original');
  expect(await status('import', 'caffe', logs, '--out', folder, '--json')).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ networks: 1, states: { done: 1 }, unknown: ['odd'] });
  out = '';
  expect(await status('status', folder, '--json')).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ networks: [{ name: 'split0/baseA', iteration: 1000 }] });
  out = '';
  expect(await status('report', folder, '--json')).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ networks: [{ accuracy: 0.5, originalName: 'half0A' }] });
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/not understood: odd/);
  expect(readFileSync(join(folder, 'findings.md'), 'utf8')).toContain('| F16 |');
  const other = join(directory, 'other');
  expect(await status('import', 'caffe', logs, '--out', other, '--json')).toBe(0);
  out = '';
  expect(await status('report', folder, '--against', other, '--json')).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    study: { name: 'original' },
    against: { study: { name: 'other' }, base: { mean: 0.5 } },
  });
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('Against other');
  expect(await status('report', folder, '--against', join(directory, 'none'))).toBe(2);
  expect(err).toMatch(/none: does not exist, wanted a study/);
  expect(await status('report', folder, '--against', logs)).toBe(2);
  expect(err).toMatch(/logs: found no plan.json, wanted a study/);
  expect(await status('report', join(folder, 'plan.json'))).toBe(2);
  expect(err).toMatch(/plan.json: is a file, wanted a study/);
});

test('a study of which results.json alone was kept can be reported and laid over another', async () => {
  const logs = join(directory, 'logs');
  mkdirSync(join(logs, 'half0A'), { recursive: true });
  const head = 'I0403 07:15:12.972617 23304 solver.cpp:96] ';
  const lines = ['Iteration 1000, Testing net', 'Test score #0: 0.5', 'Test score #1: 2'];
  const text = lines.map((line) => `${head}${line}\n`).join('');
  writeFileSync(join(logs, 'half0A', '140403_063910_half0A.o1'), text);
  const [folder, kept] = [join(directory, 'whole'), join(directory, 'kept')];
  expect(await status('import', 'caffe', logs, '--out', folder)).toBe(0);
  mkdirSync(kept);
  const results = readFileSync(join(folder, 'results.json'), 'utf8');
  writeFileSync(join(kept, 'results.json'), results);
  out = '';
  expect(await status('report', kept, '--json')).toBe(0);
  expect(out.trim()).toBe(results.trim());
  expect(readFileSync(join(kept, 'report.html'), 'utf8')).toContain('Made of results.json alone');
  expect(await status('report', folder, '--against', kept)).toBe(0);
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('Against whole');
  writeFileSync(join(kept, 'results.json'), '{"schema": "other/1"}');
  expect(await status('report', kept)).toBe(2);
  expect(err).toMatch(/found schema "other\/1", wanted selffer.results\/1/);
});

test('what data info found in a store is a warning in the reports that use it', async () => {
  const logs = join(directory, 'logs');
  mkdirSync(join(logs, 'half0A'), { recursive: true });
  const head = 'I0403 07:15:12.972617 23304 solver.cpp:96] ';
  const lines = ['Iteration 1000, Testing net', 'Test score #0: 0.5', 'Test score #1: 2'];
  const text = lines.map((line) => `${head}${line}\n`).join('');
  writeFileSync(join(logs, 'half0A', '140403_063910_half0A.o1'), text);
  const folder = join(directory, 'study');
  expect(await status('import', 'caffe', logs, '--out', folder)).toBe(0);
  const path = join(folder, 'plan.json');
  const plan = JSON.parse(readFileSync(path, 'utf8')) as {
    networks: { content: object }[];
    parts: object;
  };
  const store = join(directory, 'photos.store');
  for (const network of plan.networks)
    network.content = { ...network.content, target: { part: 'p' } };
  const ours = { ...plan, parts: { p: { data: 'hash' } }, stores: [store] };
  writeFileSync(path, JSON.stringify(ours));
  const info = { schema: 'selffer.data-info/1', warnings: ['7 validation images are copies'] };
  const page = () => readFileSync(join(folder, 'report.html'), 'utf8');
  // Of the store as it was at another time: not said.
  writeFileSync(`${store}.info.json`, JSON.stringify({ ...info, manifestHash: 'other' }));
  expect(await status('report', folder)).toBe(0);
  expect(page()).not.toContain('7 validation images');
  writeFileSync(`${store}.info.json`, JSON.stringify({ ...info, manifestHash: 'hash' }));
  expect(await status('report', folder)).toBe(0);
  expect(page()).toContain('7 validation images are copies (data info of photos.store).');
});

test('import caffe refuses what is not logs, and a folder that is not an import', async () => {
  mkdirSync(join(directory, 'logs', 'results'), { recursive: true });
  const [logs, folder] = [join(directory, 'logs'), join(directory, 'o')];
  expect(await status('import', 'caffe', join(directory, 'none'), '--out', folder)).toBe(2);
  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(await status('import', 'caffe', file, '--out', folder)).toBe(2);
  expect(err).toMatch(/file: is a file, wanted a folder of logs/);
  expect(await status('import', 'caffe', logs, '--out', folder)).toBe(2);
  expect(err).toMatch(/found only results, wanted directories named as/);
  expect(await status('import', 'caffe', logs)).toBe(2);
  expect(existsSync(folder)).toBe(false);
  mkdirSync(join(logs, 'half0A'));
  expect(await status('import', 'caffe', logs, '--out', logs)).toBe(2);
  expect(await status('import', 'caffe', logs, '--out', file)).toBe(2);
  // Nothing could be read of a network.
  writeFileSync(join(logs, 'half0A', 'a.o1.gz'), Uint8Array.of(0x1f, 0x8b, 8));
  expect(await status('import', 'caffe', logs, '--out', folder)).toBe(1);
});
