// Ends a network: weights, freeze audit, run.json, and the checkpoint goes.
import { hostname } from 'node:os';
import { assert } from '../base/errors.js';
import { writeFileAtomic } from '../base/atomic-file.js';
import type { Executable, ExecutorInfo } from '../executors/executor.js';
import { isDead } from '../stats/dead.js';
import { meanOfLargest } from '../stats/mean.js';
import { removeCheckpoint } from './checkpoint.js';
import type { RunRecord } from './job.js';
import type { Member } from './member.js';
import { readMetrics } from './metrics-log.js';
import { auditFrozen, saveWeights } from './state.js';

/** What a network's end depends on besides itself. */
export interface EndContext {
  readonly executable: Executable;
  readonly executor: ExecutorInfo;
  readonly valImages: number;
  readonly classes: number;
  /** See {@link RunRecord}. */
  readonly loading: { loaders: number; waitShare: number };
}

/** Writes everything that stays of a network and marks it ended.
 *  @param failure why it ended before its last iteration */
export async function endMember(
  context: EndContext,
  member: Member,
  failure?: string,
): Promise<RunRecord> {
  const { executable, valImages, classes } = context;
  const audit = await auditFrozen(executable, member);
  const changed = audit.filter(({ equal }) => !equal).map(({ tensor }) => tensor);
  assert(
    changed.length === 0,
    `${member.job.name}: frozen ${changed.join(', ')} changed in training`,
  );

  const tests = readMetrics(member.files.metrics);
  const last = tests.at(-1);
  const dead =
    last !== undefined &&
    isDead({
      correct: Math.round(last.testAccuracy * valImages),
      valImages,
      classes,
      lowestTrainLoss: member.progress.lowestTrainLoss,
    });
  const record: RunRecord = {
    schema: 'selffer.run/1',
    name: member.job.name,
    identity: member.job.identity,
    state: failure !== undefined ? 'failed' : dead ? 'dead' : 'done',
    iterations: member.progress.iteration,
    finalAccuracy: last?.testAccuracy ?? null,
    finalTestLoss: last?.testLoss ?? null,
    top10Accuracy: meanOfLargest(tests.map((test) => test.testAccuracy)),
    valImages,
    classes,
    frozenAudit: audit,
    executor: { ...context.executor, host: hostname() },
    trainSeconds: member.progress.seconds,
    loading: context.loading,
    ...(failure === undefined ? {} : { message: failure }),
  };
  if (member.job.keepWeights && failure === undefined) await saveWeights(executable, member);
  // run.json last: whoever sees it may rely on the rest.
  writeFileAtomic(member.files.record, `${JSON.stringify(record, null, 2)}\n`);
  removeCheckpoint(member.files.checkpoint);
  member.hasEnded = true;
  return record;
}
