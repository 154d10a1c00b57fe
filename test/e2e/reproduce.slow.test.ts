// Networks trained again by the real command: on this machine, with another number of threads, with
// another instruction set, and from folders that somebody has changed.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOrSkip } from '../../src/executors/onednn/open-or-skip.cases.js';
import { networkFiles } from '../../src/runs/files.js';
import type { Reproduction } from '../../src/study/reproduce/judge.js';

const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'selffer-reproduce-test-'));
const out = join(folder, 'out');
const { engine } = openOrSkip();

function selffer(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

function reproduce(directory: string, names: readonly string[], env = {}) {
  const { status, stdout, stderr } = selffer(['reproduce', directory, ...names, '--json'], env);
  if (stdout === '') throw new Error(stderr);
  const { networks } = JSON.parse(stdout) as { networks: readonly Reproduction[] };
  return { status, networks };
}

beforeAll(() => {
  const study = join(folder, 'study.yaml');
  writeFileSync(
    study,
    `name: again
data: {source: glyphs}
network: glyph28
solver: {lr: 0.005, batch: 32, iterations: 40, testEvery: 10}
treatments: [base, AnB, BnB+]
layers: [3]
repeats: 2
`,
  );
  const { status, stderr } = selffer(['run', study, '--out', out, '--threads', '2']);
  if (status !== 0) throw new Error(stderr);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every network comes out again, to the bit; nothing is written into the folder', () => {
  const before = listing(out);
  const { status, networks } = reproduce(out, []);
  expect(networks.map(({ name }) => name)).toHaveLength(12);
  expect(new Set(networks.map(({ verdict }) => verdict))).toEqual(new Set(['equal']));
  expect(status).toBe(0);
  expect(listing(out)).toEqual(before);
}, 300_000);

test('another number of threads is named, and what it changes is expected', () => {
  const { status, networks } = reproduce(out, ['split0/A3B', '--threads', '1']);
  expect(status).toBe(0);
  expect(networks[0]?.environment).toEqual([{ what: 'threads', recorded: 2, reproduced: 1 }]);
}, 120_000);

test.skipIf(engine === undefined)(
  'another instruction set is named, and what it changes is expected',
  () => {
    const { status, networks } = reproduce(out, ['split0/baseA', 'split0/A3B'], {
      ONEDNN_MAX_CPU_ISA: 'SSE41',
    });
    expect(status).toBe(0);
    for (const { verdict, environment, firstDifference, accuracy } of networks) {
      expect(verdict).toBe('expected');
      expect(environment[0]).toMatchObject({ what: 'instructionSet', reproduced: 'SSE41' });
      expect(firstDifference?.iteration).toBe(10);
      expect(accuracy?.of).toBe('training noise');
    }
  },
  300_000,
);

test('a changed record, changed metrics and changed weights are noticed', () => {
  const copy = join(folder, 'changed');
  cpSync(out, copy, { recursive: true });
  edit(networkFiles(copy, 'split0/A3B').record, /"finalAccuracy": [0-9.]+/, '"finalAccuracy": 1');
  const { metrics } = networkFiles(copy, 'split0-r1/A3B');
  const lines = readFileSync(metrics, 'utf8').split('\n');
  lines[1] = (lines[1] as string).replace(/"testLoss":[0-9.]+/, '"testLoss":1');
  writeFileSync(metrics, lines.join('\n'));
  appendFileSync(networkFiles(copy, 'split0/baseB').weights, 'x');
  const { status, networks } = reproduce(copy, ['split0*/A3B', 'split0/B3B+']);
  expect(status).toBe(1);
  const found = Object.fromEntries(networks.map((each) => [each.name, each]));
  expect(found['split0/A3B']).toMatchObject({
    verdict: 'differs',
    contradiction: { what: 'finalAccuracy', recorded: 1 },
  });
  expect(found['split0-r1/A3B']).toMatchObject({
    verdict: 'differs',
    contradiction: null,
    firstDifference: { what: 'testLoss', iteration: 20, recorded: 1 },
  });
  expect(found['split0/B3B+']).toMatchObject({
    verdict: 'equal',
    trainedToo: ['split0/baseB'],
  });
}, 300_000);

test('settings that were changed since are named, and nothing is trained', () => {
  const copy = join(folder, 'other');
  cpSync(out, copy, { recursive: true });
  edit(join(copy, 'study.yaml'), 'lr: 0.005', 'lr: 0.006');
  const { status, networks } = reproduce(copy, ['split0/A3B']);
  expect(status).toBe(1);
  expect(networks[0]).toMatchObject({
    verdict: 'not-trained',
    message: expect.stringContaining('solver.learningRate') as string,
  });
}, 120_000);

function edit(path: string, from: RegExp | string, to: string): void {
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
}

function listing(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true }).map(String).sort();
}
