// The public library: run studies, define networks, read results, draw figures from programs; and
// the parts that they are made of. Importing it loads nothing that decodes images, draws, computes
// or connects: each of these is loaded when it is first used.
import type { Executor } from './executors/executor.js';

export { study, type StudyKeys } from './study/file/study-of.js';
export type { RunRequest } from './library/request.js';
export { run } from './library/run.js';
export type { RunSettings } from './library/open-run.js';
export type { RunEnd } from './library/end-run.js';
export type {
  CommandEvent,
  EndEvent,
  ErrorEvent,
  OnRunEvent,
  RunEvent,
  SubmissionEndEvent,
} from './library/events.js';
export { makeReport, type Report } from './library/report.js';
export { type DrawOptions, figurePng, figures, figureSvg, loadResults } from './library/results.js';
export { chain, layer } from './library/network.js';
export { readNetwork } from './study/file/read-network.js';
export { networkJson } from './study/file/network-json.js';
export { formatCsv } from './study/results/csv.js';
export {
  DataError,
  type ErrorCode,
  ExecutorMissingError,
  FetchError,
  type FileIssue,
  IdentityError,
  NativeError,
  OpParamError,
  ParseError,
  PlanError,
  RunStoreError,
  SelfferError,
  ShapeError,
  UnsupportedOpError,
  UsageError,
} from './base/errors.js';
export type { Network } from './net/network.js';
export { presets } from './net/presets/table.js';
export { readCaffeNetwork } from './net/formats/prototxt/read-network.js';
export { readCaffeSolver } from './net/formats/prototxt/read-solver.js';
export { openStore } from './data/store/open-store.js';
export { catalogue } from './data/fetch/catalogue.js';
export {
  fetchDataSet,
  prepareStore,
  trainGang,
  writeReport,
  writeTensorboard,
} from './library/lazy.js';
export { openWordNet } from './data/wordnet/database.js';
export type { RunRecord } from './runs/record.js';
export type { WorkerEvent } from './train/events.js';
export type { GangJob } from './train/job.js';
export { readStudy } from './study/file/read-study.js';
export type { Study } from './study/study.js';
export { networkName, parseNetworkName } from './study/network-name.js';
export { treatments } from './study/treatments.js';
export { type Plan, planStudy, type PlannedNetwork } from './study/plan/plan.js';
export { factsByChoice } from './study/plan/splits.js';
export { divideIntoGangs, gangJob } from './study/plan/gangs.js';
export { StudyFolder } from './study/run/folder.js';
export type { Launcher, StudyRun, SubmittedGang } from './study/run/launcher.js';
export { type RunOptions, runStudy, type StudyEvent } from './study/run/run-study.js';
export { lockStudy } from './study/store/lock.js';
export { openFolder } from './study/store/open-folder.js';
export { readResults, writeResults } from './study/store/results-file.js';
export { buildResults } from './study/results/build.js';
export type { Results } from './study/results/types.js';
export { localLauncher } from './launch/local.js';
export type * from './public-types.js';

/** Opens oneDNN in this process. Set OMP_NUM_THREADS before the process starts: it is read once.
 *  @throws ExecutorMissingError with the command that installs it */
export async function createOnednnExecutor(): Promise<Executor> {
  return (await import('./executors/onednn/index.js')).createOnednnExecutor();
}

/** Opens onnxruntime in this process.
 *  @throws ExecutorMissingError with the command that installs it */
export async function createOnnxExecutor(): Promise<Executor> {
  return (await import('./executors/onnx/index.js')).createOnnxExecutor();
}

/** The reference executor: float64, in plain TypeScript; a yardstick, slow. */
export async function createReferenceExecutor(): Promise<Executor> {
  return (await import('./executors/reference/index.js')).createReferenceExecutor();
}
