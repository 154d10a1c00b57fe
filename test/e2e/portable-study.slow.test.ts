// A study by the portable executor, by the real command: its networks lie beside oneDNN's no
// further than training again puts them, and killed it resumes to the same results.
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { openOrSkip } from '../../src/executors/onednn/open-or-skip.cases.js';
import type { Reproduction } from '../../src/study/reproduce/judge.js';
import { portableIsMissing } from '../portable.js';

const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'selffer-portable-'));
const study = join(folder, 'study.yaml');
writeFileSync(
  study,
  `name: portable
data: {source: glyphs}
network: glyph28
solver: {lr: 0.005, batch: 32, iterations: 40, testEvery: 10}
treatments: [base, AnB, BnB+]
layers: [3]
repeats: 2
`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { engine } = openOrSkip();

function selffer(args: readonly string[], options: SpawnSyncOptions = {}) {
  const all = [bin, ...args, '--threads', '2'];
  return spawnSync(process.execPath, all, { ...options, encoding: 'utf8' });
}

test('networks that oneDNN trained come out as near as chance puts them', ({ skip }) => {
  if (portableIsMissing !== '') skip(portableIsMissing);
  if (engine === undefined) skip('no oneDNN');
  const out = join(folder, 'onednn');
  expect(selffer(['run', study, '--out', out, '--executor', 'onednn']).status).toBe(0);
  const names = ['split0/baseA', 'split0/baseB', 'split0/A3B', 'split0/B3B+'];
  const asked = ['reproduce', out, ...names, '--executor', 'onnx', '--json'];
  const { stdout, status, stderr } = selffer(asked);
  expect(status, stderr).toBe(0);
  const { networks } = JSON.parse(stdout) as { readonly networks: readonly Reproduction[] };
  expect(networks).toHaveLength(names.length);
  for (const { verdict, environment } of networks) {
    expect(verdict).toBe('expected');
    expect(environment[0]).toMatchObject({ reproduced: expect.stringContaining('onnx') as string });
  }
});

test('killed and started again it gives the same results.json', ({ skip }) => {
  if (portableIsMissing !== '') skip(portableIsMissing);
  const run = (out: string, killAfterMs?: number) =>
    selffer(['run', study, '--out', join(folder, out), '--executor', 'onnx'], {
      killSignal: 'SIGKILL',
      ...(killAfterMs === undefined ? {} : { timeout: killAfterMs }),
    });
  expect(run('whole').status).toBe(0);
  const kills = [2000, 3500, 5000, 7000].filter((ms) => run('killed', ms).signal === 'SIGKILL');
  expect(kills.length).toBeGreaterThan(1);
  expect(run('killed').status).toBe(0);
  const results = (out: string): string => readFileSync(join(folder, out, 'results.json'), 'utf8');
  expect(results('killed')).toBe(results('whole'));
});

test('where there is no oneDNN it is taken, and that is said', ({ skip }) => {
  if (portableIsMissing !== '') skip(portableIsMissing);
  const out = join(folder, 'auto');
  const { status, stderr } = selffer(['run', study, '--out', out, '--only', 'split0/baseA'], {
    env: { ...process.env, SELFFER_ONEDNN: '/nowhere' },
  });
  expect(status, String(stderr)).toBe(0);
  expect(stderr).toMatch(/taking --executor onnx: a training step takes .* \(onednn: no usable/);
});
