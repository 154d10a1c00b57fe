// What solvers keep survives a stop: resumed equals uninterrupted, bit for bit, and a gang equals
// each network alone.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Executor } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { readCheckpoint } from '../../src/runs/checkpoint.js';
import type { NetworkJob, Schedule } from '../../src/train/job.js';
import { trainGang } from '../../src/train/train-gang.js';
import { rowsOf } from '../portable.js';
import { base, gangJob, member } from './job.js';

const adamw = { kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.05 } as const;
const settings: Readonly<Record<string, Partial<Schedule>>> = {
  adamw: {
    ...{ solver: adamw, learningRate: 0.003, labelSmoothing: 0.1, clipNorm: 1, warmup: 3 },
    policy: { kind: 'cosine', end: 0 },
  },
  nesterov: {
    solver: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4, nesterov: true },
    policy: { kind: 'poly', power: 1 },
  },
};
const tuned = { ...member('A2B+', 2, false, 'baseA'), copiedRate: 0.1 };
const family: readonly NetworkJob[] = [tuned, member('A1B', 1, true, 'baseA'), base('B')];
const folders: string[] = [];

const executors = rowsOf<readonly [string, () => Executor]>(
  [
    ['reference', createReferenceExecutor],
    ['onednn', createOnednnExecutor],
  ],
  [['onnx', createOnnxExecutor]],
);

describe.each(executors)('%s', (_, open) => {
  describe.each(Object.keys(settings))('%s', (name) => {
    const executor = open();
    let bases: string;
    const folder = (): string => {
      folders.push(mkdtempSync(join(tmpdir(), 'selffer-solver-')));
      return folders.at(-1) as string;
    };
    const withBases = (): string => {
      const made = folder();
      cpSync(bases, made, { recursive: true });
      return made;
    };
    const train = async (into: string, networks: readonly NetworkJob[], stopAfter = Infinity) => {
      const job = gangJob(into, networks, networks[0]?.name === 'split0/baseA' ? 'A' : 'B');
      let asked = 0;
      await trainGang(
        { ...job, schedule: { ...job.schedule, ...settings[name] } },
        { executor, emit: () => {}, shouldStop: () => ++asked >= stopAfter },
      );
    };
    const weights = (from: string, { directory }: NetworkJob): string =>
      readFileSync(join(from, directory, 'weights.safetensors')).toString('base64');

    beforeAll(async () => {
      bases = folder();
      await train(bases, [base('A')]);
    });

    test('resumed equals uninterrupted, and together equals alone', async () => {
      const [whole, resumed, alone] = [withBases(), withBases(), withBases()];
      await train(whole, family);
      for (const stopAfter of [2, 3]) await train(resumed, family, stopAfter);
      const { directory, identity } = tuned;
      const checkpoint = readCheckpoint(
        join(resumed, directory, 'checkpoint.safetensors'),
        identity,
      );
      const kept = name === 'adamw' ? ['first-moment', 'second-moment'] : ['velocity'];
      for (const state of kept) {
        const tensor = checkpoint?.tensors[`fc3.weight/${state}`];
        expect(tensor?.data.some((value) => value !== 0)).toBe(true);
      }
      await train(resumed, family);
      for (const network of family) {
        await train(alone, [network]);
        expect(weights(resumed, network), network.name).toBe(weights(whole, network));
        expect(weights(alone, network), network.name).toBe(weights(whole, network));
      }
    });
  });
});

afterAll(() => folders.forEach((each) => rmSync(each, { recursive: true, force: true })));
