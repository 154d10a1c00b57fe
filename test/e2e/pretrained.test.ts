// A base that is read from a file: exported by one study, copied from by another, through the real
// command and processes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunRecord } from '../../src/runs/record.js';
import type { Results } from '../../src/study/results/types.js';

const command = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const networks = ['baseB', 'A2B', 'A2B+'];
let directory: string;

const study = (bases: string): string => `name: small
data: {source: glyphs, mean: [100]}
network: glyph28
${bases}
solver: {batch: 32, lr: 0.02, iterations: 160, testEvery: 80}
treatments: [base, AnB, AnB+]
targets: [B]
layers: [2]
keep: all
`;

function selffer(...args: string[]) {
  return spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
}

function run(name: string, ...options: string[]) {
  const file = join(directory, `${name}.yaml`);
  return selffer('run', file, '--out', join(directory, name), '--threads', '1', ...options);
}

const bytes = (path: string): string => readFileSync(join(directory, path)).toString('base64');
const json = (path: string): unknown => JSON.parse(readFileSync(join(directory, path), 'utf8'));

function write(name: string, bases: string): void {
  writeFileSync(join(directory, `${name}.yaml`), study(bases));
}

function exportBase(network: string, ...options: string[]): void {
  const file = join(directory, 'base.onnx');
  const args = ['export', join(directory, 'trained'), network, '--onnx', file, '--prepared'];
  const { status, stderr } = selffer(...args, ...options);
  expect(status, stderr).toBe(0);
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-pretrained-'));
  write('trained', '');
  const { status, stderr } = run('trained', '--json');
  expect(status, stderr).toBe(0);
  exportBase('split0/baseA');
  write('read', 'bases: {A: {network: base.onnx, hasSeen: [target]}}');
});
afterAll(() => rmSync(directory, { recursive: true }));

test('what copies a base that is read is what copies the same base trained, bit for bit', () => {
  const dry = run('read', '--dry-run', '--json');
  expect((JSON.parse(dry.stdout) as { names: string[] }).names).toEqual(
    networks.map((name) => `split0/${name}`),
  );
  const { status, stdout, stderr } = run('read');
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/Base A was not trained here but read from base\.onnx/);
  // Weight files name their identity, which is another for what copies another base.
  const same = ['baseB/weights.safetensors', ...networks.map((name) => `${name}/metrics.jsonl`)];
  for (const file of same) {
    const path = `runs/split0/${file}`;
    expect(bytes(join('read', path)), path).toBe(bytes(join('trained', path)));
  }
});

test('its folder says where it comes from, results and report what it has seen', () => {
  const record = json('read/runs/split0/baseA/run.json') as RunRecord;
  expect(record).toMatchObject({
    state: 'done',
    iterations: 0,
    finalAccuracy: null,
    executor: null,
    frozenAudit: [],
    pretrained: { file: join(directory, 'base.onnx'), hasSeen: ['target'] },
  });
  expect(record.weightsHash).toMatch(/^[0-9a-f]{64}$/);
  const frozen = (json('read/runs/split0/A2B/run.json') as RunRecord).frozenAudit;
  expect(frozen.length).toBeGreaterThan(0);
  expect(frozen.every(({ equal }) => equal)).toBe(true);
  const results = json('read/results.json') as Results;
  const trained = json('trained/results.json') as Results;
  expect(results.study.readBases).toMatchObject({ A: { file: 'base.onnx', hasSeen: ['target'] } });
  expect(results.networks.find(({ name }) => name === 'split0/baseA')).toMatchObject({
    state: 'done',
    accuracy: null,
  });
  // Only base A itself has no number.
  expect({ base: results.base, matched: results.matched }).toEqual({
    base: trained.base,
    matched: trained.matched,
  });
  const page = readFileSync(join(directory, 'read/report.html'), 'utf8');
  expect(page).toMatch(/has seen images or classes of the target/);
  expect(selffer('report', join(directory, 'read'), '--csv').status).toBe(0);
  expect(selffer('status', join(directory, 'read')).stdout).toMatch(/4 done of 4/);
});

test('the same study goes on, weights that were lost are read again', () => {
  rmSync(join(directory, 'read/runs/split0/A2B'), { recursive: true });
  rmSync(join(directory, 'read/runs/split0/baseA/weights.safetensors'));
  const again = run('read', '--json');
  expect(again.status, again.stderr).toBe(0);
  const events = again.stdout.trim().split('\n');
  expect(JSON.parse(events[0] as string)).toMatchObject({ event: 'study', networks: 4, todo: 1 });
  expect(bytes('read/runs/split0/A2B/metrics.jsonl')).toBe(
    bytes('trained/runs/split0/A2B/metrics.jsonl'),
  );
});

test('another file in its place is another base', () => {
  exportBase('split0/baseB', '--force');
  const other = run('read');
  expect(other.status).toBe(2);
  expect(other.stderr).toMatch(/were made with other settings; different: pretrained\.weights/);
});
