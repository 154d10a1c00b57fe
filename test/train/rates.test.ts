// Networks of one gang at learning rates of their own.
import { afterAll, expect, test } from 'vitest';
import type { Executor } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { readMetrics } from '../../src/runs/metrics.js';
import { readRecord } from '../../src/runs/record.js';
import { runFiles } from '../../src/runs/files.js';
import type { GangJob, NetworkJob, Schedule } from '../../src/train/job.js';
import { learningRateAt } from '../../src/train/learning-rate.js';
import { trainGang } from '../../src/train/train-gang.js';
import { rowsOf } from '../portable.js';
import { expectSameRun, Folders } from './folders.js';
import { base, gangJob, member } from './job.js';

const rates = [0.02, 0.1];

/** The first rate is the schedule's own. Random numbers do not depend on the rate. */
function atEachRate(network: NetworkJob): readonly NetworkJob[] {
  return rates.map((learningRate, at) => {
    if (at === 0) return network;
    const [name, directory] = [network.name, network.directory].map(
      (of) => `${of}@${learningRate}`,
    );
    return { ...network, name: name as string, directory: directory as string, learningRate };
  });
}

const family: readonly NetworkJob[] = [
  member('A1B', 1, true, 'baseA'),
  { ...member('A2B+', 2, false, 'baseA'), copiedRate: 0.1 },
  base('B'),
].flatMap(atEachRate);

const adamw = {
  kind: 'adamw',
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
} as const;

type Row = readonly [string, () => Executor, Partial<Schedule>];
const usual: readonly Row[] = [
  ['reference, sgd in steps', createReferenceExecutor, {}],
  ['onednn, sgd in steps', createOnednnExecutor, {}],
  [
    'onednn, sgd by a cosine',
    createOnednnExecutor,
    { policy: { kind: 'cosine', end: 0 }, warmup: 3 },
  ],
  ['onednn, adamw', createOnednnExecutor, { solver: adamw }],
];
const cases = rowsOf(usual, [['onnx, sgd in steps', createOnnxExecutor, {}]]);

const folders = new Folders('selffer-rates-');
afterAll(() => folders.remove());

test.each(cases)('%s: each is what it is alone, bit for bit', async (_, makeExecutor, other) => {
  const executor = makeExecutor();
  const train = (job: GangJob): Promise<void> =>
    trainGang(job, { executor, emit: () => {}, shouldStop: () => false });
  const jobOf = (folder: string, networks: readonly NetworkJob[], learningRate = 0.02): GangJob => {
    const job = gangJob(folder, networks);
    const short = { ...job.schedule, iterations: 4, steps: [3], testEvery: 2 };
    return { ...job, schedule: { ...short, learningRate, ...other } };
  };
  const bases = folders.fresh();
  await train({ ...jobOf(bases, [base('A')]), input: gangJob(bases, [], 'A').input });
  const together = jobOf(folders.copyOf(bases), family);
  await train(together);
  for (const network of family.filter(({ learningRate }) => learningRate !== undefined)) {
    // A study of that rate alone: the schedule has it, the network none of its own.
    const { learningRate, ...plain } = network;
    const alone = jobOf(folders.copyOf(bases), [plain], learningRate);
    await train(alone);
    expectSameRun(together.studyDirectory, alone.studyDirectory, network);
    const { metrics } = runFiles(together.studyDirectory, network.directory);
    const written = readMetrics(metrics).map((line) => line.learningRate);
    expect(written).toEqual([1, 3].map((t) => learningRateAt(alone.schedule, t)));
  }
});

test('the first rate is what it is without the others', async () => {
  const executor = createOnednnExecutor();
  const [first, other] = atEachRate(base('B')) as [NetworkJob, NetworkJob];
  const [together, alone] = [folders.fresh(), folders.fresh()];
  for (const [folder, networks] of [
    [together, [other, first]],
    [alone, [first]],
  ] as const) {
    await trainGang(gangJob(folder, networks), {
      executor,
      emit: () => {},
      shouldStop: () => false,
    });
  }
  expectSameRun(together, alone, first);
});

test('networks learn nothing from images that are kept aside, and are tested on them', async () => {
  const folder = folders.fresh();
  const plain = gangJob(folder, [base('B')]);
  const target = { ...plain.input.target, selection: { share: 0.25, seed: 1 } };
  const tests = {
    selection: { task: target, part: 'selection', data: 'those', images: 20 },
  } as const;
  const job = { ...plain, input: { ...plain.input, target, means: { B: target }, tests } };
  await trainGang(job, {
    executor: createOnednnExecutor(),
    emit: () => {},
    shouldStop: () => false,
  });
  const files = runFiles(folder, 'runs/split0/baseB');
  // 60 of 80 images are an epoch.
  expect(readMetrics(files.metrics).at(-1)?.epoch).toBe((12 * 16) / 60);
  const said = readRecord(files.record)?.tests?.['selection'];
  expect(said).toMatchObject({ data: 'those', images: 20 });
  expect(said?.accuracy).toBeGreaterThan(0.25);
  expect(((said?.accuracy as number) * 20) % 1).toBeCloseTo(0, 9);
});
