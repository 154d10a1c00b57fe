// A small real study with every treatment: real command, real workers, this machine's executor.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { networkFiles } from '../../src/runs/files.js';
import { readRecord } from '../../src/runs/record.js';
import type { Results } from '../../src/study/results/types.js';
import { treatmentKinds, treatments } from '../../src/study/treatments.js';

const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'selffer-controls-'));
const out = join(folder, 'out');
let results: Results;

const selffer = (...args: string[]): string =>
  execFileSync(process.execPath, [bin, ...args], { encoding: 'utf8', stdio: 'pipe' });

beforeAll(() => {
  const study = join(folder, 'study.yaml');
  writeFileSync(
    study,
    `name: every-treatment
data: {source: glyphs}
tasks: {classes: {A: [lower-a, lower-b, lower-d, lower-e], B: [upper-A, upper-B, upper-D, upper-E]}}
network: glyph28
solver: {lr: 0.01, batch: 32, iterations: 60, testEvery: 60}
bases: 2
treatments: ${JSON.stringify(treatmentKinds)}
layers: [3]
targets: [B]
`,
  );
  selffer('run', study, '--out', out);
  results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const named = (name: string) => results.networks.find((each) => each.name === `classes/${name}`);

test('every treatment is trained to its end', () => {
  const kinds = new Set(results.networks.map(({ treatment }) => treatment));
  expect([...kinds].sort()).toEqual([...treatmentKinds].sort());
  const unfinished = results.networks.filter(({ state }) => state !== 'done');
  expect(unfinished.map(({ name, state }) => [name, state])).toEqual([]);
  expect(named('A3B>')?.cost).toMatchObject({ iterations: 60, iterationsInAll: 180 });
  expect(named('baseB-long')?.cost).toMatchObject({ iterations: 120, iterationsInAll: 120 });
});

test('what is frozen stayed as it was', () => {
  for (const { name, treatment } of results.networks) {
    const audit = readRecord(networkFiles(out, name).record)?.frozenAudit ?? [];
    expect(
      audit.every(({ equal }) => equal),
      name,
    ).toBe(true);
    expect(audit.length > 0, name).toBe(treatments[treatment].frozen !== 'none');
  }
});

test('differences are to the mean of both bases', () => {
  const [first, second, tuned] = ['baseB', 'baseB-2', 'B6B++'].map((name) => named(name)?.accuracy);
  expect(first).not.toBe(second);
  const [point] = results.matched['warm-restart-2'] ?? [];
  const base = ((first ?? 0) + (second ?? 0)) / 2;
  expect(point?.meanPt).toBeCloseTo(100 * ((tuned ?? 0) - base), 9);
});

test('every question of the table is answered', () => {
  const asked = treatmentKinds.flatMap((treatment) =>
    treatments[treatment].controls.map(({ against }) => `${treatment} ${against}`),
  );
  const answered = results.comparisons.map(({ treatment, against }) => `${treatment} ${against}`);
  expect([...new Set(answered)].sort()).toEqual(asked.sort());
});

test('weights stay of bases alone', () => {
  const kept = results.networks.filter(({ name }) => existsSync(networkFiles(out, name).weights));
  expect(kept.map(({ name }) => name)).toEqual(
    ['baseA', 'baseB', 'baseB-2'].map((name) => `classes/${name}`),
  );
});

test('the report has their figure and their price; status knows them', () => {
  // Named lists of classes are unlike tasks: a figure a target.
  const drawn = readdirSync(join(out, 'figures')).filter((file) => /^controls-matched/.test(file));
  expect(drawn.some((file) => file.endsWith('.svg'))).toBe(true);
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('What each treatment costs');
  expect(selffer('status', out)).toContain('A3B>');
});
