// What logs say as a study's folder like our own: plan.json, runs/, results.json, and import.json.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentHash } from '../../base/canonical-json.js';
import { networkFiles } from '../../runs/files.js';
import { writeFailure } from '../../runs/failure.js';
import { type MetricsLine, writeMetrics } from '../../runs/metrics.js';
import { composeRecord, type RunRecord, writeRecord } from '../../runs/record.js';
import { identityOf, type IdentityContent } from '../../study/plan/identity.js';
import { writeResults } from '../../study/store/results-file.js';
import type { Results } from '../../study/results/types.js';
import { type PlanEntry, savePlanFile } from '../../study/store/plan-file.js';
import { taskOf } from '../../study/tasks.js';
import { type ImportFile, writeImportFile } from '../import-file.js';
import type { CaffeLogs, NetworkLog } from './read-logs.js';
import { notesOf, warningsOf } from './remarks.js';
import {
  naturalManMadeLabels,
  originalBatch,
  originalTask,
  originalWeightLayers,
} from './tasks.js';

/** What was written. */
export interface ImportedStudy {
  readonly results: Results;
  readonly importFile: ImportFile;
}

/** Writes `logs` into `directory`, whose runs they replace; the caller holds its lock.
 *  @param study the study's name   @param from the folder of logs, for the record */
export function writeImportedStudy(
  directory: string,
  study: string,
  from: string,
  logs: CaffeLogs,
): ImportedStudy {
  const importFile: ImportFile = {
    schema: 'selffer.import/1',
    format: 'caffe',
    from,
    files: logs.networks.reduce((count, { files }) => count + files, 0),
    unknown: logs.unknown,
    damaged: logs.networks.flatMap(({ damaged }) => damaged),
    warnings: warningsOf(logs),
    notes: notesOf(logs),
  };
  // The mark comes first: a folder that an interrupted import left behind can be imported into
  // again.
  mkdirSync(directory, { recursive: true });
  writeImportFile(directory, importFile);
  rmSync(join(directory, 'runs'), { recursive: true, force: true });
  const networks = logs.networks.map((log) => writeRun(directory, log));
  const weightLayers = networks.reduce(
    (layers, { n }) => Math.max(layers, n + 1),
    originalWeightLayers,
  );
  const hasNatural = networks.some(({ family }) => family === 'natural-man-made');
  const facts = {
    name: study,
    weightLayers,
    statistic: 'top10',
    ...(hasNatural ? { taskLabels: { 'natural-man-made': naturalManMadeLabels } } : {}),
  } as const;
  savePlanFile(directory, { study: facts, networks, earlier: [], parts: {} });
  return { results: writeResults(directory), importFile };
}

function writeRun(directory: string, log: NetworkLog): PlanEntry {
  const entry = planEntryOf(log);
  const files = networkFiles(directory, entry.name);
  mkdirSync(dirname(files.record), { recursive: true });
  if (log.tests.length > 0) {
    const lines = metricsOf(log);
    writeMetrics(files.metrics, lines);
    writeRecord(files.record, recordOf(log, lines, entry));
  } else if (log.damaged.length > 0) {
    const problems = log.damaged.map(({ file, problem }) => `${file}: ${problem}`);
    writeFailure(files.failure, `no test in its logs; ${problems.join('; ')}`);
  }
  return entry;
}

function planEntryOf({ network, tests }: NetworkLog): PlanEntry {
  const { name, family, split, repeat, treatment, source, target, n, originalName } = network;
  const { imagesPerClass } = network;
  const content: IdentityContent = {
    importedFrom: 'caffe',
    originalName,
    // Left out where all images were used, so that identities of earlier imports stay as they are.
    ...(imagesPerClass === null ? {} : { imagesPerClass }),
    tests: contentHash(tests.map(({ iteration, accuracy, loss }) => [iteration, accuracy, loss])),
  };
  return {
    name,
    family,
    split,
    repeat,
    treatment,
    source,
    target: taskOf(target),
    n,
    requires: source === null ? null : `${split}/base${source}`,
    identity: identityOf(content),
    content,
    originalName: originalName ?? name,
  };
}

function metricsOf({ network, tests }: NetworkLog): MetricsLine[] {
  const { trainImages } = originalTask(network);
  return tests.map(({ iteration, accuracy, loss, trainLoss, learningRate }) => ({
    iteration,
    epoch: (iteration * originalBatch) / trainImages,
    learningRate,
    trainLoss,
    testLoss: loss,
    testAccuracy: accuracy,
  }));
}

function recordOf(
  { network, seconds }: NetworkLog,
  tests: readonly MetricsLine[],
  { name, identity }: PlanEntry,
): RunRecord {
  const { classes, valImages } = originalTask(network);
  const losses = tests.flatMap(({ trainLoss }) => (trainLoss === null ? [] : [trainLoss]));
  return composeRecord({
    name,
    identity,
    iterations: tests.at(-1)?.iteration ?? 0,
    tests,
    lowestTrainLoss: losses.length === 0 ? null : losses.reduce((a, b) => Math.min(a, b)),
    valImages,
    classes,
    frozenAudit: [],
    executor: null,
    trainSeconds: seconds,
  });
}
