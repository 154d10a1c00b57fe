import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { networkFiles } from '../../runs/files.js';
import { madeRecord } from '../../runs/made-record.cases.js';
import type { RunRecord } from '../../runs/record.js';
import { writeSafetensors } from '../../tensor/safetensors.js';
import type { GangJob } from '../../train/job.js';
import { demoPlan } from '../plan/demo-plan.cases.js';
import type { GangEnd, Launcher } from './launcher.js';
import { countReads } from './count-reads.cases.js';
import { submitInOrder } from './submit-in-order.js';
import type { Plan } from '../plan/plan.js';
import {
  networksToTrain,
  runStudy,
  type RunOptions,
  type RunOutcome,
  type StudyEvent,
} from './run-study.js';
import { openFolder } from '../store/open-folder.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-run-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Ends every network of a job at once, as a worker would; `state` may say otherwise for some. */
function finish(
  job: GangJob,
  state: (name: string) => RunRecord['state'] = () => 'done',
): string[] {
  for (const { name, identity, keepWeights } of job.networks) {
    const files = networkFiles(job.studyDirectory, name);
    // Some accuracy that depends on the name alone.
    const finalAccuracy = (name.length * 7 + name.charCodeAt(name.length - 2)) / 1000;
    put(
      files.record,
      JSON.stringify(madeRecord({ name, identity, state: state(name), finalAccuracy })),
    );
    if (keepWeights && state(name) !== 'failed') writeSafetensors(files.weights, {});
  }
  return job.networks.map(({ name }) => name);
}

interface Fake extends Launcher {
  readonly launched: string[][];
}

function fakeLauncher(work: (job: GangJob) => GangEnd | Promise<GangEnd>, workers = 1): Fake {
  const launched: string[][] = [];
  return {
    launched,
    submit: (gangs) =>
      submitInOrder(gangs, workers, (job, onEvent) => {
        launched.push(job.networks.map(({ name }) => name));
        let stop: (end: GangEnd) => void = () => {};
        const stopped = new Promise<GangEnd>((resolve) => (stop = resolve));
        const end = Promise.race([Promise.resolve().then(() => work(job)), stopped]);
        onEvent({ event: 'checkpoint', iteration: 0 });
        return {
          end,
          stop: () => stop({ outcome: 'stopped' }),
          kill: () => stop({ outcome: 'failed', code: 'native', message: 'killed' }),
        };
      }),
  };
}

const good = (job: GangJob): GangEnd => {
  finish(job);
  return { outcome: 'finished' };
};

const events: StudyEvent[] = [];

function run(
  plan: Plan,
  launcher: Launcher,
  change: Partial<RunOptions> = {},
): Promise<RunOutcome> {
  openFolder(directory, plan, '', false);
  events.length = 0;
  return runStudy({
    plan,
    directory,
    launcher,
    engine: {
      executor: 'reference',
      precision: 'fp32',
      exact: false,
      threads: 1,
      checkpointEverySeconds: 9,
    },
    limits: { memoryBytes: Infinity, networks: 99 },
    onEvent: (event) => events.push(event),
    ...change,
  });
}

const small = demoPlan({
  layers: [2],
  tasks: [{ kind: 'random-halves', data: { source: ['glyphs'], size: 28 }, seeds: [0] }],
});
const states = ({ states }: RunOutcome): Record<string, string> =>
  Object.fromEntries([...states].map(([name, { state }]) => [name, state]));

test('bases run first, then one gang a target; a second run does nothing', async () => {
  const launcher = fakeLauncher(good);
  const outcome = await run(small, launcher);
  expect(launcher.launched.map((names) => names.length)).toEqual([1, 1, 6, 6]);
  expect(outcome.outcome).toBe('finished');
  expect(new Set(Object.values(states(outcome)))).toEqual(new Set(['done']));
  const results = readFileSync(join(directory, 'results.json'), 'utf8');
  const again = fakeLauncher(good);
  await run(small, again);
  expect(again.launched).toEqual([]);
  expect(readFileSync(join(directory, 'results.json'), 'utf8')).toBe(results);
});

test.each([
  ['A2B', ['split0/baseA', 'split0/baseB', 'split0/A2B']],
  ['A2B+', ['split0/baseA', 'split0/baseB', 'split0/A2B+']],
  ['B2B', ['split0/baseB', 'split0/B2B']],
  ['R2A', ['split0/baseA', 'split0/R2A']],
])('%s alone comes with what it copies and the base of its own target', async (name, wanted) => {
  const launcher = fakeLauncher(good);
  const only = ({ shortName }: { readonly shortName: string }): boolean => shortName === name;
  await run(small, launcher, { only });
  expect(new Set(launcher.launched.flat())).toEqual(new Set(wanted));
  const again = fakeLauncher(good);
  await run(small, again, { only });
  expect(again.launched).toEqual([]);
});

test('a report stays while the results do, and goes when they change', async () => {
  await run(small, fakeLauncher(good), { only: ({ treatment }) => treatment === 'base' });
  const report = join(directory, 'report.html');
  const figure = join(directory, 'figures/figure2-top-dark.svg');
  for (const path of [report, figure]) put(path, 'of the bases');
  await run(small, fakeLauncher(good), { only: ({ treatment }) => treatment === 'base' });
  expect([report, figure].map((path) => existsSync(path))).toEqual([true, true]);
  await run(small, fakeLauncher(good), { only: ({ treatment }) => treatment === 'BnB' });
  expect([report, figure].map((path) => existsSync(path))).toEqual([false, false]);
});

test('a failed base leaves its dependants missing, and the rest continues', async () => {
  const launcher = fakeLauncher((job) => {
    finish(job, (name) => (name === 'split0/baseA' ? 'failed' : 'done'));
    return { outcome: 'finished' };
  });
  const outcome = await run(small, launcher);
  expect(states(outcome)).toMatchObject({
    'split0/baseA': 'failed',
    'split0/A2A': 'missing',
    'split0/A2B+': 'missing',
    'split0/A6A+': 'missing',
    'split0/B2B': 'done',
    'split0/B2A': 'done',
    'split0/R2A': 'done',
  });
  const skipped = events.filter(({ event }) => event === 'skipped');
  expect(skipped.map((event) => 'message' in event && event.message)).toEqual([
    'split0/baseA is failed',
    'split0/baseA is failed',
  ]);
  expect(JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8'))).toMatchObject({
    lines: { AnB: [{ n: 2, networks: 1 }] },
  });
  // It has ended, if badly: the next run does not try it again.
  const again = fakeLauncher(good);
  await run(small, again);
  expect(again.launched).toEqual([]);
});

test('a worker that dies leaves its networks failed with the reason, and the next run resumes them', async () => {
  let crashes = 1;
  const launcher = fakeLauncher((job) => {
    if (job.name !== 'split0/B/transfer' || crashes-- === 0) return good(job);
    return { outcome: 'failed', code: 'native', message: 'ended by SIGSEGV' };
  });
  const first = await run(small, launcher);
  expect(first.failure).toBeNull();
  expect(first.states.get('split0/A2B')).toMatchObject({
    state: 'failed',
    message: 'ended by SIGSEGV',
  });
  expect(states(first)['split0/B2A']).toBe('done');
  crashes = 0;
  const again = fakeLauncher(good);
  const second = await run(small, again);
  expect(again.launched).toHaveLength(1);
  expect(new Set(Object.values(states(second)))).toEqual(new Set(['done']));
});

test('what a run reads grows with its networks, not with their square', async () => {
  const plan = demoPlan({ repeats: 2 });
  expect(plan.networks.length).toBeGreaterThan(200);
  const launcher: Launcher = {
    submit: (gangs) =>
      submitInOrder(gangs, 1, (job, onEvent) => {
        const work = async (): Promise<GangEnd> => {
          for (const network of job.networks) {
            finish({ ...job, networks: [network] });
            onEvent({ event: 'ended', network: network.name, state: 'done', accuracy: 1 });
            // So that every one of them could make a write of its own.
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
          return { outcome: 'finished' };
        };
        return { end: work(), stop: () => {}, kill: () => {} };
      }),
  };
  const { reads } = await countReads(directory, async () => {
    const { states } = await run(plan, launcher);
    expect([...states.values()].every(({ state }) => state === 'done')).toBe(true);
  });
  const records = reads.filter((path) => path.endsWith('run.json'));
  // By the view of the folder, and by the gangs that copy a base.
  expect(records.length).toBeLessThan(1.2 * plan.networks.length);
  expect(reads.length - records.length).toBeLessThan(10);
});

test('a missing executor ends the run at once', async () => {
  const launcher = fakeLauncher(() => ({
    outcome: 'failed',
    code: 'executor-missing',
    message: 'no library',
    hint: 'install it',
  }));
  const outcome = await run(small, launcher);
  expect(launcher.launched).toHaveLength(1);
  expect(outcome.failure).toMatchObject({ message: 'no library', hint: 'install it' });
});

test('stop ends the gang and starts no other; kill does the same at once', async () => {
  for (const how of ['stop', 'kill'] as const) {
    const controller = new AbortController();
    const launcher = fakeLauncher(() => {
      controller.abort();
      return new Promise<GangEnd>(() => {});
    });
    const outcome = await run(small, launcher, { [how]: controller.signal });
    expect(launcher.launched).toHaveLength(1);
    expect(outcome.outcome).toBe('stopped');
    expect(states(outcome)['split0/baseA']).toBe('waiting');
  }
});

test('keep none drops the bases’ weights at the end, and trains a base again when it is copied anew', async () => {
  const plan = { ...small, study: { ...small.study, keep: 'none' as const } };
  await run(plan, fakeLauncher(good));
  expect(existsSync(networkFiles(directory, 'split0/baseA').weights)).toBe(false);
  const larger = demoPlan({
    layers: [2, 3],
    keep: 'none',
    tasks: small.study.tasks,
    treatments: ['base', 'AnB'],
  });
  const names = networksToTrain({ plan: larger, directory }).map(({ name }) => name);
  expect(names).toEqual(['split0/baseA', 'split0/baseB', 'split0/B3A', 'split0/A3B']);
  const launcher = fakeLauncher(good);
  const outcome = await run(larger, launcher);
  expect(launcher.launched.flat()).toEqual(names);
  expect(new Set(Object.values(states(outcome)))).toEqual(new Set(['done']));
});

const furtherPlan = (change: Parameters<typeof demoPlan>[0] = {}): Plan =>
  demoPlan({
    ...{ layers: [2], tasks: small.study.tasks, targets: ['B'] },
    ...{ treatments: ['base', 'AnB', 'AnB>'], ...change },
  });
const hasWeights = (name: string): boolean => existsSync(networkFiles(directory, name).weights);

test('what another network goes on from is trained before it, and its weights go after it', async () => {
  const weights: boolean[] = [];
  const launcher = fakeLauncher((job) => {
    if (job.name.endsWith('continued')) weights.push(hasWeights('split0/A2B'));
    return good(job);
  });
  const outcome = await run(furtherPlan(), launcher);
  const names = ['split0/baseA', 'split0/baseB', 'split0/A2B', 'split0/A2B>'];
  expect(launcher.launched.flat()).toEqual(names);
  expect(new Set(Object.values(states(outcome)))).toEqual(new Set(['done']));
  expect(weights).toEqual([true]);
  expect(names.map(hasWeights)).toEqual([true, true, false, false]);
  const again = fakeLauncher(good);
  await run(furtherPlan(), again);
  expect(again.launched).toEqual([]);
});

test('weights stay while what goes on from them has not ended', async () => {
  const launcher = fakeLauncher((job) =>
    job.name.endsWith('continued')
      ? { outcome: 'failed', code: 'native', message: 'ended by SIGKILL' }
      : good(job),
  );
  await run(furtherPlan(), launcher);
  expect(hasWeights('split0/A2B')).toBe(true);
  const again = fakeLauncher(good);
  await run(furtherPlan(), again);
  expect(again.launched).toEqual([['split0/A2B>']]);
  expect(hasWeights('split0/A2B')).toBe(false);
});

test('what was trained without keeping its weights is trained again to be gone on from', async () => {
  await run(furtherPlan({ treatments: ['base', 'AnB'] }), fakeLauncher(good));
  expect(hasWeights('split0/A2B')).toBe(false);
  const only = ({ shortName }: { readonly shortName: string }): boolean => shortName === 'A2B>';
  const names = networksToTrain({ plan: furtherPlan(), directory, only });
  expect(names.map(({ name }) => name)).toEqual(['split0/A2B', 'split0/A2B>']);
  const launcher = fakeLauncher(good);
  await run(furtherPlan(), launcher, { only });
  expect(launcher.launched).toEqual([['split0/A2B'], ['split0/A2B>']]);
});

test('one of the third phase alone comes with all that it goes back to', async () => {
  const launcher = fakeLauncher(good);
  const only = ({ shortName }: { readonly shortName: string }): boolean => shortName === 'A2B>';
  await run(furtherPlan({ keep: 'none', basesPerTarget: 2 }), launcher, { only });
  const names = ['split0/baseA', 'split0/baseB', 'split0/baseB-2', 'split0/A2B', 'split0/A2B>'];
  expect(launcher.launched.flat()).toEqual(names);
  expect(names.map(hasWeights)).toEqual([false, false, false, false, false]);
});

test('what goes on from a dead network is missing', async () => {
  const launcher = fakeLauncher((job) => {
    finish(job, (name) => (name === 'split0/A2B' ? 'dead' : 'done'));
    return { outcome: 'finished' };
  });
  const outcome = await run(furtherPlan(), launcher);
  expect(states(outcome)).toMatchObject({ 'split0/A2B': 'dead', 'split0/A2B>': 'missing' });
  expect(outcome.states.get('split0/A2B>')?.message).toBe(
    'not trained: split0/A2B, which it copies, is dead',
  );
});

test('two workers: gangs side by side, none before its bases, the same results', async () => {
  const alone = await run(small, fakeLauncher(good));
  const results = readFileSync(join(directory, 'results.json'), 'utf8');
  rmSync(directory, { recursive: true });
  mkdirSync(directory);
  let [atOnce, most] = [0, 0];
  const ended = new Set<string>();
  const launcher = fakeLauncher(async (job) => {
    most = Math.max(most, ++atOnce);
    const names = job.networks.map(({ name }) => name);
    // What a gang copies has ended when it starts.
    for (const { source } of job.networks) {
      if (source !== null) expect([...ended].some((name) => source.endsWith(name))).toBe(true);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    atOnce -= 1;
    names.forEach((name) => ended.add(name));
    return good(job);
  }, 2);
  const outcome = await run(small, launcher);
  expect(most).toBe(2);
  expect(launcher.launched.map((names) => names.length)).toEqual([1, 1, 6, 6]);
  expect(states(outcome)).toEqual(states(alone));
  expect(readFileSync(join(directory, 'results.json'), 'utf8')).toBe(results);
});

test('a gang that must wait lets a later one go first', async () => {
  const launcher = fakeLauncher(async (job) => {
    // baseA is slow: B's selffers need only baseB.
    await new Promise((resolve) =>
      setTimeout(resolve, job.name.startsWith('split0/A/base') ? 60 : 1),
    );
    return good(job);
  }, 2);
  const plan = demoPlan({ layers: [2], tasks: small.study.tasks, treatments: ['base', 'BnB'] });
  await run(plan, launcher);
  expect(launcher.launched).toEqual([
    ['split0/baseA'],
    ['split0/baseB'],
    ['split0/B2B'],
    ['split0/A2A'],
  ]);
});

test('with two workers, stop reaches both and starts no other', async () => {
  const controller = new AbortController();
  const launcher = fakeLauncher(() => {
    controller.abort();
    return new Promise<GangEnd>(() => {});
  }, 2);
  const outcome = await run(small, launcher, { stop: controller.signal });
  expect(launcher.launched).toHaveLength(2);
  expect(outcome.outcome).toBe('stopped');
});
