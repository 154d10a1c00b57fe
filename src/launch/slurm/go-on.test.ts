// The last job of a submission, over commands that keep a queue in a file: what it submits again,
// how often, and what it says of the rest.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeJob, FakeCluster } from '../../../test/slurm/fake-cluster.js';
import { demoPlan } from '../../study/plan/demo-plan.cases.js';
import { StudyFolder } from '../../study/run/folder.js';
import { runStudy } from '../../study/run/run-study.js';
import { openFolder } from '../../study/store/open-folder.js';
import { expectPlanFile } from '../../study/store/results-file.js';
import { goOn, type GoneOn } from './go-on.js';
import { inFlight } from './in-flight.js';
import { callsOf, Scheduler } from './scheduler.js';
import { submissionFiles, submissionTags, writeSubmitted } from './submission.js';
import { slurmLauncher } from './submit.js';

const setting = { node: '/bin/node', taskScript: '/task.js', environment: {} };
const plan = demoPlan({
  treatments: ['base', 'BnB', 'AnB'],
  layers: [2],
  tasks: [{ kind: 'random-halves', data: { source: ['glyphs'], size: 28 }, seeds: [0] }],
});

let cluster: FakeCluster;
let scheduler: Scheduler;
let directory: string;
beforeEach(async () => {
  cluster = new FakeCluster();
  scheduler = new Scheduler({ timeoutMs: 5000, pausesMs: [1] }, cluster.call);
  directory = mkdtempSync(join(tmpdir(), 'selffer-go-on-'));
  openFolder(directory, plan, '', false);
  const flight = await inFlight(directory, scheduler);
  const launcher = slurmLauncher({
    ...{ study: 'demo', directory, settings: { partition: 'long' }, scheduler, setting },
    ...{ inFlight: flight, passingWeights: [] },
  });
  await runStudy({
    ...{ plan, directory, launcher, limits: { memoryBytes: Infinity, networks: 99 } },
    engine: {
      ...{ executor: 'reference', precision: 'fp32', exact: false },
      ...{ threads: 1, checkpointEverySeconds: 9 },
    },
  });
});
afterEach(() => {
  cluster.remove();
  rmSync(directory, { recursive: true });
});

/** The last job of the newest submission, after its tasks have ended as `ends` says. */
async function finish(
  ends: (job: FakeJob) => string | undefined,
  tag = cluster.jobs().at(-1)?.comment.split(':')[1] ?? '',
): Promise<GoneOn> {
  cluster.change((job) => {
    if (job.state === 'PENDING') job.state = ends(job) ?? 'COMPLETED';
  });
  const folder = new StudyFolder(directory);
  const { networks } = expectPlanFile(folder);
  folder.states(networks);
  const flight = await inFlight(directory, scheduler);
  return goOn(folder, networks, { tag, flight, scheduler }, setting);
}

const messages = (): Readonly<Record<string, string | null>> => {
  const folder = new StudyFolder(directory);
  const states = folder.states(expectPlanFile(folder).networks);
  return Object.fromEntries([...states].map(([name, { message }]) => [name, message]));
};
const tasks = (): readonly (readonly [string, readonly string[]])[] =>
  cluster
    .jobs()
    .filter(({ state, index }) => state === 'PENDING' && index !== null)
    .map(({ job, index, after }) => [`${job}_${index}`, after]);

test('what was killed goes into the queue again with what waits for it, and is given up in the end', async () => {
  // baseA runs out of memory, so that what copies it finds nothing; somebody cancelled baseB.
  const first = await finish(({ job, index }) =>
    job === 101 ? (index === 0 ? 'OUT_OF_MEMORY' : 'CANCELLED') : 'FAILED',
  );
  expect(first).toMatchObject({ tasks: 3, jobs: ['104', '105'], failure: null });
  expect([...first.givenUp]).toEqual([
    ['split0/baseB', expect.stringMatching(/^its task 101_1 ended.*CANCELLED.*101_1\.log$/)],
  ]);
  expect(messages()['split0/baseB']).toMatch(/CANCELLED/);
  expect(tasks()).toEqual([['104_0', []], ...[0, 1].map((index) => [`105_${index}`, ['104_0']])]);
  const begins = cluster.calls().flatMap((args) => args.filter((each) => /--begin/.test(each)));
  expect(begins).toEqual(['--begin=now+30', '--begin=now+30']);
  expect(cluster.calls().at(-1)).toContain('--partition=long');

  const second = await finish(({ job }) => (job === 104 ? 'OUT_OF_MEMORY' : 'FAILED'));
  expect(second).toMatchObject({ tasks: 3 });
  const third = await finish(({ job }) => (job === 107 ? 'OUT_OF_MEMORY' : 'FAILED'));
  expect(third).toMatchObject({ tasks: 0, jobs: [] });
  expect(messages()).toMatchObject({
    'split0/baseA': expect.stringMatching(
      /given up after 3 attempts.*107_0.*OUT_OF_MEMORY.*larger --mem/,
    ),
    'split0/A2B': 'not trained: split0/baseA, which it copies, is failed',
  });
  expect(tasks()).toEqual([]);
});

test('what an account had no room for is submitted by the last job, as much as fits', async () => {
  // As if only the first base had been taken.
  const [tag = ''] = submissionTags(directory);
  const arrays = [{ first: 0, tasks: 1, job: '101' }];
  writeSubmitted(submissionFiles(directory, tag), { arrays, finish: '103', goesOn: true });
  cluster.limit(3);
  const first = await finish(({ job, index }) =>
    job === 101 && index === 0 ? 'FAILED' : 'CANCELLED',
  );
  expect(first).toMatchObject({ tasks: 2, failure: null });
  // Both bases, beside the job that submits what copies them.
  expect(tasks()).toEqual([
    ['104_0', []],
    ['104_1', []],
  ]);
});

test('what Slurm does not take again is noted with both reasons', async () => {
  const stderr = 'sbatch: error: Access/permission denied';
  cluster.lie({ command: 'sbatch', times: 9, status: 1, stderr });
  const gone = await finish(() => 'NODE_FAIL');
  expect(gone).toMatchObject({ tasks: 0, failure: { code: 'scheduler' } });
  expect(messages()['split0/baseA']).toMatch(/NODE_FAIL.*did not take it again.*denied/);
});

test('a task that nobody knows any more is tried again only if it was started once', async () => {
  cluster.lie({ command: 'sacct', times: 9, status: 1, stderr: 'disabled' });
  cluster.forget();
  const [tag = ''] = submissionTags(directory);
  writeFileSync(join(directory, 'jobs/slurm', tag, '101_1.log'), 'start 1\n');
  const gone = await finish(() => undefined, tag);
  expect(gone.givenUp.size).toBe(1);
  expect(messages()['split0/baseA']).toMatch(/its task 101_0 ended before it was trained; its log/);
  expect(tasks().map(([, after]) => after)).toEqual([[], ['101_0'], ['101_0']]);
});

test('a job that submits others does not pass on what Slurm has set for it', async () => {
  const environment = {
    ...cluster.environment,
    ...{ SLURM_JOB_ID: '7', SLURM_RESTART_COUNT: '2', SLURM_CONF: '/etc/c', SBATCH_ACCOUNT: 'a' },
  };
  const call = callsOf({ timeoutMs: 5000, pausesMs: [] }, environment);
  const printed = join(cluster.folder, 'bin', 'squeue');
  rmSync(printed);
  writeFileSync(printed, '#!/bin/bash\nset\n', { mode: 0o755 });
  const { stdout } = await call('squeue', []);
  const names = stdout.match(/^(SLURM|SBATCH)_\w+/gm);
  expect(names).toEqual(['SBATCH_ACCOUNT', 'SLURM_CONF']);
});
