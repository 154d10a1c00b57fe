// `selffer measure` of a real study: real command, real workers, this machine's executor.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readResults } from '../../src/study/store/results-file.js';
import { readMeasurements } from '../../src/study/measurements/measurements-file.js';

const command = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'selffer-measure-'));
const study = join(directory, 'study.yaml');
const folder = join(directory, 'out');
afterAll(() => rmSync(directory, { recursive: true }));

function selffer(...args: string[]) {
  return spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
}

const measure = (...args: string[]) =>
  selffer('measure', folder, '--images', '40', '--threads', '1', ...args);

function run(keep: string) {
  writeFileSync(
    study,
    `name: small
data: {source: glyphs}
tasks: {classes: {A: [upper-A, upper-B, upper-C], B: [lower-a, lower-b, lower-d]}}
network: glyph28
solver: {batch: 32, lr: 0.02, iterations: 40, testEvery: 40}
treatments: [base, AnB, AnB+]
layers: [1, 2]
imagesPerClass: 40
keep: ${keep}
`,
  );
  const { status, stderr } = selffer('run', study, '--out', folder, '--threads', '1', '--json');
  expect(status, stderr).toBe(0);
}

beforeAll(() => run('all'));

test('measures, writes, reports; a second time there is nothing to do', () => {
  const first = measure();
  expect(first.status, first.stderr).toBe(0);
  const path = join(folder, 'measurements.json');
  expect(first.stdout).toContain(path);
  const bytes = readFileSync(path);
  const place = readMeasurements(folder)?.places['classes'];
  expect(place?.probes).toHaveLength(2 * 2 * 5);
  expect(place?.resets).toHaveLength(2 * 6);
  const results = readResults(folder).networks;
  const copies = results.filter(({ state, source }) => state === 'done' && source !== null);
  expect(copies.length).toBeGreaterThan(0);
  expect(place?.movements.map(({ network }) => network).sort()).toEqual(
    copies.map(({ name }) => name).sort(),
  );
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  expect(page).toContain('Measured without training');
  expect(existsSync(join(folder, 'figures/similarity-B.svg'))).toBe(true);
  const again = measure('--json');
  expect(again.status, again.stderr).toBe(0);
  expect(again.stderr).not.toContain('probes of');
  expect(again.stdout).toBe(bytes.toString());
  // Measured anew, the same bytes.
  expect(measure('--force').status).toBe(0);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('weights that are not kept are named, with what to do', () => {
  rmSync(join(folder, 'runs/classes/A1B/weights.safetensors'));
  rmSync(join(folder, 'runs/classes/A2B/weights.safetensors'));
  const only = measure('--only', 'A?B', '--only', 'base*');
  expect(only.status, only.stderr).toBe(0);
  expect(only.stderr).toContain('weights not kept, left out: classes/A1B, classes/A2B');
  expect(only.stderr).toContain('keep: all');
  const none = measure('--only', 'A1B');
  expect(none.status).toBe(2);
  expect(none.stderr).toContain('no weights were kept of classes/A1B');
});

test('what is no study, and what nobody is called, is refused', () => {
  const foreign = selffer('measure', directory);
  expect(foreign.status).toBe(2);
  expect(foreign.stderr).toContain('found no plan.json');
  expect(measure('--only', 'nobody').status).toBe(2);
  expect(measure('--images', '0').status).toBe(2);
});
