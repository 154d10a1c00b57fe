import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NetworkResult } from '../../study/results/types.js';
import { readMetrics } from '../../runs/metrics.js';
import { crashedStart, logText, type MadeTest } from './made-logs.cases.js';
import { readCaffeLogs } from './read-logs.js';
import { writeImportedStudy } from './write-study.js';

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-logs-'));
  out = mkdtempSync(join(tmpdir(), 'selffer-import-'));
});
afterEach(() => {
  for (const directory of [folder, out]) rmSync(directory, { recursive: true });
});

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
}

async function imported() {
  const { results, importFile } = writeImportedStudy(
    out,
    'made',
    folder,
    await readCaffeLogs(folder),
  );
  const network = (name: string) =>
    results.networks.find((each) => each.originalName === name) as NetworkResult;
  return { results, importFile, network };
}

const tests = (from: number, to: number, at: string, accuracy = 0.4): MadeTest[] =>
  Array.from({ length: (to - from) / 1000 + 1 }, (_, i) => ({
    iteration: from + 1000 * i,
    accuracy: Number((accuracy + i / 1000).toFixed(6)),
    at: `${at} 00:${String(i).padStart(2, '0')}:00`,
  }));
const metrics = (name: string) => readMetrics(join(out, 'runs', name, 'metrics.jsonl'));
const record = (name: string) =>
  JSON.parse(readFileSync(join(out, 'runs', name, 'run.json'), 'utf8')) as Record<string, unknown>;

describe('import of Caffe logs', () => {
  it('says what the letters of natural and man-made stand for', async () => {
    put('halfnatmanA/140403_063910_x.o1', logText(tests(1000, 12_000, '0403')));
    const { results } = await imported();
    const labels = { A: 'natural', B: 'man-made' };
    expect(results.study.taskLabels).toEqual({ 'natural-man-made': labels });
    const plan = JSON.parse(readFileSync(join(out, 'plan.json'), 'utf8')) as { study: object };
    expect(plan.study).toMatchObject({ taskLabels: { 'natural-man-made': labels } });
  });

  it('reads plain and gzipped logs alike', async () => {
    put('half0A/140403_063910_half0A.o1', logText(tests(1000, 12_000, '0403')));
    put('half0B/140403_063910_half0B.o2.gz', gzipSync(logText(tests(1000, 12_000, '0403'))));
    const { network, results } = await imported();
    // Of 0.400 ... 0.411 the best ten are 0.402 ... 0.411.
    expect(network('half0A')).toMatchObject({
      name: 'split0/baseA',
      state: 'done',
      accuracy: 0.4065,
      finalAccuracy: 0.411,
    });
    expect(network('half0B').accuracy).toBe(0.4065);
    expect(results.study).toMatchObject({ name: 'made', statistic: 'top10', weightLayers: 8 });
    expect(metrics('split0/baseB')[0]).toEqual({
      iteration: 1000,
      epoch: 256_000 / 640_584,
      learningRate: 0.01,
      trainLoss: 3,
      testLoss: 3,
      testAccuracy: 0.4,
    });
  });

  it('lets the later test count where jobs overlap, whatever the files’ order', async () => {
    // By name the second file comes first.
    put('half0A/140403_1_half0A.o9', logText(tests(1000, 5000, '0403', 0.1)));
    put('half0A/140403_1_half0A.o10', logText(tests(3000, 6000, '0405', 0.2)));
    // An earlier test is not let in by being read later.
    put('half0A/140403_1_half0A.o99.gz', gzipSync(logText(tests(4000, 5000, '0404', 0.9))));
    await imported();
    expect(metrics('split0/baseA').map(({ testAccuracy }) => testAccuracy)).toEqual([
      0.1, 0.101, 0.2, 0.201, 0.202, 0.203,
    ]);
  });

  it('knows that January follows December', async () => {
    put('half0A/141220_063910_half0A.o1', logText(tests(1000, 3000, '1231', 0.1)));
    put('half0A/141220_063910_half0A.o2', logText(tests(2000, 4000, '0101', 0.2)));
    await imported();
    expect(metrics('split0/baseA').map(({ testAccuracy }) => testAccuracy)).toEqual([
      0.1, 0.2, 0.201, 0.202,
    ]);
  });

  it('reads parts joined in any order, with a crashed start among them', async () => {
    const parts = [
      logText(tests(3000, 4000, '0312'), 1),
      crashedStart,
      logText(tests(1000, 2000, '0306', 0.1), 2),
    ];
    put('netbase/catlog.oMANUAL.gz', gzipSync(parts.join('')));
    const { network } = await imported();
    expect(network('netbase')).toMatchObject({
      name: 'whole/base',
      target: null,
      finalAccuracy: 0.401,
    });
    expect(metrics('whole/base').map(({ iteration }) => iteration)).toEqual([
      1000, 2000, 3000, 4000,
    ]);
  });

  it('drops a test that was cut short', async () => {
    const whole = logText(tests(1000, 2000, '0403'));
    put('half0A/140403_1_a.o1', whole.slice(0, whole.lastIndexOf('I0403')));
    // The next job continues in the same file.
    put(
      'half0B/140403_1_b.o1',
      `${whole.slice(0, -20)}\n${logText(tests(2000, 2000, '0404', 0.3), 9)}`,
    );
    await imported();
    expect(metrics('split0/baseA').map(({ iteration }) => iteration)).toEqual([1000]);
    expect(metrics('split0/baseB').map(({ testAccuracy }) => testAccuracy)).toEqual([0.4, 0.3]);
  });

  it('says missing for directories without tests, and continues', async () => {
    mkdirSync(join(folder, 'transfer-ft0B0A_1_1'));
    put('transfer-ft0B0A_1_2/140507_1_x.o1', crashedStart);
    put('transfer-ft0B0A_1_2/imagenet_train.prototxt', 'name: "CaffeNet"');
    symlinkSync('nowhere', join(folder, 'transfer-ft0B0A_1_2', 'basenet.o1'));
    put('half0A/140403_1_half0A.o1', logText(tests(1000, 2000, '0403')));
    const { network, results } = await imported();
    for (const name of ['transfer-ft0B0A_1_1', 'transfer-ft0B0A_1_2']) {
      expect(network(name)).toMatchObject({ state: 'missing', accuracy: null, treatment: 'AnB+' });
    }
    expect(results.networks).toHaveLength(3);
    expect(results.base.networks).toBe(1);
  });

  it('keeps what a torn file still says, and reports it', async () => {
    // Text that hardly shrinks, so that half the bytes are about half of the tests.
    const many = tests(1000, 50_000, '0403').map((test, i) => ({
      ...test,
      loss: Math.sqrt(i + 2),
    }));
    const packed = gzipSync(logText(many));
    put('half0A/140403_1_half0A.o1.gz', packed.subarray(0, packed.length >> 1));
    const broken = Uint8Array.from(packed);
    broken.fill(0xff, 0, 40);
    broken.set(packed.subarray(0, 10));
    put('half0B/140403_1_half0B.o1.gz', broken);
    const { network, importFile } = await imported();
    const kept = metrics('split0/baseA');
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.length).toBeLessThan(50);
    expect(kept.map(({ testLoss }) => testLoss)).toEqual(
      many.slice(0, kept.length).map(({ loss }) => loss),
    );
    expect(network('half0B').state).toBe('failed');
    expect(importFile.damaged.map(({ file }) => file)).toEqual([
      'half0A/140403_1_half0A.o1.gz',
      'half0B/140403_1_half0B.o1.gz',
    ]);
    expect(importFile.warnings[0]).toMatch(/^Damaged logs.*half0A.*unexpected end of file/);
  });

  it('reports files that are neither text nor gzip', async () => {
    put('half0A/140403_1_half0A.o1.gz', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 7));
    put('half0B/140403_1_half0B.o1.gz', logText(tests(1000, 2000, '0403')));
    const { network, importFile } = await imported();
    expect(importFile.damaged).toEqual([
      { file: 'half0A/140403_1_half0A.o1.gz', problem: 'binary data, wanted text or gzip' },
    ]);
    expect(network('half0A').state).toBe('failed');
    expect(network('half0B').state).toBe('done');
  });

  it('lists names that say nothing', async () => {
    put('half0A/140403_1_half0A.o1', logText(tests(1000, 12_000, '0403')));
    put('transfer0A1B_1_3/140403_1_x.o1', logText(tests(1000, 2000, '0403')));
    put('notes/readme.txt', '');
    const { importFile, results } = await imported();
    expect(importFile.unknown).toEqual(['notes', 'transfer0A1B_1_3']);
    expect(importFile.warnings).toEqual([
      'Not imported, names not understood: notes; transfer0A1B_1_3.',
    ]);
    expect(results.networks).toHaveLength(1);
  });

  it('says where tests are lacking', async () => {
    const [early, late] = [tests(1000, 12_000, '0403'), tests(15_000, 16_000, '0404')];
    put('half0A/140403_1_a.o1', logText([...early, ...late]));
    put('half0B/140403_1_b.o1', logText(tests(3000, 16_000, '0404')));
    put('half1B/140403_1_b.o1', logText(early));
    const { importFile } = await imported();
    expect(importFile.warnings).toEqual([
      'Logs that end before those of other networks of their family: half1B (at 12000).',
      'Tests lacking in the logs: half0A (12000 to 15000); half0B (none before 3000).',
    ]);
  });

  it('averages training losses since the last test and keeps the rate', async () => {
    const lines = logText([{ iteration: 1000, accuracy: 0.1, trainLoss: 4, rate: 0.001 }]);
    const loss = 'I0403 07:00:00.1 23304 solver.cpp:74] Iteration 20, loss = 7\n';
    const later =
      loss.replace('Iteration 20,', 'Iteration 1020,') + lines.replaceAll('1000', '2000');
    put('half0A/140403_1_a.o1', loss + loss + lines + later);
    await imported();
    expect(metrics('split0/baseA').map(({ trainLoss }) => trainLoss)).toEqual([6, 5.5]);
    expect(metrics('split0/baseA').map(({ learningRate }) => learningRate)).toEqual([1e-3, 1e-3]);
  });

  it('reads logs of later Caffe', async () => {
    const head = 'I0403 07:15:12.972617 23304 solver.cpp:337] ';
    const lines = ['Iteration 100, Testing net (#0)', '    Test net output #0: accuracy = 0.25'];
    const more = ['    Test net output #1: loss = 2.5 (* 1 = 2.5 loss)'];
    put('half0A/a.log', [...lines, ...more].map((line) => `${head}${line}\n`).join(''));
    await imported();
    expect(metrics('split0/baseA')).toMatchObject([{ testAccuracy: 0.25, testLoss: 2.5 }]);
  });

  // All have 1000 outputs. A guesser of 500 classes gets down to ln 500 = 6.21 without having
  // learned anything.
  it.each([
    ['half0A', 500, 25_000, 1 / 500, 6.2, 'dead'],
    ['half0A', 500, 25_000, 1 / 500, 6.05, 'done'],
    ['half0A', 500, 25_000, 1 / 50, 6.2, 'done'],
    ['halfnatmanA', 449, 22_450, 1 / 449, 6.09, 'dead'],
    ['nolearn_1_3', 1000, 50_000, 1 / 1000, 6.9, 'dead'],
    ['reduced-0001', 1000, 50_000, 1 / 1000, 0.002, 'done'],
  ])(
    'judges %s by its %i classes',
    async (name, classes, valImages, accuracy, trainLoss, state) => {
      put(`${name}/140403_1_a.o1`, logText([{ iteration: 1000, accuracy, trainLoss }]));
      const { network } = await imported();
      expect(network(name).state).toBe(state);
      expect(record(network(name).name)).toMatchObject({ classes, valImages, executor: null });
    },
  );

  it('replaces an earlier import and gives the same bytes for the same logs', async () => {
    put('half0A/140403_1_a.o1', logText(tests(1000, 2000, '0403')));
    put('half0B/140403_1_b.o1', logText(tests(1000, 2000, '0403')));
    await imported();
    const read = () => ['plan.json', 'results.json'].map((file) => readFileSync(join(out, file)));
    const before = read();
    await imported();
    expect(read()).toEqual(before);
    rmSync(join(folder, 'half0B'), { recursive: true });
    const { results } = await imported();
    expect(results.networks).toHaveLength(1);
    expect(metrics('split0/baseB')).toEqual([]);
  });
});
