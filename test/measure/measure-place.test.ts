// Small networks are trained for real and then measured: all kinds of measurements against what is
// known of them in other ways.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import type { MeasureEvent } from '../../src/measure/events.js';
import type { MeasureJob, Subject } from '../../src/measure/job.js';
import { measurePlace } from '../../src/measure/measure-place.js';
import { networkFiles } from '../../src/runs/files.js';
import { readRecord } from '../../src/runs/record.js';
import { fileHash } from '../../src/runs/weights.js';
import { fitProbe, probeClasses } from '../../src/stats/linear-probe.js';
import type { MeasuredPlace } from '../../src/study/measurements/types.js';
import { readSafetensors } from '../../src/tensor/safetensors.js';
import { openForwardNetwork } from '../../src/train/forward/forward-network.js';
import { type ImageChoice, passImages } from '../../src/train/forward/image-pass.js';
import type { GangJob, NetworkJob } from '../../src/train/job.js';
import { meanPixels } from '../../src/train/mean-pixels.js';
import { trainGang } from '../../src/train/train-gang.js';
import { stratifiedChoice } from '../../src/measure/image-choice.js';
import { Folders } from '../train/folders.js';
import { task } from '../train/forward.js';
import { base, gangJob, member, smallNetwork } from '../train/job.js';

const executor = createReferenceExecutor();
const folders = new Folders('measure-');
const directory = folders.fresh();
let measured: MeasuredPlace;
const { means } = gangJob(directory, []).input;

async function train(
  networks: readonly NetworkJob[],
  target: 'A' | 'B',
  own: Partial<GangJob> = {},
) {
  const job = { ...gangJob(directory, networks, target), ...own };
  await trainGang(job, { executor, emit: () => {}, shouldStop: () => false });
}

function subject(network: NetworkJob, own: Partial<Subject>): Subject {
  const { name, identity, initStream, mean } = network;
  return {
    ...{ name, identity, initStream, target: 'B', classes: 4, isBase: false, isRead: false },
    ...{ meanTask: means[mean] as NonNullable<(typeof means)[string]>, source: null, copied: [] },
    ...own,
  };
}

function job(subjects: readonly Subject[], tasks: MeasureJob['tasks'] = means): MeasureJob {
  return {
    ...{ place: 'split0', studyDirectory: directory, network: smallNetwork, imageLimit: 40 },
    ...{ mean: 'source', tasks, taskHashes: { A: 'hash of A', B: 'hash of B' }, subjects },
    ...{ executor: 'reference', threads: 1 },
  };
}

async function measure(asked: MeasureJob): Promise<readonly MeasureEvent[]> {
  const events: MeasureEvent[] = [];
  await measurePlace(asked, {
    executor,
    emit: (event) => events.push(event),
    shouldStop: () => false,
  });
  return events;
}

function foundIn(events: readonly MeasureEvent[]): MeasuredPlace {
  const [found] = events.flatMap((event) => (event.event === 'measured' ? [event.measured] : []));
  return found as MeasuredPlace;
}

const frozen = member('A2B', 2, true, 'baseA');
const tuned = member('A2B+', 2, false, 'baseA');
const still = { ...base('B'), name: 'split0/still', directory: 'runs/split0/still' };

beforeAll(async () => {
  await train([base('A')], 'A');
  await train([base('B')], 'B');
  await train([frozen, tuned], 'B');
  const { schedule } = gangJob(directory, []);
  await train([still], 'B', { schedule: { ...schedule, iterations: 1, learningRate: 0 } });
  const copy = { source: 'split0/baseA', copied: [1, 2] };
  const events = await measure(
    job([
      subject(base('A'), { target: 'A', isBase: true }),
      subject(base('B'), { isBase: true }),
      subject(frozen, copy),
      subject(tuned, copy),
    ]),
  );
  expect(events.at(-1)).toEqual({ event: 'finished' });
  measured = foundIn(events);
});
afterAll(() => folders.remove());

test('networks are known by the hash of their weights', () => {
  const name = 'split0/A2B+';
  const { identity, weights } = measured.networks[name] ?? {};
  expect(identity).toBe('identity of A2B+');
  expect(weights).toBe(fileHash(networkFiles(directory, name).weights));
  expect(Object.keys(measured.networks)).toHaveLength(4);
  expect(measured.tasks).toEqual({ A: 'hash of A', B: 'hash of B' });
});

test('frozen layers have not moved, others by what their weights say', () => {
  const [still, moved] = measured.movements;
  expect(still?.layers).toEqual({ conv1: 0, conv2: 0 });
  expect(still?.segments).toEqual([
    { segment: 1, distance: 0 },
    { segment: 2, distance: 0 },
  ]);
  const [now, before] = ['split0/A2B+', 'split0/baseA'].map((name) => {
    const { tensors } = readSafetensors(networkFiles(directory, name).weights);
    return ['conv1.weight', 'conv1.bias'].flatMap((tensor) => [...(tensors[tensor]?.data ?? [])]);
  }) as [number[], number[]];
  const length = (values: readonly number[]) => Math.hypot(...values);
  const distance = length(now.map((value, at) => value - (before[at] as number))) / length(before);
  expect(distance).toBeGreaterThan(0.001);
  expect(moved?.layers['conv1']).toBeCloseTo(distance, 10);
  expect(Object.keys(moved?.layers ?? {})).toEqual(['conv1', 'conv2']);
});

test('what is frozen is as it was, what is above is not', () => {
  const of = (network: string, other: string) =>
    measured.similarities
      .filter((each) => each.network === network && each.other === other)
      .map(({ alignment, segment, target, images }) => ({ alignment, segment, target, images }));
  const copied = of('split0/A2B', 'split0/baseA');
  expect(copied.map(({ segment }) => segment)).toEqual([1, 2, 3, 4]);
  expect(copied[0]?.alignment).toBeCloseTo(1, 9);
  expect(copied[1]?.alignment).toBeCloseTo(1, 9);
  expect(copied[2]?.alignment).toBeLessThan(0.99);
  expect(copied.every(({ target, images }) => target === 'B' && images === 40)).toBe(true);
  expect(of('split0/A2B+', 'split0/baseA')[1]?.alignment).toBeLessThan(1 - 1e-6);
  const bases = of('split0/baseA', 'split0/baseB');
  expect(bases.map(({ target }) => target).join('')).toBe('AAAABBBB');
  expect(bases.every(({ alignment }) => alignment !== null && alignment < 0.999)).toBe(true);
});

test('a probe has the accuracy that its classifier has on all validation images', async () => {
  expect(measured.probes).toHaveLength(2 * 2 * 3);
  const probe = measured.probes.find(
    ({ base: name, target, n }) => name === 'split0/baseB' && target === 'B' && n === 2,
  );
  expect(probe).toMatchObject({ images: task.val.length, trainImages: 40, features: 108 });
  const { tensors: weights } = readSafetensors(networkFiles(directory, 'split0/baseB').weights);
  const network = await openForwardNetwork(
    {
      ...{
        network: smallNetwork,
        classes: 4,
        weights,
        images: task.set.form,
        batch: 20,
        ends: [2],
      },
      ...{ mean: await meanPixels(smallNetwork, task, undefined), looks: ['features'] },
    },
    executor,
  );
  const rowsOf = async (choice: ImageChoice) => {
    const values: number[] = [];
    const labels: number[] = [];
    for await (const { minibatch, rows } of passImages(choice, network.takes)) {
      const data = (await network.look('features', minibatch)).get(2)?.data ?? [];
      values.push(...data.slice(0, rows * 108));
      labels.push(...minibatch.labels.slice(0, rows));
    }
    const rows = { values: Float64Array.from(values), count: labels.length, width: 108 };
    return { rows, labels: Int32Array.from(labels), classes: 4 };
  };
  const records = stratifiedChoice(task, 40, 'split0 B');
  const fitted = fitProbe(await rowsOf({ task, part: 'train', records }), probe?.penalty ?? 0);
  const val = await rowsOf({ task, part: 'val' });
  const right = probeClasses(fitted, val.rows).filter((label, at) => label === val.labels[at]);
  expect(probe?.accuracy).toBe(right.length / task.val.length);
  expect(probe?.accuracy).toBeGreaterThan(0.5);
  expect(probe?.low).toBeLessThan(probe?.accuracy ?? 0);
  expect(probe?.high).toBeGreaterThan(probe?.accuracy ?? 1);
  network.dispose();
});

test('as many training images of each class are chosen', () => {
  const counts = (limit: number) => {
    const labels = [...stratifiedChoice(task, limit, 'x')].map((each) => task.trainLabels[each]);
    return [0, 1, 2, 3].map((label) => labels.filter((each) => each === label).length);
  };
  expect(counts(20)).toEqual([5, 5, 5, 5]);
  expect(Math.max(...counts(22))).toBe(6);
  expect(counts(1e6)).toEqual([20, 20, 20, 20]);
});

test('resets start from the accuracy that the run has', () => {
  const own = measured.resets.filter(({ base: name }) => name === 'split0/baseB');
  const record = readRecord(networkFiles(directory, 'split0/baseB').record);
  expect(own.map(({ segment }) => segment)).toEqual([1, 2, 3, 4]);
  expect(new Set(own.map(({ baseAccuracy }) => baseAccuracy))).toEqual(
    new Set([record?.finalAccuracy]),
  );
  expect(own.some((each) => each.initialAccuracy !== each.baseAccuracy)).toBe(true);
});

test('a network that has not learnt is what it was: its own first values change nothing', async () => {
  const { B } = means;
  const events = await measure(
    job([subject(still, { isBase: true })], { B: B as NonNullable<typeof B> }),
  );
  const { resets } = foundIn(events);
  expect(resets).toHaveLength(4);
  for (const each of resets) expect(each.initialAccuracy).toBe(each.baseAccuracy);
  expect(resets.some((each) => each.redrawnAccuracy !== each.baseAccuracy)).toBe(true);
});

test('other weights than those that were trained are refused', async () => {
  const { weights } = networkFiles(directory, still.name);
  const copy = folders.copyOf(directory);
  const { weights: other } = networkFiles(copy, 'split0/baseB');
  expect(weights).not.toBe(other);
  const { copyFileSync } = await import('node:fs');
  copyFileSync(weights, other);
  const asked = { ...job([subject(base('B'), { isBase: true })]), studyDirectory: copy };
  await expect(measure(asked)).rejects.toThrow('is not the file that was trained');
});

test('asked to stop, it says so and nothing else', async () => {
  const events: MeasureEvent[] = [];
  await measurePlace(job([subject(base('B'), { isBase: true })]), {
    executor,
    emit: (event) => events.push(event),
    shouldStop: () => true,
  });
  expect(events.map(({ event }) => event)).toEqual(['measuring', 'stopped']);
});
