// What is put where and compared with what; the training itself stands in for copies of what was
// recorded (test/e2e/reproduce.slow.test.ts trains).
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { networkFiles, runDirectory } from '../../runs/files.js';
import { madeRecord } from '../../runs/made-record.cases.js';
import { appendMetrics } from '../../runs/metrics.js';
import { readRecord, type RunRecord, writeRecord } from '../../runs/record.js';
import { fileHash } from '../../runs/weights.js';
import { demoPlan } from '../plan/demo-plan.cases.js';
import type { RunOutcome } from '../run/run-study.js';
import { lockOwner } from '../store/lock.js';
import { openFolder } from '../store/open-folder.js';
import { reproduce } from './reproduce.js';

let directory: string;
let scratch: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'selffer-reproduce-'));
  directory = join(folder, 'study');
  scratch = join(folder, 'scratch');
  openFolder(directory, plan, '', false);
  for (const { name } of plan.networks.filter(({ split }) => split === 'split0')) end(name);
});
afterEach(() => rmSync(dirname(directory), { recursive: true }));

const plan = demoPlan({ treatments: ['base', 'AnB'], layers: [1, 2] });

/** Lets a network have ended with weights, metrics and a record that agree. */
function end(name: string, change: Partial<RunRecord> = {}): void {
  const files = networkFiles(directory, name);
  const identity = plan.networks.find((network) => network.name === name)?.identity ?? '';
  mkdirSync(dirname(files.record), { recursive: true });
  writeFileSync(files.weights, `weights of ${name}`);
  const line = { iteration: 10, epoch: 1, learningRate: 1, trainLoss: 1, testLoss: 1 };
  appendMetrics(files.metrics, { ...line, testAccuracy: 0.5 });
  const weightsHash = fileHash(files.weights);
  writeRecord(files.record, madeRecord({ name, identity, weightsHash, ...change }));
}

interface Trained {
  readonly place: string;
  readonly names: readonly string[];
  /** Networks that were there before. */
  readonly there: readonly string[];
}

/** Trains by copying what was recorded; what it was asked for is in `asked`. */
function copying(change: Partial<RunRecord> = {}, end: Partial<RunOutcome> = {}) {
  const asked: Trained[] = [];
  const train = (place: string, names: ReadonlySet<string>): Promise<RunOutcome> => {
    expect(lockOwner(place)?.pid).toBe(process.pid);
    const all = plan.networks.map(({ name }) => name);
    const there = all.filter((name) => existsSync(networkFiles(place, name).record));
    asked.push({ place, names: [...names], there });
    for (const name of end.outcome === 'stopped' ? [] : names) {
      cpSync(join(directory, runDirectory(name)), join(place, runDirectory(name)), {
        recursive: true,
      });
      const { record } = networkFiles(place, name);
      writeRecord(record, { ...(readRecord(record) as RunRecord), ...change });
    }
    return Promise.resolve({ outcome: 'finished', states: new Map(), failure: null, ...end });
  };
  return { asked, train };
}

const reproduced = (names: readonly string[], train: ReturnType<typeof copying>['train']) =>
  reproduce({ directory, plan, names, scratch, train });

test('a network is trained beside what it copies and is compared with', async () => {
  const { asked, train } = copying();
  const found = await reproduced(['split0/A1B'], train);
  expect(found).toMatchObject([{ name: 'split0/A1B', verdict: 'equal', trainedToo: [] }]);
  expect(asked).toMatchObject([{ names: ['split0/A1B'], there: ['split0/baseA', 'split0/baseB'] }]);
  expect(lockOwner((asked[0] as Trained).place)).toBeNull();
});

test('a base that is trained again does not serve what copies it', async () => {
  const { asked, train } = copying();
  const found = await reproduced(['split0/A1B', 'split0/baseA'], train);
  expect(found?.map(({ name }) => name)).toEqual(['split0/A1B', 'split0/baseA']);
  expect(asked.map(({ names, there }) => ({ names, there }))).toEqual([
    { names: ['split0/baseA'], there: [] },
    { names: ['split0/A1B'], there: ['split0/baseA', 'split0/baseB'] },
  ]);
  expect(new Set(asked.map(({ place }) => place)).size).toBe(2);
});

test.each(['gone', 'changed'])(
  'what it copies is trained too if its weights are %s',
  async (how) => {
    const { weights } = networkFiles(directory, 'split0/baseA');
    if (how === 'gone') rmSync(weights);
    else writeFileSync(weights, 'others');
    const { asked, train } = copying();
    const found = await reproduced(['split0/A1B'], train);
    expect(asked[0]?.there).toEqual(['split0/baseB']);
    expect(found).toMatchObject([{ verdict: 'equal', trainedToo: ['split0/baseA'] }]);
  },
);

test('a difference is found; a network without an end, and a stop, are said', async () => {
  const differing = await reproduced(['split0/A1B'], copying({ classes: 6 }).train);
  expect(differing).toMatchObject([{ verdict: 'differs', firstDifference: { what: 'classes' } }]);
  rmSync(scratch, { recursive: true });
  const failure = { outcome: 'failed', code: 'native', message: 'no memory' } as const;
  const nothing = (): Promise<RunOutcome> =>
    Promise.resolve({ outcome: 'finished', states: new Map(), failure });
  expect(await reproduced(['split0/A1B'], nothing)).toMatchObject([
    { verdict: 'not-trained', message: 'no memory' },
  ]);
  expect(await reproduced(['split0/A1B'], copying({}, { outcome: 'stopped' }).train)).toBeNull();
});

test('what cannot be trained again is said, and nothing is trained', async () => {
  end('split0/A1B', { identity: 'x' });
  end('split0/A2B', { executor: null });
  const { asked, train } = copying();
  const found = await reproduced(['split0/A1B', 'split0/A2B', 'split1/baseA', 'nobody'], train);
  expect(asked).toEqual([]);
  expect(found?.map(({ message }) => message)).toEqual([
    expect.stringContaining('its identity is x'),
    'it was read or imported, not trained by selffer',
    'it has not ended: waiting',
    'plan.json does not list it',
  ]);
});

test('settings that have changed since are named', async () => {
  const { asked, train } = copying();
  const other = demoPlan({ treatments: ['base', 'AnB'], layers: [1, 2], seed: 1 });
  const names = ['split0/baseA'];
  const found = await reproduce({ directory, plan: other, names, scratch, train });
  expect(asked).toEqual([]);
  expect(found?.[0]?.message).toMatch(/no longer say what was trained; different: .*seed/i);
});
