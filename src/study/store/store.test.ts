import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IdentityError, RunStoreError } from '../../base/errors.js';
import { writeFailure } from '../../runs/failure.js';
import { networkFiles } from '../../runs/files.js';
import { madeRecord } from '../../runs/made-record.cases.js';
import type { RunRecord } from '../../runs/record.js';
import { demoPlan, demoStudy } from '../plan/demo-plan.cases.js';
import type { Plan } from '../plan/plan.js';
import { lockOwner, lockStudy } from './lock.js';
import { isForeign, openFolder } from './open-folder.js';
import { planPath, readPlanFile } from './plan-file.js';
import { writeSafetensors } from '../../tensor/safetensors.js';
import { StudyFolder } from '../run/folder.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-store-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Lets a network have ended. */
function end(plan: Plan, name: string, state: RunRecord['state'] = 'done'): void {
  const identity = plan.networks.find((network) => network.name === name)?.identity ?? '';
  put(networkFiles(directory, name).record, JSON.stringify(madeRecord({ name, identity, state })));
}

const stateOf = (plan: Plan, name: string): string | undefined =>
  new StudyFolder(directory).states(plan.networks).get(name)?.state;

test('a lock keeps a second run out until it is released', () => {
  const unlock = lockStudy(directory);
  expect(lockOwner(directory)?.pid).toBe(process.pid);
  expect(() => lockStudy(directory)).toThrow(RunStoreError);
  expect(() => lockStudy(directory)).toThrow(`is in use by process ${process.pid}`);
  unlock();
  expect(lockOwner(directory)).toBeNull();
  lockStudy(directory)();
  expect(existsSync(join(directory, 'lock.json'))).toBe(false);
});

const lock = { pid: process.pid, host: hostname(), startTicks: null, since: '2026-01-01' };

test.each([
  ['of a dead process', { ...lock, pid: 2 ** 22 + 1 }],
  ['of another process that has the number now', { ...lock, startTicks: '1' }],
  ['that is damaged', 'rubbish'],
])('a lock %s is taken over', (_, content) => {
  put(join(directory, 'lock.json'), JSON.stringify(content));
  expect(lockOwner(directory)).toBeNull();
  const unlock = lockStudy(directory);
  expect(lockOwner(directory)?.pid).toBe(process.pid);
  unlock();
});

test('a lock of another machine is respected, and the message says what to remove', () => {
  put(join(directory, 'lock.json'), JSON.stringify({ ...lock, host: 'elsewhere' }));
  try {
    lockStudy(directory);
    expect.unreachable();
  } catch (error) {
    expect((error as RunStoreError).hint).toContain(join(directory, 'lock.json'));
  }
});

test('states come from files', () => {
  const plan = demoPlan();
  openFolder(directory, plan, '', false);
  expect(stateOf(plan, 'split0/A1B')).toBe('waiting');
  put(networkFiles(directory, 'split0/A1B').checkpoint, '');
  expect(stateOf(plan, 'split0/A1B')).toBe('running');
  writeFailure(networkFiles(directory, 'split0/A1B').failure, 'out of memory');
  expect(stateOf(plan, 'split0/A1B')).toBe('failed');
  end(plan, 'split0/A1B');
  expect(stateOf(plan, 'split0/A1B')).toBe('done');
});

test.each(['dead', 'failed'] as const)('what copies a %s base is missing', (state) => {
  const plan = demoPlan();
  end(plan, 'split0/baseA', state);
  expect(stateOf(plan, 'split0/baseA')).toBe(state);
  expect(stateOf(plan, 'split0/A1B')).toBe('missing');
  expect(stateOf(plan, 'split0/B1A')).toBe('waiting');
  expect(stateOf(plan, 'split0/R1A')).toBe('waiting');
});

test('adding layers, treatments, splits and repeats keeps what is there', () => {
  const small = demoPlan({ layers: [1], treatments: ['base', 'AnB'], repeats: 1 });
  openFolder(directory, small, 'small', false);
  end(small, 'split0/A1B');
  const large = demoPlan({ repeats: 2 });
  openFolder(directory, large, 'large', false);
  expect(stateOf(large, 'split0/A1B')).toBe('done');
  expect(readPlanFile(directory)?.networks).toHaveLength(216);
  expect(readFileSync(join(directory, 'study.yaml'), 'utf8')).toBe('large');
});

test('changed settings stop with the keys that differ', () => {
  const plan = demoPlan();
  openFolder(directory, plan, '', false);
  end(plan, 'split0/baseA');
  const solver = { ...demoStudy.solver, lr: 0.5 };
  const changed = demoPlan({ solver, mirror: true });
  try {
    openFolder(directory, changed, '', false);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(IdentityError);
    expect((error as IdentityError).message).toBe(
      `${directory}: run split0/baseA was made with other settings; different: mirror, solver.learningRate`,
    );
    expect((error as IdentityError).exitCode).toBe(2);
  }
  expect(existsSync(networkFiles(directory, 'split0/baseA').record)).toBe(true);
  // Networks that have left nothing may change at will.
  openFolder(
    directory,
    demoPlan({ solver, tasks: [{ ...demoStudy.tasks[0], seeds: [7] }] as never }),
    '',
    false,
  );
});

test('a run that is only begun counts as one of its settings', () => {
  openFolder(directory, demoPlan(), '', false);
  put(networkFiles(directory, 'split0/baseA').checkpoint, '');
  expect(() => openFolder(directory, demoPlan({ seed: 1 }), '', false)).toThrow(/different: seed/);
});

test('settings of a run are known even after its network left the plan', () => {
  const plan = demoPlan();
  openFolder(directory, plan, '', false);
  end(plan, 'split0/A3B');
  openFolder(directory, demoPlan({ layers: [1] }), '', false);
  openFolder(directory, demoPlan({ layers: [2] }), '', false);
  expect(readPlanFile(directory)?.earlier.map(({ name }) => name)).toEqual(['split0/A3B']);
  expect(() => openFolder(directory, demoPlan({ seed: 1 }), '', false)).toThrow(/different: seed/);
  openFolder(directory, plan, '', false);
  expect(stateOf(plan, 'split0/A3B')).toBe('done');
});

test('force removes runs of other settings and failed ones, nothing else', () => {
  const plan = demoPlan();
  openFolder(directory, plan, '', false);
  end(plan, 'split0/baseA');
  end(plan, 'split1/baseA', 'failed');
  openFolder(directory, plan, '', true);
  expect([stateOf(plan, 'split0/baseA'), stateOf(plan, 'split1/baseA')]).toEqual([
    'done',
    'waiting',
  ]);
  const changed = demoPlan({ seed: 1 });
  openFolder(directory, changed, '', true);
  expect(stateOf(changed, 'split0/baseA')).toBe('waiting');
});

test('a folder with something else in it is foreign', () => {
  expect(isForeign(directory)).toBe(false);
  put(join(directory, 'jobs', 'gang.json'), '');
  expect(isForeign(directory)).toBe(false);
  put(join(directory, 'thesis.tex'), '');
  expect(isForeign(directory)).toBe(true);
  expect(isForeign(join(directory, 'thesis.tex'))).toBe(true);
  put(join(directory, 'plan.json'), '{"schema": "selffer.plan/0"}');
  expect(isForeign(directory)).toBe(false);
  expect(() => readPlanFile(directory)).toThrow(/found schema "selffer.plan\/0"/);
});

test.each(['', '{"schema": "selffer.plan/1", "net', '\0'.repeat(50), '{"networks": 3}'])(
  'a damaged plan.json (%j) is set aside and written anew; what is trained stays',
  (content) => {
    const plan = demoPlan();
    openFolder(directory, plan, '', false);
    const whole = readFileSync(planPath(directory), 'utf8');
    end(plan, 'split0/A1B');
    const { checkpoint, metrics } = networkFiles(directory, 'split0/A2B');
    const identity = plan.networks.find(({ name }) => name === 'split0/A2B')?.identity ?? '';
    mkdirSync(dirname(checkpoint), { recursive: true });
    writeSafetensors(checkpoint, {}, { identity });
    put(networkFiles(directory, 'split0/A3B').metrics, 'half a li');
    put(metrics, '');
    put(planPath(directory), content);
    expect(() => readPlanFile(directory)).toThrow(planPath(directory));
    const [warning, ...others] = openFolder(directory, plan, '', false);
    expect(others).toEqual([]);
    expect(warning).toContain('set aside as plan.json.damaged, and it is written anew');
    expect(readFileSync(planPath(directory), 'utf8')).toBe(whole);
    expect(readFileSync(`${planPath(directory)}.damaged`, 'utf8')).toBe(content);
    expect(stateOf(plan, 'split0/A1B')).toBe('done');
    // Runs of other settings are still known by their own files.
    rmSync(planPath(directory));
    expect(isForeign(directory)).toBe(false);
    expect(() => openFolder(directory, demoPlan({ seed: 1 }), '', false)).toThrow(
      '2 runs were made with other settings',
    );
  },
);

test('a damaged run.json is set aside, and its network is trained again', () => {
  const plan = demoPlan();
  openFolder(directory, plan, '', false);
  end(plan, 'split0/A1B');
  end(plan, 'split0/A2B');
  const { record } = networkFiles(directory, 'split0/A1B');
  put(record, readFileSync(record, 'utf8').slice(0, 100));
  expect(stateOf(plan, 'split0/A1B')).toBe('failed');
  const warnings = openFolder(directory, plan, '', false);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(record);
  expect(warnings[0]).toContain('set aside as run.json.damaged, and split0/A1B is trained again');
  expect([stateOf(plan, 'split0/A1B'), stateOf(plan, 'split0/A2B')]).toEqual(['waiting', 'done']);
});

test('a plan.json whose names lead out of the folder is damaged', () => {
  openFolder(directory, demoPlan(), '', false);
  const text = readFileSync(planPath(directory), 'utf8');
  put(planPath(directory), text.replace('"name":"split0/baseA"', '"name":"../../baseA"'));
  expect(() => readPlanFile(directory)).toThrow('wanted a name such as split0/A3B+');
});
