// What each control starts from, what of it moves, and that it resumes: planned and trained as a
// study's gangs are, on a small network with batch norm.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareData } from '../../src/cli/prepare-data.js';
import type { Executor } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { networkFiles } from '../../src/runs/files.js';
import { readRecord, type RunRecord } from '../../src/runs/record.js';
import { divideIntoGangs, type Engine, gangJob } from '../../src/study/plan/gangs.js';
import { type Plan, planStudy } from '../../src/study/plan/plan.js';
import type { Study } from '../../src/study/study.js';
import type { HostTensor } from '../../src/tensor/tensor.js';
import { tensorHash } from '../../src/tensor/tensor-hash.js';
import { readSafetensors } from '../../src/tensor/safetensors.js';
import type { GangJob } from '../../src/train/job.js';
import { openGang } from '../../src/train/open-gang.js';
import { tensorName } from '../../src/train/parameter.js';
import { trainGang } from '../../src/train/train-gang.js';
import { rowsOf } from '../portable.js';
import { Folders, expectSameRun } from './folders.js';
import { normalisedNetwork } from './normalised-network.js';

type Tensors = Readonly<Record<string, HostTensor>>;

const classes = (letters: string, of: string) => [...letters].map((letter) => `${of}-${letter}`);
const glyphs = { source: ['glyphs'], size: 28 };
const study: Study = {
  name: 'controls',
  tasks: [
    {
      kind: 'classes',
      data: glyphs,
      classes: { A: classes('abef', 'lower'), B: classes('ABCD', 'upper') },
    },
  ],
  mirror: false,
  mean: 'source',
  network: normalisedNetwork,
  basesPerTarget: 2,
  solver: {
    ...{ lr: 0.02, momentum: 0.9, weightDecay: 5e-4, batch: 16, gamma: 0.1 },
    ...{ length: { iterations: 8 }, steps: { fractions: [0.5] }, testEvery: { iterations: 4 } },
  },
  treatments: [
    ...(['base', 'BnB', 'AnB', 'AnB+', 'warm-restart', 'base-long', 'BnB>', 'AnB>'] as const),
    ...(['BnB-only', 'AnB-only', 'AnB-moments', 'AnB+-slow', 'warm-restart-2'] as const),
  ],
  layers: [1, 2],
  targets: ['B'],
  imagesPerClass: [12],
  ...{ repeats: 1, seed: 3, precision: 'fp32', statistic: 'final', keep: 'all' },
};
const layers = (...segments: number[]) =>
  segments.flatMap(
    (n) => [['conv1', 'bn1'], ['conv2', 'bn2'], ['conv3', 'bn3'], ['fc4']][n - 1] ?? [],
  );

const engine: Engine = {
  ...{ executor: 'reference', precision: 'fp32', exact: true, threads: 1 },
  checkpointEverySeconds: 1e9,
};

const executors = rowsOf<readonly [string, () => Executor]>(
  [
    ['reference', createReferenceExecutor],
    ['onednn', createOnednnExecutor],
  ],
  [['onnx', createOnnxExecutor]],
);

/** Names of the tensors that are the same, bit for bit. */
function same(a: Tensors, b: Tensors): readonly string[] {
  return Object.keys(a).filter((key) => hashOf(a, key) === hashOf(b, key));
}

const hashOf = (tensors: Tensors, key: string) => tensorHash(tensors[key] as HostTensor);

/** Layers of which every tensor is the same. */
function sameLayers(a: Tensors, b: Tensors): readonly string[] {
  const equal = same(a, b);
  return layers(1, 2, 3, 4).filter((layer) =>
    Object.keys(a).every((key) => !key.startsWith(`${layer}.`) || equal.includes(key)),
  );
}

function moments({ data }: HostTensor): { readonly mean: number; readonly deviation: number } {
  const values = Array.from(data);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

/** How far a tensor went in training. */
function distance(a: Tensors, b: Tensors, key: string): number {
  const [before, after] = [a, b].map((each) => Array.from((each[key] as HostTensor).data));
  return Math.hypot(...(before ?? []).map((value, i) => value - (after?.[i] ?? 0)));
}

describe.each(executors)('%s', (_, makeExecutor) => {
  const folders = new Folders('selffer-controls-');
  const folder = folders.fresh();
  const starts = new Map<string, Tensors>();
  let executor: Executor;
  let plan: Plan;

  const jobs = (to: string): readonly GangJob[] =>
    divideIntoGangs(plan, plan.networks, { memoryBytes: Infinity, networks: 64 }).map((gang) =>
      gangJob(plan, gang, to, engine),
    );
  const context = (shouldStop = () => false) => ({ executor, emit: () => {}, shouldStop });

  /** What each network of a gang holds before its first iteration. */
  async function readStarts(job: GangJob): Promise<void> {
    const { executable, members, source } = await openGang(job, context());
    for (const member of members) {
      const tensors: Record<string, HostTensor> = {};
      for (const parameter of member.parameters) {
        tensors[tensorName(parameter)] = await executable.read(parameter.slot);
      }
      starts.set(member.job.name, tensors);
    }
    source.dispose();
    executable.dispose();
  }

  beforeAll(async () => {
    executor = makeExecutor();
    plan = planStudy(study, await prepareData(study));
    for (const job of jobs(folder)) {
      await readStarts(job);
      await trainGang(job, context());
    }
  });
  afterAll(() => folders.remove());

  const start = (name: string) => starts.get(`classes/${name}`) as Tensors;
  const end = (name: string): Tensors =>
    readSafetensors(networkFiles(folder, `classes/${name}`).weights).tensors;
  const record = (name: string): RunRecord =>
    readRecord(networkFiles(folder, `classes/${name}`).record) as RunRecord;
  /** Layers of which every tensor is another at the end. */
  const moved = (name: string): readonly string[] => {
    const still = same(start(name), end(name));
    return layers(1, 2, 3, 4).filter((layer) => !still.some((key) => key.startsWith(`${layer}.`)));
  };

  test('every network of the plan is trained to its end', () => {
    expect(plan.networks.map(({ shortName }) => shortName).sort()).toEqual(
      [...starts.keys()].map((name) => name.slice(8)).sort(),
    );
    expect(plan.networks).toHaveLength(3 + 2 * 9 + 3);
    for (const { shortName } of plan.networks) {
      expect(record(shortName).iterations, shortName).toBe(shortName.endsWith('-long') ? 16 : 8);
    }
  });

  test.each([1, 2])('A%iB> and B%iB> start as AnB and BnB ended, and all of them moves', (n) => {
    for (const from of ['A', 'B']) {
      const [frozen, further] = [`${from}${n}B`, `${from}${n}B>`];
      expect(sameLayers(start(further), end(frozen))).toEqual(layers(1, 2, 3, 4));
      expect(moved(further)).toEqual(layers(1, 2, 3, 4));
      expect(record(further).frozenAudit).toEqual([]);
      expect(sameLayers(start(frozen), end(`base${from}`))).toEqual(layers(...[1, 2].slice(0, n)));
    }
  });

  test('the second warm restart starts as the first ended', () => {
    expect(sameLayers(start('B4B+'), end('baseB'))).toEqual(layers(1, 2, 3, 4));
    expect(sameLayers(start('B4B++'), end('B4B+'))).toEqual(layers(1, 2, 3, 4));
    expect(moved('B4B++')).toEqual(layers(1, 2, 3, 4));
  });

  test.each([1, 2])('of AnB-only and BnB-only only layer %i and the fresh last one move', (n) => {
    for (const from of ['A', 'B']) {
      const name = `${from}${n}B-only`;
      expect(sameLayers(start(name), end(`base${from}`))).toEqual(layers(1, 2, 3));
      expect(moved(name)).toEqual(layers(n, 4));
      const still = layers(...[1, 2, 3].filter((segment) => segment !== n));
      expect(sameLayers(start(name), end(name))).toEqual(still);
      const audit = record(name).frozenAudit;
      expect(audit.every(({ equal }) => equal)).toBe(true);
      // Running statistics too: bn3 has no scale.
      expect(audit.map(({ tensor }) => tensor).sort()).toEqual(
        Object.keys(end(name))
          .filter((key) => still.includes(key.split('.')[0] as string))
          .sort(),
      );
    }
    expect(start(`A${n}B-only`)['fc4.weight']).not.toEqual(start(`B${n}B-only`)['fc4.weight']);
  });

  test.each([1, 2])('AnB-moments has the moments of the other base in layers 1 to %i', (n) => {
    const [own, base] = [start(`A${n}B-moments`), end('baseA')];
    expect(sameLayers(own, base)).toEqual([]);
    expect(moved(`A${n}B-moments`)).toEqual(layers(1, 2, 3, 4));
    const weight = (of: Tensors) => moments(of['conv1.weight'] as HostTensor);
    // conv1 has 72 weights: five standard errors.
    const { mean, deviation } = weight(base);
    expect(Math.abs(weight(own).mean - mean)).toBeLessThan((5 * deviation) / Math.sqrt(72));
    expect(Math.abs(weight(own).deviation / deviation - 1)).toBeLessThan(5 / Math.sqrt(144));
    expect(new Set(own['bn1.running_mean']?.data)).toEqual(new Set([0]));
    expect(new Set(own['bn1.running_var']?.data)).toEqual(new Set([1]));
    // Above n fresh as ever: a bias of nothing, scales of one.
    expect(new Set(own['bn2.weight']?.data).size).toBe(n === 1 ? 1 : 8);
  });

  test('the copied layers of AnB+-slow start as those of AnB+ and move less', () => {
    expect(sameLayers(start('A2B+'), end('baseA'))).toEqual(layers(1, 2));
    expect(sameLayers(start('A2B+-slow'), end('baseA'))).toEqual(layers(1, 2));
    expect(moved('A2B+-slow')).toEqual(layers(1, 2, 3, 4));
    const far = (name: string, key: string) => distance(start(name), end(name), key);
    for (const key of ['conv1.weight', 'conv2.weight']) {
      const ratio = far('A2B+-slow', key) / far('A2B+', key);
      expect(ratio).toBeGreaterThan(0.02);
      expect(ratio).toBeLessThan(0.5);
    }
    expect(far('A2B+-slow', 'fc4.weight') / far('A2B+', 'fc4.weight')).toBeGreaterThan(0.5);
  });

  test('base-long and further bases are fresh, each in its own way', () => {
    const weights = ['baseB', 'baseB-2', 'baseB-long'].flatMap((name) =>
      ['conv1', 'conv2', 'conv3', 'fc4'].map((layer) => hashOf(start(name), `${layer}.weight`)),
    );
    expect(new Set(weights).size).toBe(12);
  });

  test('what goes on from others resumes bit for bit after a stop', async () => {
    const again = folders.copyOf(folder);
    const job = jobs(again).find(({ name }) => name.endsWith('/continued')) as GangJob;
    for (const { name } of job.networks) {
      const files = networkFiles(again, name);
      for (const path of [files.record, files.weights, files.metrics]) rmSync(path);
    }
    for (const stopAfter of [1, 4]) {
      let asked = 0;
      await trainGang(
        job,
        context(() => ++asked >= stopAfter),
      );
    }
    await trainGang(job, context());
    for (const network of job.networks) expectSameRun(folder, again, network);
  });
});
