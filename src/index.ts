// The public library: plan, run and read studies from programs. The command line is built from the
// same parts. Who trains through it picks an executor; inside src only src/cli does.
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
export { prepareStore, openStore } from './data/prepare/store.js';
export { catalogue } from './data/fetch/catalogue.js';
export { fetchDataSet } from './data/fetch/fetch-data-set.js';
export { openWordNet } from './data/wordnet/database.js';
export { createOnednnExecutor } from './executors/onednn/index.js';
export { createOnnxExecutor } from './executors/onnx/index.js';
export { createReferenceExecutor } from './executors/reference/index.js';
export type { Executor } from './executors/executor.js';
export { trainGang } from './train/train-gang.js';
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
export { writeReport } from './report/write-report.js';
