// The worker without a launcher: a job file is all that it needs, as a batch system would start it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageFile } from '../../src/base/package-files.js';
import { runFiles } from '../../src/runs/files.js';
import { readRecord } from '../../src/runs/record.js';
import type { WorkerEvent } from '../../src/train/events.js';
import type { GangJob } from '../../src/train/job.js';
import { readJob, removeJob, writeJob } from '../../src/train/job-file.js';
import { base, gangJob, member } from './job.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-worker-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Runs the compiled worker on a job file; `onEvent` may signal it. */
function work(
  path: string,
  onEvent: (event: WorkerEvent, signal: (name: NodeJS.Signals) => void) => void = () => {},
): Promise<{ status: number | null; events: WorkerEvent[] }> {
  const worker = packageFile('dist/cli/worker.js');
  const child = spawn(process.execPath, [worker, '--job', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: WorkerEvent[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as WorkerEvent;
      events.push(event);
      onEvent(event, (name) => child.kill(name));
    }
  });
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, events })));
}

test('a job is read as it was written, and its file goes with it', () => {
  const job = { ...gangJob(directory, [base('A')]), name: 'split0/A/base/1of2', loaders: 1 };
  const path = writeJob(job);
  expect(path).toBe(join(directory, 'jobs/split0/A/base/1of2.json'));
  expect(readJob(path)).toEqual(job);
  const other = { ...job, name: 'split0/A/base/2of2' };
  writeJob(other);
  removeJob(job);
  expect(existsSync(path)).toBe(false);
  removeJob(other);
  expect(existsSync(join(directory, 'jobs'))).toBe(false);
});

test.each<[string, (job: GangJob) => unknown, string]>([
  ['is not JSON', () => 'rubbish', 'wanted JSON'],
  [
    'lacks a property',
    ({ schedule, ...rest }) => (schedule ? rest : rest),
    'schedule: found nothing',
  ],
  [
    'has a network of another form',
    (job) => ({ ...job, networks: [{ ...job.networks[0], frozen: 'all' }] }),
    'networks.0.frozen: found "all", wanted a list',
  ],
])('a job that %s is an error that names the file', async (_, damage, problem) => {
  const job = gangJob(directory, [base('A')]);
  const path = writeJob(job);
  const content = damage(job);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  const { status, events } = await work(path);
  expect(status).toBe(1);
  expect(events).toMatchObject([{ event: 'error', code: 'run-store' }]);
  const { message } = events[0] as { message: string };
  expect(message).toContain(path);
  expect(message).toContain(problem);
});

test('a job file is trained, and networks whose base is not done are left out', async () => {
  const job = gangJob(directory, [base('B'), member('A1B', 1, true, 'baseA')]);
  const { status, events } = await work(writeJob(job));
  expect(status).toBe(0);
  expect(events[0]).toEqual({
    event: 'skipped',
    networks: ['split0/A1B'],
    message: 'split0/baseA is waiting',
  });
  expect(events.at(-1)).toEqual({ event: 'finished' });
  const files = runFiles(directory, 'runs/split0/baseB');
  expect(readRecord(files.record)?.iterations).toBe(12);
  expect(existsSync(files.lease)).toBe(false);
});

test('SIGTERM asks a worker without a launcher to save and end', async () => {
  const job = gangJob(directory, [base('B')]);
  const long = { ...job, schedule: { ...job.schedule, iterations: 100_000 } };
  const { status, events } = await work(writeJob(long), (event, signal) => {
    if (event.event === 'ready') signal('SIGTERM');
  });
  expect(status).toBe(0);
  expect(events.at(-1)?.event).toBe('stopped');
  const { checkpoint } = runFiles(directory, 'runs/split0/baseB');
  expect(readFileSync(checkpoint).length).toBeGreaterThan(0);
});

test('a store may lie elsewhere for a worker', async () => {
  const job = gangJob(directory, [base('B')]);
  const target = { ...job.input.target, store: '/not/here.store' };
  const stores = { '/not/here.store': 'glyphs' };
  const moved = { ...job, input: { ...job.input, target, means: { B: target }, stores } };
  const { events } = await work(writeJob(moved));
  expect(events.at(-1)).toEqual({ event: 'finished' });
});
