// A whole study through a queue, command by command, over commands that keep a queue in a file: the
// real processes, and the same bytes as a run on this machine. scripts/slurm starts a real Slurm
// for what only that can show.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeCluster } from './fake-cluster.js';

const command = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
let cluster: FakeCluster;
let directory: string;
let folder: string;
beforeEach(() => {
  cluster = new FakeCluster();
  directory = mkdtempSync(join(tmpdir(), 'selffer-slurm-'));
  folder = join(directory, 'out');
  put(
    join(directory, 'study.yaml'),
    `name: small
data: {source: glyphs}
network: glyph28
solver: {batch: 32, lr: 0.02, iterations: 40, testEvery: 20}
treatments: [base, BnB, AnB]
layers: [2]
keep: none
cluster: {cpusPerTask: 1, mem: 2G}
`,
  );
});
afterEach(() => {
  cluster.remove();
  rmSync(directory, { recursive: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function selffer(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    env: cluster.environment,
  });
  return { status, stdout, stderr };
}

const submit = (...options: string[]) =>
  selffer('run', join(directory, 'study.yaml'), '--out', folder, '--on', 'slurm', ...options);
const local = (out: string) =>
  selffer('run', join(directory, 'study.yaml'), '--out', out, '--threads', '1', '--workers', '1');
const results = (of: string): string => readFileSync(join(of, 'results.json'), 'utf8');
const logs = (): string =>
  readdirSync(join(folder, 'jobs/slurm'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.log'))
    .map((path) => readFileSync(join(folder, 'jobs/slurm', path), 'utf8'))
    .join('\n');

test('a study through the queue gives the bytes of a run on this machine', async () => {
  const dry = submit('--dry-run');
  expect(dry.stdout).toMatch(/6 of 6 networks to submit, 4 tasks in 2 arrays/);
  expect(dry.stdout).toMatch(/cpusPerTask +1 \(study file\)/);
  expect(dry.stdout).toMatch(/--dependency=afterany:JOB0_0:JOB0_1/);
  expect(existsSync(folder)).toBe(false);

  const first = submit();
  expect(first.status, first.stderr).toBe(0);
  expect(first.stdout).toMatch(/submitted 6 networks in 4 tasks \(jobs 101, 102\)/);
  expect(submit().stdout).toMatch(/nothing new to submit; 6 were in the queue already/);
  // A run on this machine leaves alone what is in the queue.
  const beside = selffer('run', join(directory, 'study.yaml'), '--out', folder, '--json');
  expect(beside.stdout).toContain('"todo":0');
  const forced = submit('--force');
  expect(forced.stderr).toMatch(/6 networks are in the queue, and --force/);
  const changed = submit('--set', 'solver.lr=0.5');
  expect(changed.stderr).toMatch(/in the queue \(job 101_0\) with other settings/);

  const { networks, queue } = JSON.parse(selffer('status', folder, '--json').stdout);
  expect(queue).toEqual({ problem: null, jobs: 5 });
  expect(networks[2]).toMatchObject({
    job: { id: '102_0', standing: 'queued', reason: 'Priority' },
  });
  expect(selffer('cancel', folder).stdout).toMatch(/cancelled 5 jobs that waited: 101_0, 101_1/);
  expect(selffer('cancel', folder).stdout).toBe('no job of it is in the queue\n');
  expect(selffer('status', folder).stdout).toMatch(/101_0 ended: CANCELLED/);
  expect(await cluster.runQueue()).toEqual([]);
  cluster.forget();
  expect(submit().status).toBe(0);

  expect(await cluster.runQueue()).toEqual(['101_0', '101_1', '102_0', '102_1', '103']);
  expect(logs()).toMatch(/split0\/baseA is done/);
  const states = cluster.jobs().map(({ state }) => state);
  expect(new Set(states), logs()).toEqual(new Set(['COMPLETED']));
  local(join(directory, 'local'));
  expect(results(folder)).toBe(results(join(directory, 'local')));
  expect(existsSync(join(folder, 'report.html'))).toBe(true);
  for (const network of ['baseA', 'A2B']) {
    // keep: none
    expect(existsSync(join(folder, 'runs/split0', network, 'weights.safetensors'))).toBe(false);
  }
  expect(submit().stdout).toMatch(/report:/);
});

test('a task that fails for good says why, and so do those that copy its network', async () => {
  submit();
  const jobs = readdirSync(join(folder, 'jobs/slurm'))[0] ?? '';
  // A store that is not there is nothing that another attempt would find.
  const path = join(folder, 'jobs/slurm', jobs, 'gangs/0.json');
  const job = JSON.parse(readFileSync(path, 'utf8'));
  const broken = { ...job, input: { ...job.input, target: { ...job.input.target, store: '/no' } } };
  writeFileSync(path, JSON.stringify(broken));
  await cluster.runQueue();
  const status = JSON.parse(selffer('status', folder, '--json').stdout);
  const of = (name: string) =>
    status.networks.find((each: { name: string }) => each.name === `split0/${name}`);
  expect(of('baseA')).toMatchObject({ state: 'failed', message: expect.stringContaining('/no') });
  expect(of('A2B')).toMatchObject({ state: 'missing', message: expect.stringMatching(/baseA/) });
  expect(of('B2B')).toMatchObject({ state: 'done' });
  // The same command trains what is missing.
  expect(submit().stdout).toMatch(/submitted 3 networks in 3 tasks/);
  await cluster.runQueue();
  local(join(directory, 'local'));
  expect(results(folder)).toBe(results(join(directory, 'local')));
});

test('a task that is sent a signal saves, queues itself again where it should, and resumes', async () => {
  submit('--set', 'solver.iterations=200');
  const started = await cluster.runQueue((job, said, send) => {
    if (!said.includes('iteration') || job.starts > 0 || job.job !== 101) return;
    // The time limit of one base, and the end of a partition's patience for the other.
    if (job.index === 0) send('SIGUSR2');
    else send('SIGTERM');
  });
  expect(started).toEqual(['101_0', '101_0', '101_1', '101_1', '102_0', '102_1', '103']);
  expect(logs()).toMatch(/its time limit came; all was saved; back into the queue for 5 s/);
  expect(logs()).toMatch(/it was asked to end; all was saved; back into the queue/);
  expect(logs().match(/saved at iteration \d+/g)).toHaveLength(2);
  const out = join(directory, 'local');
  const study = join(directory, 'study.yaml');
  const lengths = ['--set', 'solver.iterations=200', '--threads', '1', '--workers', '1'];
  selffer('run', study, '--out', out, ...lengths);
  expect(results(folder)).toBe(results(out));
});

test('a task that was cancelled while it worked saves and stays out of the queue', async () => {
  submit('--set', 'solver.iterations=200', '--only', 'baseA');
  const started = await cluster.runQueue((job, said, send) => {
    if (job.comment.endsWith('finish') || !said.includes('iteration')) return;
    expect(selffer('cancel', folder).status).toBe(0);
    send('SIGTERM');
  });
  expect(started).toEqual(['101_0']);
  expect(logs()).toMatch(/saved at iteration[^]*cancelled: all is saved/);
});

test('killed without a word three times, a task is given up', async () => {
  submit('--setup', 'kill -9 $$');
  cluster.change((job) => {
    // As after a node that died: back in the queue, counted by Slurm alone.
    if (job.job === 101 && job.index === 0) Object.assign(job, { starts: 3 });
  });
  const scripts = join(folder, 'jobs/slurm', readdirSync(join(folder, 'jobs/slurm'))[0] ?? '');
  const script = join(scripts, '0.sh');
  writeFileSync(script, readFileSync(script, 'utf8').replace('kill -9 $$', ''));
  await cluster.runQueue();
  const { networks } = JSON.parse(selffer('status', folder, '--json').stdout);
  expect(networks[0]).toMatchObject({
    state: 'failed',
    message: expect.stringMatching(/given up after 3 attempts.*node died/),
  });
});

test('a task that is killed whole is submitted again by the last job, and so is what waited for it', async () => {
  submit('--set', 'solver.iterations=200');
  const started = await cluster.runQueue((job, said, send) => {
    if (said.includes('iteration') && job.job === 101 && job.index === 0) send('SIGKILL');
  });
  expect(started.slice(0, 5)).toEqual(['101_0', '101_1', '102_0', '102_1', '103']);
  expect(started.slice(5)).toEqual(['104_0', '105_0', '105_1', '106']);
  expect(logs()).toMatch(/submitted what was left: 3 tasks, jobs 104, 105/);
  const out = join(directory, 'local');
  const study = join(directory, 'study.yaml');
  const lengths = ['--set', 'solver.iterations=200', '--threads', '1', '--workers', '1'];
  selffer('run', study, '--out', out, ...lengths);
  expect(results(folder)).toBe(results(out));
});

test('two heads at once submit everything once', async () => {
  const args = ['run', join(directory, 'study.yaml'), '--out', folder, '--on', 'slurm'];
  const heads = [0, 1].map(
    () =>
      new Promise<number | null>((resolve) => {
        const child = spawn(process.execPath, [command, ...args], {
          env: cluster.environment,
          stdio: 'ignore',
        });
        child.once('close', resolve);
      }),
  );
  const ends = await Promise.all(heads);
  // The later one is refused or finds all in the queue.
  expect(ends).toContain(0);
  expect(cluster.jobs()).toHaveLength(5);
});
