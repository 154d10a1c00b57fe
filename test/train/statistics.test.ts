// Blobs that change without a gradient, as running means will: updated by their layer, saved and
// resumed with the weights, copied, and left alone and audited where their layer is frozen.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Executable } from '../../src/executors/executor.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import type { BlobSpec } from '../../src/net/layers/blob.js';
import type { LayerRule } from '../../src/net/layers/rule.js';
import { layerRules, type LayerMap } from '../../src/net/layers/table.js';
import { f32, type HostTensor, i32, u8 } from '../../src/tensor/tensor.js';
import { buildGangPrograms, type GangPrograms } from '../../src/train/gang-program.js';
import type { GangJob } from '../../src/train/job.js';
import { scalarsAt } from '../../src/train/learning-rate.js';
import { membersOf, type Member } from '../../src/train/member.js';
import { auditFrozen, loadState, saveCheckpoint, saveWeights } from '../../src/train/state.js';
import { base, gangJob, member } from './job.js';

const directory = mkdtempSync(join(tmpdir(), 'statistics-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** y = x + seen, and seen grows by x with every training iteration. */
const summing: LayerRule<LayerMap['lrn']> = {
  ...layerRules.lrn,
  blobs: (_, [input = []]): readonly BlobSpec[] => [
    {
      name: 'seen',
      shape: input,
      role: 'statistic',
      filler: { type: 'constant', value: 0 },
      lrMult: 1,
      decayMult: 1,
    },
  ],
  lower: ({ emitter, mode, isFrozen, setStatistic }, _, [x = 0], [seen = 0]) => {
    const sum = emitter.apply('add', {}, [x, seen]);
    if (mode === 'train' && !isFrozen) setStatistic('seen', sum);
    return sum;
  },
};

const rules = { ...layerRules, lrn: summing };
const images = { channels: 1, height: 28, width: 28 };

interface Opened {
  readonly job: GangJob;
  readonly programs: GangPrograms;
  readonly executable: Executable;
  readonly members: readonly Member[];
}

async function open(job: GangJob): Promise<Opened> {
  const programs = buildGangPrograms(job, images, { rules });
  const { train, test: testing } = programs;
  const options = { precision: 'fp32', exact: true } as const;
  const executor = createReferenceExecutor();
  const executable = await executor.compile({ train, test: testing }, options);
  const members = membersOf(job, programs.parameters);
  await loadState({ executable, job, emit: () => {} }, members);
  return { job, programs, executable, members };
}

async function iterate({ job, executable }: Opened, iteration: number): Promise<void> {
  const { batch } = job.schedule;
  const pixels = Uint8Array.from(
    { length: batch * 24 * 24 },
    (_, at) => (at * 7 + iteration) % 251,
  );
  const feeds: Record<string, HostTensor> = {
    crops: u8([batch, 1, 24, 24], pixels),
    windows: i32([batch, 3]),
    labels: i32([batch]),
  };
  await executable.run('train', feeds, scalarsAt(job, iteration));
}

const statisticOf = ({ programs }: Opened): string =>
  programs.parameters[0]?.find(({ blob }) => blob.role === 'statistic')?.slot ?? '';

test('a statistic is updated by its layer, not by the solver', async () => {
  const opened = await open(gangJob(directory, [base('B')]));
  const { train, test: testing } = opened.programs;
  const slot = statisticOf(opened);
  expect(slot).toBe('split0/baseB/norm1.seen');
  expect(train.slots.find(({ name }) => name === slot)?.next).toBeDefined();
  expect(testing.slots.find(({ name }) => name === slot)?.next).toBeUndefined();
  expect(train.slots.some(({ name }) => name.startsWith(`${slot}/`))).toBe(false);
  await iterate(opened, 0);
  const once = (await opened.executable.read(slot)).data.slice();
  expect(once.some((value) => value !== 0)).toBe(true);
  await iterate(opened, 1);
  expect((await opened.executable.read(slot)).data).not.toEqual(once);
});

test('a resumed network has the statistics that it had', async () => {
  const job = gangJob(join(directory, 'resumed'), [base('B')]);
  const opened = await open(job);
  const slot = statisticOf(opened);
  await iterate(opened, 0);
  const [stopped] = opened.members as [Member];
  stopped.progress.iteration = 1;
  await saveCheckpoint(opened.executable, stopped);
  const resumed = await open(job);
  expect(resumed.members[0]?.progress.iteration).toBe(1);
  expect(await resumed.executable.read(slot)).toEqual(await opened.executable.read(slot));
  await iterate(opened, 1);
  await iterate(resumed, 1);
  for (const { name } of opened.programs.train.slots.filter(({ next }) => next !== undefined)) {
    expect(await resumed.executable.read(name)).toEqual(await opened.executable.read(name));
  }
});

test('frozen statistics are the source’s, shared, audited and never changed', async () => {
  const job = gangJob(join(directory, 'frozen'), [base('B')]);
  const opened = await open(job);
  await iterate(opened, 0);
  await saveWeights(opened.executable, opened.members[0] as Member);
  const copies = [member('B1B', 1, true, 'baseB'), member('B1B+', 1, false, 'baseB')];
  const copied = await open({ ...job, networks: copies });
  const learnt = await opened.executable.read(statisticOf(opened));
  const frozen = statisticOf(copied);
  expect(frozen).toBe('run:identity of baseB/norm1.seen');
  expect(copied.programs.train.slots.find(({ name }) => name === frozen)?.next).toBeUndefined();
  await iterate(copied, 0);
  expect(await copied.executable.read(frozen)).toEqual(learnt);
  expect(await copied.executable.read('split0/B1B+/norm1.seen')).not.toEqual(learnt);
  const audit = await auditFrozen(copied.executable, copied.members[0] as Member);
  expect(audit.map(({ tensor, equal }) => [tensor, equal])).toEqual([
    ['conv1.weight', true],
    ['conv1.bias', true],
    ['norm1.seen', true],
  ]);
  // What the audit is for: a change of the slot is seen.
  await copied.executable.write(frozen, f32(learnt.shape));
  const changed = await auditFrozen(copied.executable, copied.members[0] as Member);
  expect(changed.filter(({ equal }) => !equal).map(({ tensor }) => tensor)).toEqual(['norm1.seen']);
});
