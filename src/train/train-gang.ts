// The training loop: all networks of a gang in lockstep on the same minibatches.
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { isTestDue } from '../data/minibatch/loader/requests.js';
import { leaseRuns } from '../runs/lease.js';
import { appendMetrics, type MetricsLine } from '../runs/metrics.js';
import { endMember } from './end-member.js';
import { evaluate } from './evaluate.js';
import { feedsOf } from './feeds.js';
import type { GangJob } from './job.js';
import { learningRateAt, scalarsAt, scheduleOfMember } from './learning-rate.js';
import type { Member } from './member.js';
import { type Gang, openGang, type TrainContext } from './open-gang.js';
import { Pace } from './profile/pace.js';
import { saveCheckpoint } from './state.js';
import { answersOf, testImages } from './tested-images.js';

/** Trains every network of the gang that has not ended, from its checkpoint if it has one. Networks
 *  that a crash left at different iterations catch up one by one: those ahead are switched off
 *  until the others arrive.
 *  @throws RunStoreError if another process trains one of them */
export async function trainGang(job: GangJob, context: TrainContext): Promise<void> {
  const directories = job.networks.map(({ directory }) => directory);
  const letGo = await leaseRuns(job.studyDirectory, directories);
  try {
    await trainLeased(job, context);
  } finally {
    letGo();
  }
}

async function trainLeased(job: GangJob, context: TrainContext): Promise<void> {
  const gang = await openGang(job, context);
  try {
    await runIterations(gang);
  } finally {
    gang.source.dispose();
    gang.executable.dispose();
  }
}

async function runIterations(gang: Gang): Promise<void> {
  const { job, members, emit } = gang;
  const { iterations } = job.schedule;
  const pace = new Pace();
  // A network whose checkpoint was taken after its last iteration has only its end left.
  await endFinished(gang);
  for (let t = gang.from; t < iterations && members.some(({ hasEnded }) => !hasEnded); t++) {
    const trained = await trainIteration(gang, t);
    const done = t + 1;
    if (isTestDue(job.schedule, done)) await testNetworks(gang, done);
    await endFinished(gang);
    const images = trained * job.schedule.batch;
    const step = pace.step(images, done === iterations);
    if (step) emit({ event: 'step', iteration: done, iterations, ...step });
    // Lets signal handlers and pipes run: native calls block the event loop.
    await yieldToEvents();
    const isStopping = gang.shouldStop();
    if (isStopping || pace.secondsSinceCheckpoint() >= job.checkpointEverySeconds) {
      await gang.meter.measureUntil('saving', () => saveCheckpoints(gang));
      pace.checkpointed();
      if (isStopping) emit({ event: 'usage', ...(await gang.meter.usage(gang.source.loaders)) });
      emit({ event: isStopping ? 'stopped' : 'checkpoint', iteration: done });
    }
    if (isStopping) return;
  }
  emit({ event: 'usage', ...(await gang.meter.usage(gang.source.loaders)) });
  emit({ event: 'finished' });
}

// Nothing runs between two of them: all checkpoints are of one moment.
async function saveCheckpoints({ executable, members }: Gang): Promise<void> {
  for (const member of members) if (!member.hasEnded) await saveCheckpoint(executable, member);
}

/** One update of every network that stands at iteration t. @returns how many that were */
async function trainIteration(gang: Gang, t: number): Promise<number> {
  const { job, executable, members, source, meter } = gang;
  const active = members.map((member) => !member.hasEnded && member.progress.iteration === t);
  const started = performance.now();
  const minibatch = await meter.measureUntil('data', () => source.train(t));
  const scalars = scalarsAt(job, t);
  const feeds = feedsOf(minibatch);
  const outputs = await meter.run('train', active, () =>
    executable.run('train', feeds, scalars, active),
  );
  const count = active.filter(Boolean).length;
  const seconds = (performance.now() - started) / 1000 / count;
  for (const [i, member] of members.entries()) {
    if (!active[i]) continue;
    const { progress } = member;
    progress.iteration = t + 1;
    progress.seconds += seconds;
    progress.lossSum += outputs[`loss:${i}`]?.data[0] ?? Number.NaN;
    progress.lossCount += 1;
    if (!Number.isFinite(progress.lossSum))
      await end(gang, member, `loss is not finite at iteration ${t + 1}`);
  }
  return count;
}

async function testNetworks(gang: Gang, iteration: number): Promise<void> {
  const { job, task, members, emit } = gang;
  const { schedule } = job;
  const active = members.map((m) => !m.hasEnded && m.progress.iteration === iteration);
  const results = await evaluate(gang, active);
  members.forEach((member, i) => {
    const result = results[i];
    if (!result) return;
    if (iteration === schedule.iterations) member.answers = answersOf(task, result.right);
    const { progress } = member;
    const trainLoss = progress.lossCount > 0 ? progress.lossSum / progress.lossCount : null;
    if (trainLoss !== null) {
      progress.lowestTrainLoss = Math.min(progress.lowestTrainLoss ?? Infinity, trainLoss);
    }
    progress.lossSum = 0;
    progress.lossCount = 0;
    const line: MetricsLine = {
      iteration,
      epoch: (iteration * schedule.batch) / task.train.length,
      learningRate: learningRateAt(scheduleOfMember(schedule, member.job), iteration - 1),
      trainLoss,
      testLoss: Number.isFinite(result.loss) ? result.loss : null,
      testAccuracy: result.accuracy,
    };
    member.tests.push(line);
    appendMetrics(member.files.metrics, line);
    const { accuracy, loss } = result;
    emit({ event: 'test', network: member.job.name, iteration, accuracy, loss });
  });
}

async function endFinished(gang: Gang): Promise<void> {
  const { job, members } = gang;
  const isFinished = ({ progress, hasEnded }: Member): boolean =>
    !hasEnded && progress.iteration === job.schedule.iterations;
  await answerAgain(gang, (member) => isFinished(member) && member.answers === null);
  await testFurther(gang, members.map(isFinished));
  for (const member of members) if (isFinished(member)) await end(gang, member);
}

// Networks end together or not at all: a further test is one pass for all that end now.
async function testFurther(gang: Gang, active: readonly boolean[]): Promise<void> {
  if (!active.includes(true)) return;
  for (const [name, test] of Object.entries(gang.job.input.tests ?? {})) {
    const images = testImages(gang.job, gang.furtherTest(test));
    const results = await evaluate(gang, active, images);
    gang.members.forEach((member, i) => {
      const result = results[i];
      if (!result) return;
      const { accuracy } = result;
      const said = { data: test.data, images: images.task.val.length, accuracy };
      member.furtherTests = { ...member.furtherTests, [name]: said };
    });
  }
}

// Of a network that stood at its last iteration when it was resumed, the accuracy of the last test
// is known, but not which images were right.
async function answerAgain(gang: Gang, lacks: (member: Member) => boolean): Promise<void> {
  const active = gang.members.map(lacks);
  if (!active.includes(true)) return;
  const results = await evaluate(gang, active, testImages(gang.job, gang.task));
  gang.members.forEach((member, i) => {
    const result = results[i];
    if (result) member.answers = answersOf(gang.task, result.right);
  });
}

async function end(gang: Gang, member: Member, failure?: string): Promise<void> {
  const { executable, executor, task, emit, source, meter } = gang;
  const context = {
    executable,
    executor: executor.info,
    valImages: task.val.length,
    classes: task.classes.length,
    loading: { loaders: source.loaders, waitShare: meter.waitShare },
  };
  const { state, finalAccuracy, message } = await meter.measureUntil('saving', () =>
    endMember(context, member, failure),
  );
  emit({
    event: 'ended',
    network: member.job.name,
    state,
    accuracy: finalAccuracy,
    ...(message === undefined ? {} : { message }),
  });
}
