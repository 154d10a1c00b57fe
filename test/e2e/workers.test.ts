// However a study is run - workers side by side, loader threads, profiled - its numbers stay the
// same, through the real command and processes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunRecord } from '../../src/runs/record.js';

const command = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const networks = ['baseA', 'baseB', 'A2A', 'A2B', 'B2B', 'B2A'];
let directory: string;
let study: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-workers-'));
  study = join(directory, 'study.yaml');
  writeFileSync(
    study,
    `name: small
data: {source: glyphs}
network: glyph28
solver: {batch: 32, lr: 0.02, iterations: 80, testEvery: 40}
treatments: [base, BnB, AnB]
layers: [2]
keep: all
`,
  );
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Run {
  readonly folder: string;
  readonly events: Record<string, unknown>[];
}

function run(name: string, ...options: string[]): Run {
  const folder = join(directory, name);
  const args = [command, 'run', study, '--out', folder, '--json', '--threads', '1', ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { folder, events: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const bytes = (folder: string, path: string): string =>
  readFileSync(join(folder, path)).toString('base64');
const record = (folder: string, network: string): RunRecord =>
  JSON.parse(readFileSync(join(folder, `runs/split0/${network}/run.json`), 'utf8')) as RunRecord;

test('two workers with two loaders each give what one without gives, bit for bit', () => {
  const plain = run('plain', '--workers', '1');
  const wide = run('wide', '--workers', '2', '--loaders', '2', '--profile');
  expect(bytes(wide.folder, 'results.json')).toBe(bytes(plain.folder, 'results.json'));
  for (const network of networks) {
    for (const file of ['metrics.jsonl', 'weights.safetensors']) {
      const path = `runs/split0/${network}/${file}`;
      expect(bytes(wide.folder, path), path).toBe(bytes(plain.folder, path));
    }
    expect(record(plain.folder, network)).toMatchObject({
      executor: { threads: 1 },
      loading: { loaders: 0 },
    });
    expect(record(wide.folder, network).loading?.loaders).toBe(2);
  }
  // Both bases were at work before either had ended.
  const order = wide.events.map(({ event }) => event);
  expect(order.indexOf('finished')).toBeGreaterThan(
    order.indexOf('gang', order.indexOf('gang') + 1),
  );

  const profile = JSON.parse(readFileSync(join(wide.folder, 'profile.json'), 'utf8'));
  expect(profile).toMatchObject({ schema: 'selffer.profile/1', workers: 2 });
  expect(profile.gangs).toHaveLength(4);
  for (const {
    seconds,
    profile: measured,
    peakResidentBytes,
    arenaBytes,
    peakLiveBytes,
  } of profile.gangs) {
    const { total, ...parts } = seconds as Record<string, number>;
    const sum = Object.values(parts).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(total as number, 6);
    expect(measured.train.flops).toBeGreaterThan(0);
    expect(measured.train.rows.map(({ op }: { op: string }) => op)).toContain('convolution');
    expect(measured.peak.product.flopsPerSecond).toBeGreaterThan(1e9);
    const { loop } = measured.peak;
    if (loop.unavailable === undefined) expect(loop.flopsPerSecond).toBeGreaterThan(1e9);
    else expect(loop.unavailable).toMatch(/./);
    expect(peakResidentBytes).toBeGreaterThan(arenaBytes);
    expect(arenaBytes).toBeLessThanOrEqual(1.25 * peakLiveBytes);
  }
  expect(plain.events.at(-1)?.['peakResidentBytes']).toBeGreaterThan(2 ** 20);
});
