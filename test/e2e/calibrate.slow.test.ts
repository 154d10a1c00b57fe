// `run --workers measure`, by the real command: ways to share out this machine's cores are timed,
// one is taken and kept, and a later run takes it again without timing anything.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { RunRecord } from '../../src/runs/record.js';
import type { Calibration } from '../../src/study/store/calibration-file.js';

const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'selffer-calibrate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const out = join(folder, 'out');

function run(only: string): string {
  const study = join(folder, 'study.yaml');
  writeFileSync(
    study,
    `name: calibrated
data: {source: glyphs}
network: glyph28
solver: {lr: 0.005, batch: 32, iterations: 10, testEvery: 10}
treatments: [base]
`,
  );
  const args = ['run', study, '--out', out, '--workers', 'measure', '--only', only];
  const { status, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stderr;
}

const read = <T>(path: string): T => JSON.parse(readFileSync(join(out, path), 'utf8')) as T;

test('what is measured is said, kept, and what runs', () => {
  const cores = availableParallelism();
  expect(run('*')).toMatch(/timing 1 x .*workers x threads, as measured: 1 x /s);
  const { tried, chosen } = read<Calibration>('calibration.json');
  expect(tried[0]).toMatchObject({ workers: 1, threads: cores });
  if (cores > 1) expect(tried.length).toBeGreaterThan(1);
  for (const { flopsPerSecond } of tried) expect(flopsPerSecond).toBeGreaterThan(1e6);
  const least = Math.min(...tried.map(({ seconds }) => seconds));
  expect(tried.find(({ workers }) => workers === chosen.workers)?.seconds).toBeLessThanOrEqual(
    1.03 * least,
  );
  const { executor } = read<RunRecord>('runs/split0/baseA/run.json');
  expect(executor?.threads).toBe(chosen.threads);
  const again = run('split0/baseA');
  expect(again).not.toContain('timing');
  expect(again).toContain(`chosen: ${chosen.workers} x ${chosen.threads}`);
});
