// Answers by image, sizes of targets and further test sets, through the real command and processes.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTask } from '../../src/data/classes/task.js';
import { openStore } from '../../src/data/store/open-store.js';
import { readAnswers } from '../../src/runs/answers.js';
import { networkFiles } from '../../src/runs/files.js';
import type { RunRecord } from '../../src/runs/record.js';
import type { Results } from '../../src/study/results/types.js';

const command = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const classes = ['upper-A', 'upper-B', 'upper-C', 'upper-D'];
const sized = ['baseB', 'A2B', 'A2B+'];
const networks = ['baseA', ...sized].map((name) => `classes/${name}`);
const small = sized.map((name) => `classes-k0008/${name}`);
let directory: string;
let study: string;
let whole: string;
let results: Results;

// The validation images themselves: on them every network must answer as it did.
async function writeCopy(folder: string): Promise<void> {
  const set = openStore('glyphs');
  const { val, valLabels } = makeTask(set, classes, null);
  const { height, width } = set.form;
  for (const record of val) {
    const place = join(folder, classes[valLabels[record] as number] as string);
    mkdirSync(place, { recursive: true });
    await sharp(set.val.pixels(record), { raw: { width, height, channels: 1 } })
      .png()
      .toFile(join(place, `${String(record).padStart(6, '0')}.png`));
  }
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-images-'));
  study = join(directory, 'study.yaml');
  await writeCopy(join(directory, 'copy'));
  writeFileSync(
    study,
    `name: small
data: {source: glyphs}
network: glyph28
tasks: {classes: {A: [lower-a, lower-b, lower-c], B: [${classes.join(', ')}]}}
tests: {copy: {data: {source: copy, channels: 1}}}
imagesPerClass: {source: all, target: [8, all]}
solver: {batch: 32, lr: 0.02, iterations: 40, testEvery: 20}
treatments: [base, AnB, AnB+]
targets: [B]
layers: [2]
`,
  );
  whole = run('whole');
  results = JSON.parse(text(whole, 'results.json')) as Results;
});
afterAll(() => rmSync(directory, { recursive: true }));

const args = (folder: string, ...options: string[]): string[] => [
  ...[command, 'run', study, '--out', folder, '--json', '--threads', '1', '--workers', '1'],
  ...options,
];

function run(name: string, ...options: string[]): string {
  const folder = join(directory, name);
  const { status, stderr } = spawnSync(process.execPath, args(folder, ...options), {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return folder;
}

const text = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');
const record = (folder: string, network: string): RunRecord =>
  JSON.parse(text(folder, `runs/${network}/run.json`)) as RunRecord;

test('a dry run counts all networks', () => {
  const dry = spawnSync(process.execPath, args(join(directory, 'dry'), '--dry-run'), {
    encoding: 'utf8',
  });
  expect(dry.status, dry.stdout).toBe(0);
  expect((JSON.parse(dry.stdout) as { names: string[] }).names).toEqual([...networks, ...small]);
});

test('answers by image and further tests are those that the accuracies say', () => {
  for (const network of [...networks, ...small]) {
    const { identity, finalAccuracy, valImages, tests } = record(whole, network);
    const answers = readAnswers(networkFiles(whole, network).answers, identity);
    const right = [...(answers?.bits ?? [])].reduce(
      (sum, byte) => sum + byte.toString(2).replaceAll('0', '').length,
      0,
    );
    expect(right / valImages, network).toBe(finalAccuracy);
    const own = { images: valImages, accuracy: finalAccuracy };
    if (network.endsWith('baseA')) expect(tests).toBeUndefined();
    else expect(tests, network).toMatchObject({ copy: own });
  }
  const { byImage, tests, targetSizes } = results;
  expect(byImage?.classes?.[0]?.pairs.map(({ network }) => network)).toEqual([
    'classes/A2B',
    'classes/A2B+',
  ]);
  expect(tests?.classes?.[0]?.rows.map(({ accuracy, ownAccuracy }) => accuracy - ownAccuracy)).toEqual([0, 0, 0]); // prettier-ignore
  const [section] = targetSizes?.classes ?? [];
  expect(section).toMatchObject({ target: 'B', sizes: [8, null], sourceImagesPerClass: null });
  expect(section?.gains.map(({ points }) => points.length)).toEqual([2, 2, 2]);
  const page = text(whole, 'report.html');
  for (const words of ['How many images does the target need?', 'On further test sets', 'What holds beyond these test images']) expect(page).toContain(words); // prettier-ignore
});

test('a study that was killed ends with the same results', async () => {
  const killed = join(directory, 'killed');
  const child = spawn(process.execPath, args(killed), { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('"ended"')) resolve();
    });
  });
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  run('killed');
  expect(text(killed, 'results.json')).toBe(text(whole, 'results.json'));
});

test('a folder of an older version has no answers: its numbers stay', () => {
  for (const network of [...networks, ...small]) rmSync(networkFiles(whole, network).answers);
  run('whole');
  const { byImage: gone, ...older } = JSON.parse(text(whole, 'results.json')) as Results;
  expect(gone).toBeUndefined();
  expect({ ...older, byImage: results.byImage }).toEqual(results);
});
