// Logs that people have who are not the authors: other names of outputs, files and networks, runs
// that were started again, test nets, divergence, other data.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NetworkResult } from '../../study/results/types.js';
import { readNamesFile } from './names-file.js';
import { type ReadOptions, readCaffeLogs } from './read-logs.js';
import type { GivenFacts } from './tasks.js';
import { writeImportedStudy } from './write-study.js';

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-strangers-'));
  out = mkdtempSync(join(tmpdir(), 'selffer-import-'));
});
afterEach(() => {
  for (const directory of [folder, out]) rmSync(directory, { recursive: true });
});

function put(path: string, content: string | Uint8Array): string {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
  return join(folder, path);
}

async function imported(options: ReadOptions = {}, given: GivenFacts = {}) {
  const logs = await readCaffeLogs(folder, options);
  const { results, importFile } = writeImportedStudy(out, 'made', folder, logs, given);
  const [first] = results.networks;
  const network = first as NetworkResult;
  const path = join(out, 'runs', network.name, 'metrics.jsonl');
  const iterations = () =>
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { iteration: number }).iteration);
  return { results, network, iterations, warnings: importFile.warnings.join('\n') };
}

interface MadeLog {
  readonly process?: number;
  readonly at?: string;
  readonly loss?: string;
}

/** Tests at these iterations with these outputs, as Caffe of 2016 logs them. */
function log(
  iterations: readonly number[],
  outputs: (iteration: number) => readonly string[],
  { process = 1, at = '0610 10', loss = '1.5' }: MadeLog = {},
): string {
  return iterations
    .flatMap((iteration, index) => {
      const head = `I${at}:${String(index).padStart(2, '0')}:00.000000 ${process} solver.cpp:1] `;
      return [
        `${head}Iteration ${iteration}, Testing net (#0)`,
        ...outputs(iteration).map((text, k) => `${head}    Test net output #${k}: ${text}`),
        `${head}Iteration ${iteration}, loss = ${loss}`,
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
}

const steps = (last: number) => Array.from({ length: last / 100 + 1 }, (_, i) => 100 * i);
const rising = (base: number) => (iteration: number) => [
  `accuracy = ${base + iteration / 10_000}`,
  `loss = 1.5 (* 1 = 1.5 loss)`,
];

describe('outputs of a test', () => {
  it.each([
    ['accuracy after acc5', ['acc5 = 0.86', 'accuracy = 0.61', 'loss = 1.5'], /accuracy, not acc5/],
    ['top-1 and top-5', ['loss = 1.5', 'top-5 = 0.86', 'top-1 = 0.61'], /top-1, not top-5/],
    ['top5_accuracy first', ['top5_accuracy = 0.86', 'top_accuracy = 0.61'], /top_accuracy, not/],
    ['acc@5', ['acc@5 = 0.86', 'acc@1 = 0.61'], /acc@1, not acc@5/],
    ['accuracy_top_5', ['accuracy_top_5 = 0.86', 'accuracy_top_1 = 0.61'], /accuracy_top_1, not/],
    ['error rates', ['error = 0.39', 'accuracy = 0.61', 'loss = 1.5'], /^$/],
    ['an unknown name', ['prob1 = 0.61', 'loss = 1.5'], /prob1/],
    ['accuracy and loss', ['accuracy = 0.61', 'loss = 1.5'], /^$/],
    [
      'the deepest of several heads',
      [
        'loss1/loss1 = 3',
        'loss1/top-1 = 0.4',
        'loss3/loss3 = 1.5',
        'loss3/top-1 = 0.61',
        'loss3/top-5 = 0.86',
      ],
      /loss3\/top-1, not loss1\/top-1, loss3\/top-5/,
    ],
  ])('%s', async (_, outputs, said) => {
    put(
      'half0A/a.log',
      log(steps(900), () => outputs),
    );
    const { network, warnings } = await imported();
    expect(network).toMatchObject({ state: 'done', finalAccuracy: 0.61 });
    expect(warnings.replace(/^(?!Taken).*$/gm, '')).toMatch(said);
  });

  it('of two tasks one is taken, or the one that is asked for, with its own loss', async () => {
    const outputs = [
      'accuracy_age = 0.3',
      'accuracy_sex = 0.9',
      'loss_age = 1.5',
      'loss_sex = 0.3',
    ];
    put(
      'half0A/a.log',
      log(steps(900), () => outputs),
    );
    const { network, warnings } = await imported();
    expect(network.finalAccuracy).toBe(0.3);
    expect(warnings).toContain('half0A (accuracy_age, not accuracy_sex)');
    expect((await imported({ accuracy: 'accuracy_sex' })).network.finalAccuracy).toBe(0.9);
    const path = join(out, 'runs/split0/baseA/metrics.jsonl');
    expect(readFileSync(path, 'utf8')).toContain('"testLoss":0.3');
  });

  it('top-5 alone is no accuracy of ours, and percentages are none', async () => {
    put(
      'half0A/a.log',
      log(steps(900), () => ['top-5 = 0.86', 'loss = 1.5']),
    );
    const { network, warnings } = await imported();
    expect(network.state).toBe('missing');
    expect(warnings).toContain('half0A (top-5)');
    put(
      'half0A/a.log',
      log(steps(900), () => ['accuracy = 61.5']),
    );
    const percent = await imported();
    expect(percent.network.state).toBe('missing');
    expect(percent.warnings).toContain('half0A (accuracy = 61.5');
  });

  it('the last test counts where no loss is printed', async () => {
    put(
      'half0A/a.log',
      log(steps(900), (i) => [`accuracy = ${i / 1000}`]).replace(/\n[^\n]*\n$/, '\n'),
    );
    expect((await imported()).network.finalAccuracy).toBe(0.9);
  });
});

describe('runs that were started again', () => {
  const later = { process: 2, at: '0611 10' };
  it.each([
    ['in one file', true],
    ['in another file', false],
  ])('from iteration 0, %s: the later run alone counts', async (_, isOne) => {
    const [first, second] = [log(steps(500), rising(0.3)), log(steps(200), rising(0.1), later)];
    if (isOne) put('half0A/a.log', first + second);
    else {
      put('half0A/b.log', first);
      put('half0A/a.log', second);
    }
    const { network, iterations, warnings } = await imported();
    expect(network.finalAccuracy).toBeCloseTo(0.12);
    expect(iterations()).toEqual([0, 100, 200]);
    expect(warnings).toContain('half0A (one to iteration 500)');
  });

  it('with the number of the process before, as in a container', async () => {
    const again = { process: 1, at: '0611 10' };
    put('half0A/a.log', log(steps(500), rising(0.3)) + log(steps(200), rising(0.1), again));
    expect((await imported()).iterations()).toEqual([0, 100, 200]);
  });

  it('from a snapshot: they continue', async () => {
    const resumed =
      'I0611 10:00:00.000000 2 sgd_solver.cpp:1] Restoring previous solver status from x\n';
    const more = log([300, 400, 500, 600], rising(0.1), later);
    put('half0A/a.log', log(steps(400), rising(0.3)) + resumed + more);
    const { network, iterations, warnings } = await imported();
    expect(iterations()).toEqual([0, 100, 200, 300, 400, 500, 600]);
    expect(network.finalAccuracy).toBeCloseTo(0.16);
    expect(warnings).not.toContain('Started again');
  });

  it('a resumed run goes on where it was, though another was begun between', async () => {
    const between = log(steps(200), rising(0.1), later);
    const more = log([600, 700], rising(0.5), { process: 3, at: '0612 10' });
    put('half0A/a.log', log(steps(500), rising(0.3)) + between + more);
    const { network, iterations } = await imported();
    expect(iterations()).toEqual(steps(700));
    expect(network.finalAccuracy).toBeCloseTo(0.57);
  });

  it('a start that never got beyond iteration 0 replaces nothing', async () => {
    put('half0A/a.log', log(steps(500), rising(0.3)) + log([0], rising(0.1), later));
    const { network, warnings } = await imported();
    expect(network.finalAccuracy).toBeCloseTo(0.35);
    expect(warnings).toContain('never beyond iteration 0');
  });

  it('only iteration 0 is not done', async () => {
    put('half0A/a.log', log([0], rising(0.3)));
    const { network, warnings } = await imported();
    expect(network).toMatchObject({ state: 'failed', accuracy: null });
    expect(warnings).toContain('Only a test at iteration 0: half0A');
  });
});

describe('what else a log may say', () => {
  it('of several test nets the first counts unless another is asked for', async () => {
    const two = log(steps(900), () => ['accuracy = 0.9', 'loss = 0.1']).replace(
      /(.*)Iteration (\d+), loss/g,
      '$1Iteration $2, Testing net (#1)\n$1    Test net output #0: accuracy = 0.4\n$&',
    );
    put('half0A/a.log', two);
    const { network, warnings } = await imported();
    expect(network.finalAccuracy).toBe(0.9);
    expect(warnings).toMatch(/Several test nets.*half0A \(#0, #1\)/);
    expect((await imported({ testNet: 1 })).network.finalAccuracy).toBe(0.4);
  });

  it.each(['nan', '87.3365', 'inf'])('a loss of %s to the end: diverged', async (loss) => {
    const bad = (i: number) => (i < 400 ? rising(0.3)(i) : ['accuracy = 0.002', `loss = ${loss}`]);
    put('half0A/a.log', log(steps(900), bad));
    const { network, warnings } = await imported();
    expect(network.state).toBe('failed');
    expect(warnings).toMatch(/^Diverged .*half0A \(from iteration 400 on\)/m);
    // One that came back did not.
    const back = (i: number) => (i === 400 ? bad(i) : rising(0.3)(i));
    put('half0A/a.log', log(steps(900), back));
    expect((await imported()).network.state).toBe('done');
  });

  it('a training loss of nan alone: diverged', async () => {
    put(
      'half0A/a.log',
      log(steps(900), (i) => [`accuracy = ${i / 1000}`], { loss: 'nan' }),
    );
    expect((await imported()).network.state).toBe('failed');
  });

  it('classes of other data are given, and missed where the first loss tells', async () => {
    put(
      'half0A/a.log',
      log(steps(1900), () => ['accuracy = 0.2', 'loss = 1.6094'], { loss: '1.6094' }),
    );
    const { network, warnings } = await imported();
    expect(network).toMatchObject({ state: 'done', classes: 500 });
    expect(warnings).toContain('half0A (as of 5 classes)');
    const given = await imported({}, { classes: 5, valImages: 500, trainImages: 1000, batch: 10 });
    expect(given.network).toMatchObject({ state: 'dead', classes: 5, testImages: 500 });
    expect(given.warnings).not.toContain('as of 5');
    expect(readFileSync(join(out, 'runs/split0/baseA/metrics.jsonl'), 'utf8')).toContain(
      '"epoch":19',
    );
  });

  it('no headers, UTF-16, and a year that turns', async () => {
    const text = log(steps(900), rising(0.3));
    put('half0A/a.log', text.replace(/^.*\] /gm, ''));
    expect((await imported()).network.finalAccuracy).toBeCloseTo(0.39);
    put('half0A/a.log', Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect((await imported()).network.finalAccuracy).toBeCloseTo(0.39);
    const [december, january] = [{ at: '1231 23' }, { process: 2, at: '0101 00' }];
    put(
      'half0A/a.log',
      log(steps(500), rising(0.3), december) + log([400, 500, 600], rising(0.5), january),
    );
    const { network, iterations } = await imported();
    expect([network.finalAccuracy, iterations().length]).toEqual([0.56, 7]);
  });
});

describe('names', () => {
  const text = log(steps(900), rising(0.3));

  it('of files: glog’s, any that hold a log, each once; others are named', async () => {
    put('half0A/caffe.host.user.log.INFO.20150610-100000.4242', text);
    symlinkSync('caffe.host.user.log.INFO.20150610-100000.4242', join(folder, 'half0A/caffe.INFO'));
    for (const [name, file] of [
      ['half0B', 'log'],
      ['half1A', 'train_log.txt'],
      ['half1B', 'nohup.out'],
    ] as const) {
      put(`${name}/${file}`, text);
    }
    put('half0A/notes.txt', 'nothing to see');
    put('half0A/net.prototxt', 'name: "x"');
    const { results, warnings } = await imported();
    expect(results.networks.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
    expect(warnings).toContain('Files that are no logs of Caffe, not read: half0A/notes.txt.');
    expect(warnings).not.toContain('prototxt');
  });

  it('of networks: ours, with and without a folder', async () => {
    for (const name of [
      'baseA',
      'A3B+',
      'split1-r2/B3B',
      'natural-man-made/baseB',
      'R3',
      'whole/base',
    ]) {
      put(`${name}/a.log`, text);
    }
    const { results } = await imported();
    expect(results.networks.map(({ name, family, repeat }) => [name, family, repeat])).toEqual(
      expect.arrayContaining([
        ['split0/baseA', 'random-halves', 0],
        ['split0/A3B+', 'random-halves', 0],
        ['split1-r2/B3B', 'random-halves', 2],
        ['natural-man-made/baseB', 'natural-man-made', 0],
        ['whole/R3', 'whole', 0],
        ['whole/base', 'whole', 0],
      ]),
    );
    expect(results.study.weightLayers).toBe(4);
  });

  it.each([
    ['lines', 'run 1.log split0/baseA\n# ours\nruns/7, transfer0A0B_1_3\n'],
    ['YAML', 'run 1.log: split0/baseA\nruns/7: transfer0A0B_1_3\n'],
    ['JSON', '{"run 1.log": "baseA", "runs/7/": "transfer0A0B_1_3"}'],
  ])('of others: a file says them (%s)', async (_, names) => {
    put('run 1.log', text);
    put('runs/7/out.txt', text);
    put('runs/8/out.txt', text);
    const read = readNamesFile(put('.names', names));
    const { results, warnings } = await imported({ names: read });
    expect(results.networks.map(({ name, originalName }) => [name, originalName])).toEqual([
      ['split0/baseA', 'run 1.log'],
      ['split0/A3B', 'runs/7'],
    ]);
    expect(warnings).toContain('names not understood: runs/8');
  });

  it('several logs of one network are its log; absent ones are named, wrong names refused', async () => {
    put('run1.log', log(steps(500), rising(0.3)));
    put('run2.log', log([600, 700], rising(0.3), { process: 2, at: '0611 10' }));
    const file = put('names', 'run1.log baseA\nrun2.log baseA\nrun3.log baseB\n');
    const { iterations, warnings } = await imported({ names: readNamesFile(file) });
    expect(iterations()).toEqual(steps(700));
    expect(warnings).toContain('Named, but not among the logs: run3.log.');
    put('names', 'run1.log baseC9\nrun2.log A3\n');
    expect(() => readNamesFile(file)).toThrow(
      /names:1: run1.log: found "baseC9", wanted a name such as split0\/A3B\+.*\n.*names:2: run2.log/,
    );
    put('names', '# nothing\n');
    expect(() => readNamesFile(file)).toThrow(/names no log/);
    expect(() => readNamesFile(join(folder, 'none'))).toThrow(/cannot be read/);
  });
});
