// What must always hold of training, on real executors, files and images.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RunStoreError } from '../../src/base/errors.js';
import type { Executor, Precision } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { readSafetensors } from '../../src/tensor/safetensors.js';
import { type Answers, readAnswers } from '../../src/runs/answers.js';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../src/runs/checkpoint.js';
import { runFiles } from '../../src/runs/files.js';
import { readMetrics } from '../../src/runs/metrics.js';
import type { RunRecord } from '../../src/runs/record.js';
import type { WorkerEvent } from '../../src/train/events.js';
import type { NetworkJob } from '../../src/train/job.js';
import { trainGang } from '../../src/train/train-gang.js';
import { rowsOf } from '../portable.js';
import { base, gangJob, member } from './job.js';

const executors = rowsOf<readonly [string, Precision, () => Executor]>(
  [
    ['reference', 'fp32', createReferenceExecutor],
    ['onednn', 'fp32', createOnednnExecutor],
    ['onednn', 'bf16', createOnednnExecutor],
  ],
  [['onnx', 'fp32', createOnnxExecutor]],
);

const family: readonly NetworkJob[] = [
  member('A1B', 1, true, 'baseA'),
  member('A3B', 3, true, 'baseA'),
  member('B2B', 2, true, 'baseB'),
  member('A2B+', 2, false, 'baseA'),
  member('B4B+', 4, false, 'baseB'),
  member('R1B', 1, true, null),
  member('R3B', 3, true, null),
];

describe.each(executors)('%s %s', (_, precision, makeExecutor) => {
  let executor: Executor;
  let bases: string;
  const folders: string[] = [];

  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'selffer-train-'));
    folders.push(folder);
    return folder;
  };
  const withBases = (): string => {
    const folder = newFolder();
    cpSync(bases, folder, { recursive: true });
    return folder;
  };
  const train = async (
    folder: string,
    networks: readonly NetworkJob[],
    stopAfter = Infinity,
    target: 'A' | 'B' = 'B',
  ): Promise<WorkerEvent[]> => {
    const events: WorkerEvent[] = [];
    let asked = 0;
    await trainGang(
      { ...gangJob(folder, networks, target), precision },
      {
        executor,
        emit: (event) => events.push(event),
        shouldStop: () => ++asked >= stopAfter,
      },
    );
    return events;
  };
  const file = (folder: string, network: NetworkJob, name: string): Buffer =>
    readFileSync(join(folder, network.directory, name));
  const record = (folder: string, network: NetworkJob): RunRecord =>
    JSON.parse(file(folder, network, 'run.json').toString()) as RunRecord;
  const expectSameRun = (a: string, b: string, network: NetworkJob): void => {
    expect(file(a, network, 'metrics.jsonl').toString(), network.name).toBe(
      file(b, network, 'metrics.jsonl').toString(),
    );
    expect(
      file(a, network, 'weights.safetensors').equals(file(b, network, 'weights.safetensors')),
      network.name,
    ).toBe(true);
    expect(answers(a, network), network.name).toEqual(answers(b, network));
  };
  const answers = (folder: string, { directory, identity }: NetworkJob): Answers | null =>
    readAnswers(runFiles(folder, directory).answers, identity);

  beforeAll(async () => {
    executor = makeExecutor();
    if (!executor.info.precisions.includes(precision)) return;
    bases = newFolder();
    await train(bases, [base('A')], Infinity, 'A');
    await train(bases, [base('B')]);
  });
  beforeEach((context) => {
    const { precisions, instructionSet } = executor.info;
    context.skip(!precisions.includes(precision), `no ${precision} with ${instructionSet}`);
  });
  afterAll(() => {
    folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  });

  test('a gang gives each network what it gets alone, bit for bit', async () => {
    const together = withBases();
    await train(together, family);
    for (const network of family) {
      const alone = withBases();
      await train(alone, [network]);
      expectSameRun(together, alone, network);
    }
  });

  test('resumed equals uninterrupted, bit for bit, wherever it stopped', async () => {
    const whole = withBases();
    await train(whole, family);
    const resumed = withBases();
    for (const stopAfter of [1, 3, 4]) {
      const events = await train(resumed, family, stopAfter);
      expect(events.at(-1)?.event).toBe('stopped');
    }
    const events = await train(resumed, family);
    expect(events.at(-1)?.event).toBe('finished');
    for (const network of family) expectSameRun(whole, resumed, network);
  });

  test('answers by image are those that the accuracy counts, padding rows left out', async () => {
    const folder = withBases();
    await train(folder, family);
    for (const network of family) {
      const { finalAccuracy, valImages } = record(folder, network);
      const found = answers(folder, network);
      // 4 classes; the last of the minibatches of 16 is not full.
      expect(valImages % 16).toBeGreaterThan(0);
      expect(found?.labels.map(({ label }) => label)).toEqual([0, 1, 2, 3]);
      expect(rightCount(found as Answers), network.name).toBe(
        Math.round((finalAccuracy as number) * valImages),
      );
    }
  });

  test('a network that has only its end left answers again', async () => {
    const [network] = family as [NetworkJob];
    const whole = withBases();
    await train(whole, family);
    const left = withBases();
    await train(left, [network], 4);
    const { checkpoint } = runFiles(left, network.directory);
    const { weights, metrics } = runFiles(whole, network.directory);
    const { progress, tensors } = readCheckpoint(checkpoint, network.identity) as Checkpoint;
    const trained = readSafetensors(weights).tensors;
    const ended = { ...progress, iteration: 12 };
    for (const name of Object.keys(tensors)) {
      if (trained[name] !== undefined) Object.assign(tensors, { [name]: trained[name] });
    }
    writeCheckpoint(checkpoint, network.identity, {
      progress: ended,
      tests: readMetrics(metrics),
      tensors,
    });
    // The others still train: minibatches that are loaded ahead are theirs.
    await train(left, family);
    for (const each of family) expectSameRun(whole, left, each);
  });

  test('networks left at different iterations catch up', async () => {
    const whole = withBases();
    await train(whole, family);
    const torn = withBases();
    await train(torn, family, 3);
    // As if the process had died between two checkpoints: one network is ahead, one has not begun.
    await train(torn, family.slice(0, 1), 2);
    rmSync(join(torn, family[1]!.directory), { recursive: true });
    await train(torn, family);
    for (const network of family) expectSameRun(whole, torn, network);
  });

  test("copied tensors are the base's, frozen ones stay so, the rest moves", async () => {
    const folder = withBases();
    await train(folder, family);
    const tensorsOf = (directory: string) =>
      readSafetensors(join(folder, directory, 'weights.safetensors')).tensors;
    const baseA = tensorsOf('runs/split0/baseA');
    const frozen = tensorsOf('runs/split0/A3B');
    const tuned = tensorsOf('runs/split0/A2B+');
    for (const name of ['conv1.weight', 'conv1.bias', 'conv2.weight', 'fc3.weight']) {
      expect(frozen[name]?.data, name).toEqual(baseA[name]?.data);
    }
    expect(frozen['fc4.weight']?.data).not.toEqual(baseA['fc4.weight']?.data);
    expect(tuned['conv1.weight']?.data).not.toEqual(baseA['conv1.weight']?.data);
    const { frozenAudit } = record(folder, family[1]!);
    expect(frozenAudit.map(({ tensor }) => tensor)).toEqual(
      ['conv1', 'conv2', 'fc3'].flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]),
    );
    expect(frozenAudit.every(({ equal }) => equal)).toBe(true);
  });

  test('what has ended is not trained again', async () => {
    const folder = withBases();
    await train(folder, family);
    const events = await train(folder, family);
    expect(events.map(({ event }) => event)).toEqual(['ready', 'usage', 'finished']);
  });

  test('a gang that cannot be opened leaves nothing compiled', async () => {
    let alive = 0;
    const counting: Executor = {
      ...executor,
      compile: async (...args) => {
        const executable = await executor.compile(...args);
        alive += 1;
        return {
          ...executable,
          dispose: () => {
            alive -= 1;
            executable.dispose();
          },
        };
      },
    };
    const job = { ...gangJob(newFolder(), [family[0]!]), precision }; // its base is not there
    const context = { executor: counting, emit: () => {}, shouldStop: () => false };
    await expect(trainGang(job, context)).rejects.toThrow(RunStoreError);
    expect(alive).toBe(0);
    await trainGang({ ...job, studyDirectory: withBases() }, context);
    expect(alive).toBe(0);
  });

  test('a network whose loss is not finite fails; the rest goes on', async () => {
    const folder = withBases();
    const wild = { ...member('W4B+', 4, false, 'baseB'), directory: 'runs/split0/W4B+' };
    await train(folder, [wild, family[0]!], 2);
    poison(join(folder, wild.directory, 'checkpoint.safetensors'), wild);
    await train(folder, [wild, family[0]!]);
    expect(record(folder, wild)).toMatchObject({
      state: 'failed',
      message: 'loss is not finite at iteration 4',
      iterations: 4,
    });
    const alone = withBases();
    await train(alone, [family[0]!]);
    expectSameRun(folder, alone, family[0]!);
    expect(existsSync(join(folder, wild.directory, 'weights.safetensors'))).toBe(false);
  });
});

/** How many images were answered right. */
function rightCount({ images, bits }: Answers): number {
  let right = 0;
  for (let i = 0; i < images; i++) right += ((bits[i >> 3] as number) >> (i & 7)) & 1;
  return right;
}

/** Makes the next update of a checkpoint infinite, as training may. */
function poison(path: string, { identity }: NetworkJob): void {
  const checkpoint = readCheckpoint(path, identity);
  if (checkpoint === null) throw new Error(`${path}: no checkpoint`);
  checkpoint.tensors['fc4.weight/velocity']?.data.fill(Infinity);
  writeCheckpoint(path, identity, checkpoint);
}
