// Batch norm in training: what moves and what does not, what tests use, what a checkpoint holds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Executor, Precision } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import type { RunRecord } from '../../src/runs/record.js';
import { readSafetensors } from '../../src/tensor/safetensors.js';
import { f32, type HostTensor, i32, u8 } from '../../src/tensor/tensor.js';
import type { WorkerEvent } from '../../src/train/events.js';
import { buildGangPrograms } from '../../src/train/gang-program.js';
import type { NetworkJob } from '../../src/train/job.js';
import { trainGang } from '../../src/train/train-gang.js';
import { rowsOf } from '../portable.js';
import { expectSameRun, Folders } from './folders.js';
import { base } from './job.js';
import { jobOf, memberOf, normalisedNetwork, residualNetwork } from './normalised-network.js';

const executors = rowsOf<readonly [string, Precision, () => Executor]>(
  [
    ['reference', 'fp32', createReferenceExecutor],
    ['onednn', 'fp32', createOnednnExecutor],
    ['onednn', 'bf16', createOnednnExecutor],
  ],
  [['onnx', 'fp32', createOnnxExecutor]],
);

// The reference takes half a minute a test for the residual network, and shows nothing new there.
const cases = [normalisedNetwork, residualNetwork].flatMap((network) =>
  executors
    .filter(([executor]) => executor !== 'reference' || network === normalisedNetwork)
    .map(
      ([executor, precision, make]) => [network.name, executor, precision, network, make] as const,
    ),
);

describe.each(cases)('%s %s %s', (_, __, precision, network, makeExecutor) => {
  const of = (...given: [string, number, boolean, 'baseA' | 'baseB' | null]): NetworkJob =>
    memberOf(network, ...given);
  const family = [
    of('A1B', 1, true, 'baseA'),
    of('A2B', 2, true, 'baseA'),
    of('B2B+', 2, false, 'baseB'),
    of('A3B+', 3, false, 'baseA'),
    of('R1B', 1, true, null),
  ] as const;
  const [frozen, , tuned] = family;
  let executor: Executor;
  let bases: string;
  const folders = new Folders('batch-norm-');
  const withBases = (): string => folders.copyOf(bases);
  const train = async (
    folder: string,
    jobs: readonly NetworkJob[],
    stopAfter = Infinity,
    target: 'A' | 'B' = 'B',
  ): Promise<WorkerEvent[]> => {
    const events: WorkerEvent[] = [];
    let asked = 0;
    const job = { ...jobOf(network, folder, jobs, target), precision };
    const shouldStop = (): boolean => ++asked >= stopAfter;
    await trainGang(job, { executor, emit: (event) => events.push(event), shouldStop });
    return events;
  };
  const tensorsOf = (folder: string, { directory }: NetworkJob) =>
    readSafetensors(join(folder, directory, 'weights.safetensors')).tensors;

  beforeAll(async () => {
    executor = makeExecutor();
    if (!executor.info.precisions.includes(precision)) return;
    bases = folders.fresh();
    await train(bases, [base('A')], Infinity, 'A');
    await train(bases, [base('B')]);
  });
  beforeEach((context) => {
    const { precisions, instructionSet } = executor.info;
    context.skip(!precisions.includes(precision), `no ${precision} with ${instructionSet}`);
  });
  afterAll(() => folders.remove());

  test('a gang gives each network what it gets alone, bit for bit', async () => {
    const together = withBases();
    await train(together, family);
    for (const each of family) {
      const alone = withBases();
      await train(alone, [each]);
      expectSameRun(together, alone, each);
    }
  });

  test('resumed equals uninterrupted, statistics too', async () => {
    const whole = withBases();
    await train(whole, family);
    const resumed = withBases();
    for (const stopAfter of [1, 3, 4]) {
      const events = await train(resumed, family, stopAfter);
      expect(events.at(-1)?.event).toBe('stopped');
    }
    await train(resumed, family);
    for (const each of family) expectSameRun(whole, resumed, each);
  });

  test('statistics of a frozen layer are the base’s, audited; those of a tuned one move', async () => {
    const folder = withBases();
    await train(folder, family);
    const [baseA, baseB] = [base('A'), base('B')].map((each) => tensorsOf(folder, each));
    const names = ['bn1.running_mean', 'bn1.running_var'];
    for (const name of names) {
      expect(tensorsOf(folder, frozen)[name]?.data, name).toEqual(baseA?.[name]?.data);
      expect(tensorsOf(folder, tuned)[name]?.data, name).not.toEqual(baseB?.[name]?.data);
    }
    // Above the cut they start again at 0 and 1, and have moved.
    const above = tensorsOf(folder, frozen);
    expect(above['bn2.running_mean']?.data.every((value) => value !== 0)).toBe(true);
    expect(above['bn2.running_var']?.data.every((value) => value !== 1 && value > 0)).toBe(true);
    const path = join(folder, frozen.directory, 'run.json');
    const { frozenAudit } = JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
    expect(frozenAudit.map(({ tensor }) => tensor)).toEqual([
      'conv1.weight',
      'bn1.weight',
      'bn1.bias',
      ...names,
    ]);
    expect(frozenAudit.every(({ equal }) => equal)).toBe(true);
  });

  test('frozen layers may re-estimate their statistics: weights stay, all copies agree', async () => {
    const estimating = family
      .filter((each) => each.frozen.length > 0)
      .map((each) => ({ ...each, frozenStatistics: 'target' }) as const);
    const [first, second, random] = estimating as [NetworkJob, NetworkJob, NetworkJob];
    const folder = withBases();
    for (const stopAfter of [2, Infinity]) await train(folder, estimating, stopAfter);
    const whole = withBases();
    await train(whole, estimating);
    for (const each of estimating) expectSameRun(whole, folder, each);
    const source = tensorsOf(folder, base('A'));
    const [one, two, drawn] = [first, second, random].map((each) => tensorsOf(folder, each));
    for (const name of ['conv1.weight', 'bn1.weight', 'bn1.bias']) {
      expect(one?.[name]?.data, name).toEqual(source[name]?.data);
    }
    for (const name of ['bn1.running_mean', 'bn1.running_var']) {
      expect(one?.[name]?.data, name).not.toEqual(source[name]?.data);
      expect(two?.[name]?.data, name).toEqual(one?.[name]?.data);
      expect([...(drawn?.[name]?.data ?? [0])].every((value) => value !== 0 && value !== 1)).toBe(
        true,
      );
    }
    const path = join(folder, first.directory, 'run.json');
    const record = JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
    expect(record.frozenStatistics).toBe('target');
    expect(record.frozenAudit.map(({ tensor }) => tensor)).toEqual([
      ...['conv1.weight', 'bn1.weight', 'bn1.bias'],
    ]);
    // Training computes what they share once: the norm below the first cut.
    const { train: program } = buildGangPrograms(jobOf(network, '', [first, second]), {
      ...{ channels: 1, height: 28, width: 28 },
    });
    const norms = network.layers.filter(({ kind }) => kind === 'batch-norm').length;
    expect(program.nodes.filter(({ op }) => op === 'batch_norm')).toHaveLength(2 * norms - 1);
  });

  test('a test of an image does not depend on the images beside it', async () => {
    const job = { ...jobOf(network, folders.fresh(), [base('B')]), precision };
    const programs = buildGangPrograms(job, { channels: 1, height: 28, width: 28 });
    const entries = { train: programs.train, test: programs.test };
    const executable = await executor.compile(entries, { precision, exact: true });
    for (const { slot, blob } of programs.parameters[0] ?? []) {
      const tensor = f32(blob.shape);
      tensor.data.forEach((_, at) => (tensor.data[at] = 0.3 + ((at * 7) % 11) / 20));
      await executable.write(slot, tensor);
    }
    const loss = async (images: readonly number[]): Promise<number> => {
      const pixels = images.flatMap((image) =>
        Array.from({ length: 24 * 24 }, (_, at) => (((at + 1) * (image + 3)) % 251) >> (3 * image)),
      );
      const feeds: Record<string, HostTensor> = {
        crops: u8([16, 1, 24, 24], Uint8Array.from(pixels)),
        windows: i32([16, 3]),
        labels: i32([16]),
      };
      const outputs = await executable.run('test', feeds, { learningRate: 0, iteration: 0 });
      return outputs['loss:0']?.data[0] as number;
    };
    const all = (image: number): Promise<number> => loss(Array<number>(16).fill(image));
    const mixed = await loss(Array.from({ length: 16 }, (_, at) => at % 2));
    const apart = [await all(0), await all(1)] as const;
    executable.dispose();
    expect(Math.abs(apart[0] - apart[1])).toBeGreaterThan(1e-3);
    const mean = (apart[0] + apart[1]) / 2;
    expect(mixed / mean).toBeCloseTo(1, precision === 'bf16' ? 3 : 6);
  });

  test('a frozen layer normalises by what is stored; dropout in it stays active', () => {
    const programs = buildGangPrograms(jobOf(network, '', [frozen]), {
      ...{ channels: 1, height: 28, width: 28 },
    });
    const ops = programs.train.nodes.map(({ op }) => op);
    // The first segment alone is frozen.
    expect(ops.filter((op) => op === 'batch_norm_inference')).toHaveLength(1);
    expect(ops).toContain('batch_norm');
    expect(ops.filter((op) => op === 'dropout_mask')).toHaveLength(1);
    const tested = programs.test.nodes.map(({ op }) => op);
    expect(tested).not.toContain('batch_norm');
    expect(tested).not.toContain('dropout_mask');
  });
});
