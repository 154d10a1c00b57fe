// What is read back from a run's folder, whole and damaged.
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RunStoreError } from '../base/errors.js';
import { packageFile } from '../base/package-files.js';
import { thisProcess } from '../base/process-owner.js';
import { writeSafetensors } from '../tensor/safetensors.js';
import { f32 } from '../tensor/tensor.js';
import { checkpointIdentity, type Progress, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { readFailure, writeFailure } from './failure.js';
import { type RunFiles, runFiles } from './files.js';
import { dropLeasesElsewhere, leaseRuns } from './lease.js';
import { madeRecord } from './made-record.cases.js';
import { appendMetrics, type MetricsLine, readMetrics, writeMetrics } from './metrics.js';
import { readRecord, writeRecord } from './record.js';
import { RunView } from './view.js';

let directory: string;
let files: RunFiles;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-runs-'));
  files = runFiles(directory, 'run');
  mkdirSync(join(directory, 'run'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const line = (iteration: number): MetricsLine => ({
  iteration,
  epoch: iteration / 10,
  learningRate: 0.01,
  trainLoss: 1.5,
  testLoss: null,
  testAccuracy: 0.25,
});

/** The error that `act` throws: ours, with a hint. */
function refusal(act: () => unknown): RunStoreError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(RunStoreError);
    expect((error as RunStoreError).hint).toMatch(/./);
    return error as RunStoreError;
  }
  return expect.unreachable();
}

describe('run.json', () => {
  test('is read as it was written', () => {
    expect(readRecord(files.record)).toBeNull();
    const record = madeRecord({ loading: { loaders: 2, waitShare: 0.5 }, executor: null });
    writeRecord(files.record, record);
    expect(readRecord(files.record)).toEqual(record);
  });

  const { valImages, ...lacking } = madeRecord({});
  test.each<[string, string, string]>([
    ['empty', '', 'found nothing, wanted JSON'],
    ['cut off', '{"schema": "self', 'wanted JSON'],
    ['a list', '[]', 'found [], wanted an object'],
    ['of another state', JSON.stringify({ ...madeRecord({}), state: 'good' }), 'state: found "good", wanted done or dead or failed'],
    ['without a count', JSON.stringify(lacking), `valImages: found nothing, wanted a whole number`],
    [
      'damaged deep inside',
      JSON.stringify({ ...madeRecord({}), frozenAudit: [{ tensor: 'conv1.weight', before: 1 }] }),
      'frozenAudit.0.before: found 1, wanted a text',
    ],
  ])('that is %s is named with what is wrong', (_, content, problem) => {
    writeFileSync(files.record, content);
    const { message } = refusal(() => readRecord(files.record));
    expect(message).toContain(files.record);
    expect(message).toContain(problem);
    expect(valImages).toBe(100);
  });

  test('that is a folder is named', () => {
    mkdirSync(files.record);
    expect(refusal(() => readRecord(files.record)).message).toContain('found a folder, wanted a file');
  });
});

describe('failure.json', () => {
  test('is read as it was written', () => {
    expect(readFailure(files.failure)).toBeNull();
    writeFailure(files.failure, 'out of memory');
    expect(readFailure(files.failure)).toBe('out of memory');
  });

  test.each(['', 'rubbish', '{"message": 7}', 'null', '[]'])(
    'that is %j is a failure of unknown reason',
    (content) => {
      writeFileSync(files.failure, content);
      const message = readFailure(files.failure);
      expect(message).toContain('does not say why');
      expect(message).toContain(files.failure);
    },
  );
});

describe('metrics.jsonl', () => {
  test('a torn last line is ignored, and so is a line that was continued after a crash', () => {
    for (const iteration of [1, 2]) appendMetrics(files.metrics, line(iteration));
    appendFileSync(files.metrics, `{"iteration": 3, "ep${JSON.stringify(line(4))}\n{"iterat`);
    expect(readMetrics(files.metrics).map(({ iteration }) => iteration)).toEqual([1, 2]);
  });

  test('a line of something else is named', () => {
    appendMetrics(files.metrics, line(1));
    appendFileSync(files.metrics, '{"iteration": 2, "epoch": "one"}\n');
    expect(refusal(() => readMetrics(files.metrics)).message).toBe(
      `${files.metrics}, line 2: epoch: found "one", wanted a number`,
    );
  });

  // A limit on the size of files lets a write take some of its bytes, as a full disk does.
  test.skipIf(process.platform !== 'linux')('a line that does not fit leaves nothing', () => {
    const script = `
      import { appendMetrics, readMetrics } from ${JSON.stringify(packageFile('dist/runs/metrics.js'))};
      const path = process.argv[1];
      let written = 0;
      try {
        for (;; written++) appendMetrics(path, ${JSON.stringify(line(1))});
      } catch (error) {
        console.log(JSON.stringify({ written, read: readMetrics(path).length, message: error.message, code: error.code }));
      }`;
    const limited = `trap '' XFSZ; ulimit -f 1; exec "$0" "$@"`;
    const args = ['-c', limited, process.execPath, '--input-type=module', '-e', script];
    const { stdout, stderr } = spawnSync('bash', [...args, files.metrics], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const said = JSON.parse(stdout) as { written: number; message: string };
    expect(said).toMatchObject({ read: said.written, code: 'file' });
    expect(said.message).toContain('EFBIG');
    const text = `${JSON.stringify(line(1))}\n`;
    expect(readFileSync(files.metrics, 'utf8')).toBe(text.repeat(said.written));
    // Only if the last write was short does this test anything.
    expect(1024 % text.length).toBeGreaterThan(0);
  });

  test('a view reads only what was added, and all of it after a cut', () => {
    const view = new RunView(files);
    expect(view.tests()).toEqual([]);
    appendMetrics(files.metrics, line(1));
    expect(view.tests()).toEqual([line(1)]);
    appendFileSync(files.metrics, JSON.stringify(line(2)));
    expect(view.tests()).toEqual([line(1)]);
    appendFileSync(files.metrics, `\n${JSON.stringify(line(3))}\n`);
    expect(view.tests()).toEqual([line(1), line(2), line(3)]);
    writeMetrics(files.metrics, [line(1)]);
    // Longer than before: that it was cut is not seen by its size.
    for (const iteration of [5, 6, 7]) appendMetrics(files.metrics, line(iteration));
    expect(view.tests()).toEqual([line(1), line(5), line(6), line(7)]);
  });
});

describe('a checkpoint', () => {
  const progress: Progress = {
    iteration: 3,
    lossSum: 1.5,
    lossCount: 1,
    lowestTrainLoss: null,
    seconds: 2,
    frozenBefore: { 'conv1.weight': 'abc' },
  };
  const tensors = { w: f32([2]) };
  const saved = { progress, tests: [line(1)], tensors };

  test('is read as it was written, and only for its identity', () => {
    expect(readCheckpoint(files.checkpoint, 'me')).toBeNull();
    writeCheckpoint(files.checkpoint, 'me', saved);
    expect(readCheckpoint(files.checkpoint, 'me')).toEqual(saved);
    expect(checkpointIdentity(files.checkpoint)).toBe('me');
    expect(readCheckpoint(files.checkpoint, 'other')).toBeNull();
  });

  test.each<[string, Record<string, string>, string]>([
    ['no progress', {}, 'no progress'],
    ['torn progress', { progress: '{"iteration": 3' }, 'wanted JSON'],
    ['progress without a count', { progress: '{"iteration": -1}' }, 'iteration: found -1, wanted a whole number'],
  ])('with %s is named', (_, metadata, problem) => {
    writeSafetensors(files.checkpoint, tensors, { identity: 'me', ...metadata });
    const { message } = refusal(() => readCheckpoint(files.checkpoint, 'me'));
    expect(message).toContain(files.checkpoint);
    expect(message).toContain(problem);
  });

  test('that was cut off is named', () => {
    writeCheckpoint(files.checkpoint, 'me', saved);
    writeFileSync(files.checkpoint, readFileSync(files.checkpoint).subarray(0, 50));
    expect(() => readCheckpoint(files.checkpoint, 'me')).toThrow('not a whole');
  });
});

describe('a lease', () => {
  const elsewhere = (): void =>
    writeFileSync(
      runFiles(directory, 'b').lease,
      JSON.stringify({ ...thisProcess(), host: 'elsewhere', bootId: 'x', since: '2026-01-01' }),
    );

  test('keeps a second trainer out until it is let go of, however the gang is divided', async () => {
    const release = await leaseRuns(directory, ['a', 'b']);
    await expect(leaseRuns(directory, ['b', 'c'], 0)).rejects.toThrow(
      `b is being trained by process ${process.pid}`,
    );
    // Nothing is kept of an attempt that failed.
    await expect(leaseRuns(directory, ['c', 'b'], 0)).rejects.toThrow(RunStoreError);
    expect(existsSync(runFiles(directory, 'c').lease)).toBe(false);
    release();
    (await leaseRuns(directory, ['b'], 0))();
    expect(existsSync(runFiles(directory, 'b').lease)).toBe(false);
  });

  test('waits for a worker that is on its way out', async () => {
    const script = `
      import { leaseRuns } from ${JSON.stringify(packageFile('dist/runs/lease.js'))};
      await leaseRuns(process.argv[1], ['b']);
      console.log('leased');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const lease = leaseRuns(directory, ['b']);
    child.kill('SIGKILL');
    (await lease)();
  });

  test('of another machine is not waited for', async () => {
    mkdirSync(join(directory, 'b'));
    elsewhere();
    await expect(leaseRuns(directory, ['b'])).rejects.toThrow('on elsewhere');
    // Who holds the lock of the whole study knows better.
    dropLeasesElsewhere(directory, ['a', 'b']);
    (await leaseRuns(directory, ['b'], 0))();
  });

  test('of a living process of this machine is never dropped', async () => {
    const release = await leaseRuns(directory, ['b']);
    dropLeasesElsewhere(directory, ['b']);
    await expect(leaseRuns(directory, ['b'], 0)).rejects.toThrow('is being trained');
    release();
  });
});
