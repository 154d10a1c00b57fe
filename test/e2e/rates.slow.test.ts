// A small real study at several learning rates: real command, real workers, this machine's
// executor.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { networkFiles } from '../../src/runs/files.js';
import { readRecord } from '../../src/runs/record.js';
import type { NetworkResult, Results } from '../../src/study/results/types.js';
import { noPython, recompute } from '../recompute/run-recompute.js';

const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'selffer-rates-'));
const out = join(folder, 'out');
const study = join(folder, 'study.yaml');

const selffer = (...args: string[]): string =>
  execFileSync(process.execPath, [bin, ...args], { encoding: 'utf8', stdio: 'pipe' });

const write = (rates: readonly number[], keep = 'bases'): void =>
  writeFileSync(
    study,
    `name: rates
data: {source: glyphs}
tasks: {classes: {A: [lower-a, lower-b, lower-d, lower-e], B: [upper-A, upper-B, upper-D, upper-E]}}
network: glyph28
solver: {lr: [${rates.join(', ')}], batch: 32, iterations: 60, testEvery: 30}
selection: 0.2
treatments: [base, BnB, AnB+, "AnB>", random]
layers: [3]
keep: ${keep}
`,
  );

const results = (): Results =>
  JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
const all = ({ networks, notChosen = [] }: Results): readonly NetworkResult[] => [
  ...networks,
  ...notChosen,
];

beforeAll(() => {
  // The last makes every loss overflow.
  write([0.01, 0.001, 1000]);
  selffer('run', study, '--out', out);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('rates that fail cost nothing: of each network the best on the images kept aside counts', () => {
  const networks = all(results());
  // 5 treatments and the AnB that AnB> goes on from, two targets, three rates.
  expect(networks).toHaveLength(36);
  for (const network of networks.filter(({ lr }) => lr === 1000)) {
    expect(network).toMatchObject({
      state: expect.stringMatching(/failed|dead|missing/) as string,
    });
    expect(network.chosen, network.name).toBe(false);
  }
  for (const network of results().networks) {
    const same = networks.filter(
      ({ name }) => name.replace(/@.*/, '') === network.name.replace(/@.*/, ''),
    );
    const best = Math.max(...same.map(({ selectionAccuracy = 0 }) => selectionAccuracy));
    expect(same).toHaveLength(3);
    expect(network.selectionAccuracy, network.name).toBe(best);
  }
});

test('the selection is a fifth of the training images, and the validation images are all', () => {
  const { tests, valImages } = readRecord(networkFiles(out, 'classes/A3B+@0.001').record) ?? {};
  const info = readRecord(networkFiles(out, 'classes/baseB').record);
  expect(tests?.['selection']?.images).toBeGreaterThan(0);
  expect(valImages).toBe(info?.valImages);
  expect(tests?.['selection']?.data).toBe(info?.tests?.['selection']?.data);
});

test.skipIf(noPython !== null)(
  'another program chooses the same and finds the same numbers',
  () => {
    const { status, text } = recompute(join(out, 'results.json'));
    expect(text).toMatch(/^(\d+) of \1 agree/);
    expect(status).toBe(0);
  },
);

test('the report says at which rate, and status knows every network', () => {
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  expect(page).toContain('At which learning rate?');
  expect(page).toContain('id="learning-rates"');
  expect(page).toContain('each of 0.01, 0.001, 1000');
  expect(selffer('status', out)).toContain('classes/A3B+@0.001');
});

test('a rate that is added trains what is missing and nothing else', () => {
  const files = networkFiles(out, 'classes/A3B+@0.001');
  const before = statSync(files.record).mtimeMs;
  write([0.01, 0.001, 1000, 0.02]);
  const dry = selffer('run', study, '--out', out, '--dry-run');
  // Six networks of two targets, and what the failed ones left is not tried again.
  expect(dry).toMatch(/^rates: \d+ of 48 networks to train/);
  selffer('run', study, '--out', out, '--only', '*@0.02');
  expect(statSync(files.record).mtimeMs).toBe(before);
  expect(all(results()).filter(({ lr }) => lr === 0.02)).toHaveLength(12);
}, 300_000);
