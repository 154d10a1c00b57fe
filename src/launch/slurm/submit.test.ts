// Submitting, over commands that keep a queue in a file and lie where they are told to.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeCluster } from '../../../test/slurm/fake-cluster.js';
import type { ClusterSettings } from '../../study/cluster/settings.js';
import { demoPlan } from '../../study/plan/demo-plan.cases.js';
import { passingWeights } from '../../study/run/passing-weights.js';
import { type RunOutcome, runStudy, type StudyEvent } from '../../study/run/run-study.js';
import { openFolder } from '../../study/store/open-folder.js';
import { cancelJobs } from './cancel.js';
import { lastEnds } from './ends.js';
import { inFlight } from './in-flight.js';
import type { MetLimit } from './options.js';
import { callsOf, type Patience, Scheduler } from './scheduler.js';
import { readSubmitted, submissionTags } from './submission.js';
import { slurmLauncher } from './submit.js';

let cluster: FakeCluster;
let directory: string;
let events: StudyEvent[];
let limits: MetLimit[];
beforeEach(() => {
  cluster = new FakeCluster();
  directory = mkdtempSync(join(tmpdir(), 'selffer-submit-'));
  events = [];
  limits = [];
});
afterEach(() => {
  cluster.remove();
  rmSync(directory, { recursive: true });
});

const plan = demoPlan({
  treatments: ['base', 'BnB', 'AnB'],
  layers: [2],
  tasks: [{ kind: 'random-halves', data: { source: ['glyphs'], size: 28 }, seeds: [0, 1] }],
});

const patience = { timeoutMs: 5000, pausesMs: [1, 1] };

async function submit(
  settings: ClusterSettings = {},
  only: (network: { name: string }) => boolean = () => true,
): Promise<RunOutcome> {
  openFolder(directory, plan, '', false);
  const scheduler = new Scheduler(patience, cluster.call);
  const flight = await inFlight(directory, scheduler);
  const launcher = slurmLauncher({
    ...{ study: 'demo', directory, settings, scheduler, inFlight: flight },
    setting: { node: '/bin/node', taskScript: '/task.js', environment: {} },
    passingWeights: passingWeights(plan),
    onLimit: (met) => limits.push(met),
  });
  return runStudy({
    ...{ plan, directory, launcher, only },
    engine: {
      ...{ executor: 'reference', precision: 'fp32', exact: false },
      ...{ threads: 1, checkpointEverySeconds: 9 },
    },
    limits: { memoryBytes: Infinity, networks: 99 },
    isElsewhere: (name) => flight.networks.has(name),
    onEvent: (event) => events.push(event),
  });
}

// Over processes, as a scheduler calls them.
const schedulerOf = (patient: Patience): Scheduler =>
  new Scheduler(patient, callsOf(patient, cluster.environment));
const calls = (command: string): readonly (readonly string[])[] =>
  cluster.calls().filter(([name]) => name === command);
const queue = (): readonly string[] =>
  cluster
    .jobs()
    .map(({ job, index, after }) => `${job}_${index} after ${after.join('+') || 'nothing'}`);

test('bases in one array, what copies them in arrays that wait for just these, then the report', async () => {
  const outcome = await submit();
  expect(outcome).toMatchObject({ outcome: 'submitted', failure: null });
  expect(queue()).toEqual([
    ...[0, 1, 2, 3].map((index) => `101_${index} after nothing`),
    ...[0, 1].map((index) => `102_${index} after 101_0+101_1`),
    ...[0, 1].map((index) => `103_${index} after 101_2+101_3`),
    '104_null after 101+102+103',
  ]);
  const submitted = events.filter(({ event }) => event === 'submitted');
  expect(submitted).toHaveLength(8);
  expect(submitted[4]).toMatchObject({ gang: 'split0/A/transfer', job: '102_0' });
  const [tag = ''] = submissionTags(directory);
  expect(readSubmitted(directory, tag)).toMatchObject({ finish: '104' });
});

test('the same again submits nothing; a further choice waits for what is in the queue', async () => {
  await submit({}, ({ name }) => name.endsWith('/baseA') || name.endsWith('/baseB'));
  expect(calls('sbatch')).toHaveLength(2);
  await submit({}, ({ name }) => name.endsWith('/baseA') || name.endsWith('/baseB'));
  expect(calls('sbatch')).toHaveLength(2);
  const outcome = await submit();
  expect(outcome.outcome).toBe('submitted');
  expect(queue().slice(5)).toEqual([
    ...[0, 1].map((index) => `103_${index} after 101_0+101_1`),
    ...[0, 1].map((index) => `104_${index} after 101_2+101_3`),
    // After what was in flight before too.
    '105_null after 103+104+101',
  ]);
});

test('what has left the queue without having been trained is submitted again, alone', async () => {
  await submit();
  cluster.change((job) => {
    if (job.job === 101 && job.index === 2) job.state = 'NODE_FAIL';
  });
  events = [];
  await submit();
  const again = events.filter(({ event }) => event === 'submitted');
  expect(again).toMatchObject([{ networks: ['split1/baseA'] }]);
});

test.each([
  ['refused for a moment', { stderr: 'sbatch: error: Unable to contact slurm controller' }],
  ['heard, but not answered', { stderr: 'sbatch: error: Socket timed out', after: true }],
])('a call that is %s makes one array', async (_, fault) => {
  cluster.lie({ command: 'sbatch', times: 1, status: 1, ...fault });
  await submit({}, ({ name }) => name === 'split0/baseA');
  expect(queue()).toEqual(['101_0 after nothing', '102_null after 101']);
});

test('an sbatch that is too slow is asked after before it is called again', async () => {
  cluster.lie({ command: 'sbatch', times: 1, hangMs: 60_000 });
  const scheduler = schedulerOf({ timeoutMs: 5000, pausesMs: [1] });
  const found = await scheduler.change('sbatch', ['--job-name=x', '/x.sh'], () =>
    Promise.resolve('77'),
  );
  expect(found).toBe('77');
  expect(calls('sbatch')).toHaveLength(1);
});

test('real commands: an answer, a refusal, and none there', async () => {
  const scheduler = schedulerOf(patience);
  expect(await scheduler.ask('sbatch', ['--job-name=x', '/x.sh'])).toBe('101\n');
  cluster.lie({ command: 'scancel', times: 1, status: 1, stderr: 'scancel: error: no\n' });
  await expect(scheduler.ask('scancel', ['101'])).rejects.toThrow('scancel: scancel: error: no');
  cluster.remove();
  await expect(scheduler.ask('squeue', [])).rejects.toThrow('squeue: not found on this machine');
});

test('where an account may have no more jobs, the last job of those that fit submits the rest', async () => {
  // Of four bases three fit, and the third of them makes room for the last job.
  cluster.limit(3);
  expect((await submit()).failure).toBeNull();
  expect(queue()).toEqual([
    ...['101_0 after nothing', '101_1 after nothing', '102_0 after nothing'],
    '103_null after 101',
  ]);
  expect(cluster.jobs().map(({ state }) => state)[2]).toBe('CANCELLED');
  expect(limits).toEqual([{ limit: 'AssocMaxSubmitJobLimit', tasks: 2, all: 8 }]);
  expect(events.filter(({ event }) => event === 'submitted')).toHaveLength(2);
  const [tag = ''] = submissionTags(directory);
  expect(readSubmitted(directory, tag)).toMatchObject({ finish: '103', goesOn: true });
  // The same command leaves to the last job what that will submit.
  expect(await submit()).toMatchObject({ outcome: 'submitted', failure: null });
  expect(cluster.jobs()).toHaveLength(4);
  const scheduler = new Scheduler(patience, cluster.call);
  const { networks } = await inFlight(directory, scheduler);
  expect(networks.get('split1/baseB')?.job).toMatchObject({ id: '103', standing: 'queued' });
  expect((await inFlight(directory, scheduler, tag)).networks.has('split1/baseB')).toBe(false);
});

test('what only makes room for the last job is left to it too', async () => {
  cluster.limit(4);
  await submit({}, ({ name }) => name.includes('base'));
  expect(queue().at(-1)).toBe('102_null after 101');
  expect(limits).toEqual([{ limit: 'AssocMaxSubmitJobLimit', tasks: 3, all: 4 }]);
  const [tag = ''] = submissionTags(directory);
  expect(readSubmitted(directory, tag)).toMatchObject({
    arrays: [{ first: 0, tasks: 3, job: '101' }],
    goesOn: true,
  });
});

test('where nothing fits, nothing is left in the queue, and the limit is named', async () => {
  cluster.limit(1);
  expect((await submit()).failure).toMatchObject({
    code: 'scheduler',
    message: 'Slurm takes no more jobs for now (AssocMaxSubmitJobLimit): no task is submitted',
  });
  expect(cluster.jobs().filter(({ state }) => state === 'PENDING')).toEqual([]);
  cluster.limit(99);
  expect((await submit()).failure).toBeNull();
  expect(queue().slice(-9)[0]).toBe('102_0 after nothing');
});

test('where Slurm refuses in the middle, what it took stays, and the rest is said to be missing', async () => {
  const message = 'sbatch: error: Access/permission denied';
  cluster.lie(
    { command: 'sbatch', times: 1, hangMs: 1 },
    { command: 'sbatch', times: 1, status: 1, stderr: message },
  );
  const outcome = await submit();
  expect(outcome.failure).toMatchObject({
    code: 'scheduler',
    message: expect.stringContaining('denied'),
  });
  expect(queue().at(-1)).toBe('102_null after 101');
  // The same command goes on with what is missing.
  expect((await submit()).failure).toBeNull();
  expect(queue().filter((line) => /^10[34]_\d/.test(line))).toEqual([
    ...[0, 1].map((index) => `103_${index} after 101_0+101_1`),
    ...[0, 1].map((index) => `104_${index} after 101_2+101_3`),
  ]);
});

test('a queue that cannot be read lets nothing be submitted', async () => {
  await submit({}, ({ name }) => name === 'split0/baseA');
  cluster.lie({ command: 'squeue', times: 9, print: 'JOBID PARTITION NAME\n' });
  await expect(submit()).rejects.toThrow(/squeue: found the line "JOBID/);
  expect(calls('sbatch')).toHaveLength(2);
});

test('without sbatch nothing is left behind that hinders later', async () => {
  cluster.remove();
  cluster = new FakeCluster(['sbatch']);
  const { failure } = await submit();
  expect(failure).toMatchObject({
    code: 'scheduler',
    message: 'sbatch: not found on this machine',
  });
  cluster.remove();
  cluster = new FakeCluster();
  expect((await submit()).failure).toBeNull();
  expect(cluster.jobs()).toHaveLength(9);
});

test('arrays are no longer than the cluster takes, and numbered on', async () => {
  cluster.lie({ command: 'scontrol', times: 1, print: 'MaxArraySize            = 4\n' });
  await submit({ arrayLimit: 2 });
  const arrays = calls('sbatch').map((args) => args.find((each) => each.startsWith('--array')));
  expect(arrays).toEqual([
    '--array=0-2%2',
    '--array=0-0%2',
    '--array=0-1%2',
    '--array=0-1%2',
    undefined,
  ]);
  expect(queue()[6]).toBe('104_0 after 101_2+102_0');
  const [tag = ''] = submissionTags(directory);
  const folder = join(directory, 'jobs/slurm', tag);
  expect(readdirSync(join(folder, 'gangs'))).toHaveLength(8);
  expect(existsSync(join(folder, '4.sh'))).toBe(true);
});

test('cancelling takes what waits out of the queue, and asks what is at work to save', async () => {
  await submit();
  cluster.change((job) => {
    if (job.job === 101 && job.index === 3) job.state = 'RUNNING';
  });
  const scheduler = new Scheduler(patience, cluster.call);
  const gone = await cancelJobs(directory, await inFlight(directory, scheduler), scheduler);
  expect(gone.waiting).toHaveLength(8);
  expect(gone.running.map(({ id }) => id)).toEqual(['101_3']);
  expect(cluster.jobs().map(({ state }) => state)).toEqual(
    cluster.jobs().map(({ job, index }) => (job === 101 && index === 3 ? 'RUNNING' : 'CANCELLED')),
  );
  expect(cluster.jobs()[3]).toMatchObject({ signal: 'TERM' });
  const [tag = ''] = submissionTags(directory);
  expect(existsSync(join(directory, 'jobs/slurm', tag, 'cancelled'))).toBe(true);
  const flight = await inFlight(directory, scheduler);
  expect([...flight.networks.keys()]).toEqual(['split1/baseB']);
  const ends = await lastEnds(directory, (name) => name === 'split0/baseA', flight, scheduler);
  expect(ends.get('split0/baseA')).toMatchObject({ id: '101_0', state: 'CANCELLED' });
});

test('jobs of others that Slurm does not let go are named', async () => {
  await submit({}, ({ name }) => name === 'split0/baseA');
  const stderr = 'scancel: error: Kill job error on job id 101: Access/permission denied';
  cluster.lie({ command: 'scancel', times: 9, status: 1, stderr });
  const scheduler = new Scheduler(patience, cluster.call);
  const gone = await cancelJobs(directory, await inFlight(directory, scheduler), scheduler);
  expect(gone.refusals).toEqual([expect.stringContaining('permission denied')]);
});

test('how a task ended is what sacct says, and without it what squeue remembers', async () => {
  await submit();
  cluster.change((job) => {
    if (job.job === 101) job.state = job.index === 0 ? 'OUT_OF_MEMORY' : 'TIMEOUT';
  });
  const scheduler = new Scheduler(patience, cluster.call);
  const flight = await inFlight(directory, scheduler);
  const ends = () => lastEnds(directory, (name) => name.includes('base'), flight, scheduler);
  const states = async () => [...(await ends()).values()].map(({ state }) => state);
  expect(await states()).toEqual(['OUT_OF_MEMORY', 'TIMEOUT', 'TIMEOUT', 'TIMEOUT']);
  const disabled = 'Slurm accounting storage is disabled';
  cluster.lie({ command: 'sacct', times: 9, status: 1, stderr: disabled });
  expect(await states()).toEqual(['OUT_OF_MEMORY', 'TIMEOUT', 'TIMEOUT', 'TIMEOUT']);
});
