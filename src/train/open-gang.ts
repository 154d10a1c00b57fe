// Everything a gang needs before its first iteration.
import { streamKey } from '../base/random-stream.js';
import type { ImageSet, Task } from '../data/image-set.js';
import { prefetchingSource } from '../data/minibatch/loader/prefetch.js';
import { directSource, type MinibatchSource } from '../data/minibatch/minibatch-source.js';
import { openStore } from '../data/store/open-store.js';
import { makeTask } from '../data/classes/task.js';
import type { Executable, Executor } from '../executors/executor.js';
import { writeMetrics } from '../runs/metrics.js';
import { f32 } from '../tensor/tensor.js';
import { buildGangPrograms, type GangPrograms, meanSlot } from './gang-program.js';
import type { WorkerEvent } from './events.js';
import { type FurtherTest, type GangJob, storePath, type TaskSpec } from './job.js';
import { type Member, membersOf } from './member.js';
import { meanPixels } from './mean-pixels.js';
import { Meter } from './profile/meter.js';
import { loadState } from './state.js';
import { furtherImages } from './tested-images.js';

/** What the loop needs from its surroundings. */
export interface TrainContext {
  readonly executor: Executor;
  readonly emit: (event: WorkerEvent) => void;
  /** Asked between iterations; true = save everything and return. */
  readonly shouldStop: () => boolean;
}

/** An open gang: data, executable and networks. */
export interface Gang extends TrainContext {
  readonly job: GangJob;
  readonly task: Task;
  /** Opens the images of a further test. */
  readonly furtherTest: (test: FurtherTest) => Task;
  readonly executable: Executable;
  readonly members: readonly Member[];
  readonly source: MinibatchSource;
  readonly meter: Meter;
  /** Iterations done by the network that is least far. */
  readonly from: number;
}

/** Opens data, compiles the gang's programs and fills all state.
 *  @throws SelfferError if data, weights or checkpoints are not there or do not fit; nothing stays
 *  allocated then */
export async function openGang(job: GangJob, context: TrainContext): Promise<Gang> {
  const sets = new Map<string, ImageSet>();
  const setOf = (spec: TaskSpec): ImageSet => {
    const set = sets.get(spec.store) ?? openStore(storePath(job.input, spec));
    sets.set(spec.store, set);
    return set;
  };
  const taskOf = (spec: TaskSpec): Task =>
    makeTask(setOf(spec), spec.classes, spec.imagesPerClass, spec.selection);
  const furtherTest = (test: FurtherTest): Task => furtherImages(setOf(test.task), test);
  const task = taskOf(job.input.target);
  const programs = buildGangPrograms(job, task.set.form, { answers: true });
  const { precision, exact } = job;
  const entries = { train: programs.train, test: programs.test };
  const profile = job.profile ?? false;
  const executable = await context.executor.compile(entries, { precision, exact, profile });
  try {
    return await fillGang({ job, context, taskOf, furtherTest, task, programs, executable });
  } catch (error) {
    executable.dispose();
    throw error;
  }
}

interface Opening {
  readonly job: GangJob;
  readonly context: TrainContext;
  readonly taskOf: (spec: TaskSpec) => Task;
  readonly furtherTest: Gang['furtherTest'];
  readonly task: Task;
  readonly programs: GangPrograms;
  readonly executable: Executable;
}

async function fillGang(opening: Opening): Promise<Gang> {
  const { job, context, taskOf, furtherTest, task, programs, executable } = opening;
  const { channels, height, width } = task.set.form;
  for (const [name, spec] of Object.entries(job.input.means)) {
    if (!job.networks.some((network) => network.mean === name)) continue;
    const mean = await meanPixels(job.network, taskOf(spec), job.input.augment);
    await executable.write(meanSlot(name), f32([channels, height, width], mean));
  }
  const members = membersOf(job, programs.parameters);
  await loadState({ executable, job, emit: context.emit }, members);
  for (const member of members.filter(({ hasEnded }) => !hasEnded)) {
    writeMetrics(member.files.metrics, member.tests);
  }
  const { arenaBytes, stateBytes } = executable.footprint;
  context.emit({ event: 'ready', executor: { ...context.executor.info }, arenaBytes, stateBytes });
  const meter = await Meter.start(job, context.executor, executable, programs);
  const waiting = members.filter(({ hasEnded }) => !hasEnded);
  const { iterations } = job.schedule;
  const from = Math.min(iterations, ...waiting.map(({ progress }) => progress.iteration));
  const source = openSource(job, task, from);
  return { ...context, job, task, furtherTest, executable, members, source, meter, from };
}

function openSource(job: GangJob, task: Task, from: number): MinibatchSource {
  const { schedule, network, input, loaders = 0 } = job;
  const { mirror, shuffle, target, augment } = input;
  const keys = {
    order: streamKey(['order', ...input.orderStream]),
    augment: streamKey(['augment', ...input.augmentStream]),
  };
  const { height, width } = network.input;
  const cut = {
    ...{ batch: schedule.batch, crop: { height, width }, mirror, keys },
    ...(augment === undefined ? {} : { augment }),
  };
  const batch = shuffle === undefined ? cut : { ...cut, shuffle };
  if (loaders === 0 || from === schedule.iterations) return directSource(task, batch);
  const { iterations, testEvery } = schedule;
  return prefetchingSource(task, {
    store: storePath(input, target),
    imagesPerClass: target.imagesPerClass,
    ...(target.selection === undefined ? {} : { selection: target.selection }),
    batch,
    plan: { from, iterations, testEvery },
    loaders,
  });
}
