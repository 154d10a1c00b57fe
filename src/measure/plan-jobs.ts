// From a study's plan and folder to the jobs of measuring: one for each repeat of a split.
import { existsSync } from 'node:fs';
import { segmentsOf } from '../net/cuts.js';
import { networkFiles } from '../runs/files.js';
import { readRecord, type RunRecord } from '../runs/record.js';
import type { MeasuredPlace } from '../study/measurements/types.js';
import { taskHashes } from '../study/measurements/valid.js';
import { networkStreams, type Plan, type PlannedNetwork } from '../study/plan/plan.js';
import { segmentRole } from '../study/segment-role.js';
import { treatments } from '../study/treatments.js';
import type { TaskSpec } from '../train/job.js';
import type { MeasureJob, Subject } from './job.js';

/** What is to be measured, and how. */
export interface MeasureRequest extends Pick<MeasureJob, 'imageLimit' | 'executor' | 'threads'> {
  readonly plan: Plan;
  readonly directory: string;
  readonly isWanted: (network: PlannedNetwork) => boolean;
}

/** The jobs, and what cannot be measured. */
export interface MeasureJobs {
  readonly jobs: readonly MeasureJob[];
  /** Wanted networks that are not done. */
  readonly notDone: readonly string[];
  /** Wanted networks that are done and whose weights were not kept. */
  readonly notKept: readonly string[];
}

/** Plans what there is to measure; nothing but records is read. Networks of further learning rates
 *  are left out: what is measured stands beside results of the first. */
export function planJobs(request: MeasureRequest): MeasureJobs {
  const { plan, directory } = request;
  const isWanted = (network: PlannedNetwork): boolean =>
    network.rate === undefined && request.isWanted(network);
  const records = new Map<string, RunRecord>();
  const [notDone, notKept]: [string[], string[]] = [[], []];
  for (const { name, identity, ...network } of plan.networks) {
    const files = networkFiles(directory, name);
    const record = readRecord(files.record);
    const isDone = record?.identity === identity && record.state === 'done';
    const isKept = existsSync(files.weights);
    if (record !== null && isDone && isKept) records.set(name, record);
    else if (isWanted({ name, identity, ...network })) (isDone ? notKept : notDone).push(name);
  }
  const wanted = plan.networks.filter((each) => records.has(each.name) && isWanted(each));
  const places = [...new Set(wanted.map(({ folder }) => folder))];
  const jobs = places.map((place) => jobOf(request, place, wanted, records));
  return { jobs, notDone, notKept };
}

function jobOf(
  { plan, directory, imageLimit, executor, threads }: MeasureRequest,
  place: string,
  wanted: readonly PlannedNetwork[],
  records: ReadonlyMap<string, RunRecord>,
): MeasureJob {
  const { study } = plan;
  const own = wanted.filter(({ folder }) => folder === place);
  const byName = new Map(plan.networks.map((network) => [network.name, network]));
  const named = new Set(own.map(({ name }) => name));
  // What is copied is needed too, wherever it lies and whatever was asked for.
  const copied = own.flatMap(({ requires }) => byName.get(requires ?? '') ?? []);
  const sources = [...new Set(copied)].filter(({ name }) => records.has(name) && !named.has(name));
  const trained = plan.networks.filter(
    ({ folder, pretrained }) => folder === place && pretrained === undefined,
  );
  const tasks = trained.map(({ target, task }): [string, TaskSpec] => [target, task]);
  const subjectOf = (network: PlannedNetwork): Subject =>
    makeSubject(plan, network, records.get(network.name) as RunRecord, records);
  return {
    ...{ place, studyDirectory: directory, network: study.network, imageLimit },
    mean: study.mean,
    ...(study.augment === undefined ? {} : { augment: study.augment }),
    tasks: Object.fromEntries(tasks),
    taskHashes: Object.fromEntries(taskHashes(trained, place)),
    subjects: [
      ...own.map(subjectOf),
      // Nothing is asked of them but to be compared with.
      ...sources.map((network) => ({ ...subjectOf(network), isBase: false, source: null })),
    ],
    executor,
    threads,
  };
}

function makeSubject(
  { study }: Plan,
  network: PlannedNetwork,
  { classes }: RunRecord,
  records: ReadonlyMap<string, unknown>,
): Subject {
  const { name, identity, target, treatment, meanTask, requires, pretrained } = network;
  const { length } = segmentsOf(study.network);
  const takesWeights = requires !== null && treatments[treatment].takes === undefined;
  const source = takesWeights && records.has(requires) ? requires : null;
  const ordinals = segmentsOf(study.network).map(({ ordinal }) => ordinal);
  return {
    ...{ name, identity, target, classes, meanTask, source },
    isBase: treatment === 'base',
    isRead: pretrained !== undefined,
    copied: takesWeights
      ? ordinals.filter((ordinal) => segmentRole(network, ordinal, length).isSpecial)
      : [],
    initStream: networkStreams(network, study.seed).initStream,
  };
}

/** Whether a place as it was measured holds all that a job would find: then nothing is done again.
 *  @param measured of today's runs alone, see `validMeasurements` */
export function isMeasured(measured: MeasuredPlace | undefined, job: MeasureJob): boolean {
  return (
    measured !== undefined &&
    measured.imageLimit === job.imageLimit &&
    job.subjects.every(({ name }) => measured.networks[name] !== undefined) &&
    Object.entries(job.taskHashes).every(([task, hash]) => measured.tasks[task] === hash)
  );
}
