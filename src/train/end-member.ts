// Ends a network: weights, freeze audit, run.json, and the checkpoint goes.
import { hostname } from 'node:os';
import { assert } from '../base/errors.js';
import type { Executable, ExecutorInfo } from '../executors/executor.js';
import { writeAnswers } from '../runs/answers.js';
import { removeCheckpoint } from '../runs/checkpoint.js';
import { composeRecord, type RunRecord, writeRecord } from '../runs/record.js';
import type { Member } from './member.js';
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

  const { frozenStatistics } = member.job;
  const isKept = member.job.keepWeights && failure === undefined;
  const weightsHash = isKept ? await saveWeights(executable, member) : undefined;
  const record = composeRecord({
    name: member.job.name,
    identity: member.job.identity,
    iterations: member.progress.iteration,
    tests: member.tests,
    lowestTrainLoss: member.progress.lowestTrainLoss,
    valImages,
    classes,
    frozenAudit: audit,
    ...(frozenStatistics === undefined ? {} : { frozenStatistics }),
    executor: { ...context.executor, host: hostname() },
    trainSeconds: member.progress.seconds,
    ended: new Date().toISOString(),
    loading: context.loading,
    ...(member.furtherTests === undefined ? {} : { furtherTests: member.furtherTests }),
    ...(weightsHash === undefined ? {} : { weightsHash }),
    ...(failure === undefined ? {} : { failure }),
  });
  const { answers, files, job } = member;
  if (failure === undefined && answers !== null) writeAnswers(files.answers, job.identity, answers);
  // run.json last: a reader who sees it may rely on the rest.
  writeRecord(member.files.record, record);
  removeCheckpoint(member.files.checkpoint);
  member.hasEnded = true;
  return record;
}
