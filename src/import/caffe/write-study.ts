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
import { parseOriginalName } from './names.js';
import {
  type GivenFacts,
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
  given: GivenFacts = {},
): ImportedStudy {
  const importFile: ImportFile = {
    schema: 'selffer.import/1',
    format: 'caffe',
    from,
    files: logs.networks.reduce((count, { files }) => count + files, 0),
    unknown: logs.unknown,
    damaged: logs.networks.flatMap(({ damaged }) => damaged),
    warnings: warningsOf(logs, given),
    notes: notesOf(logs, given),
  };
  // The mark comes first: a folder that an interrupted import left behind can be imported into
  // again.
  mkdirSync(directory, { recursive: true });
  writeImportFile(directory, importFile);
  rmSync(join(directory, 'runs'), { recursive: true, force: true });
  const networks = logs.networks.map((log) => writeRun(directory, log, given));
  const least = networks.some(({ originalName }) => isOriginal(originalName))
    ? originalWeightLayers
    : 1;
  const weightLayers = networks.reduce(
    (layers, { n }) => Math.max(layers, n + 1),
    given.weightLayers ?? least,
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

// Others may have any number of layers.
function isOriginal(name: string | undefined): boolean {
  return name !== undefined && parseOriginalName(name) !== null;
}

function writeRun(directory: string, log: NetworkLog, given: GivenFacts): PlanEntry {
  const entry = planEntryOf(log, given);
  const files = networkFiles(directory, entry.name);
  mkdirSync(dirname(files.record), { recursive: true });
  const failure = log.damaged.map(({ file, problem }) => `${file}: ${problem}`);
  if ((log.tests.at(-1)?.iteration ?? 0) > 0) {
    const lines = metricsOf(log, given);
    writeMetrics(files.metrics, lines);
    writeRecord(files.record, recordOf(log, lines, entry, given));
  } else if (log.tests.length > 0) {
    writeFailure(files.failure, ['only a test at iteration 0 in its logs', ...failure].join('; '));
  } else if (log.damaged.length > 0) {
    writeFailure(files.failure, ['no test in its logs', ...failure].join('; '));
  }
  return entry;
}

function planEntryOf({ network, tests }: NetworkLog, given: GivenFacts): PlanEntry {
  const { name, family, split, repeat, treatment, source, target, n, originalName } = network;
  const { imagesPerClass } = network;
  const content: IdentityContent = {
    importedFrom: 'caffe',
    originalName,
    // Left out where all images were used, so that identities of earlier imports stay as they are.
    ...(imagesPerClass === null ? {} : { imagesPerClass }),
    ...(Object.keys(given).length === 0 ? {} : { given: { ...given } }),
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

function metricsOf({ network, tests }: NetworkLog, given: GivenFacts): MetricsLine[] {
  const { trainImages } = originalTask(network, given);
  const { batch = originalBatch } = given;
  return tests.map(({ iteration, accuracy, loss, trainLoss, learningRate }) => ({
    iteration,
    epoch: (iteration * batch) / trainImages,
    learningRate,
    trainLoss,
    testLoss: loss,
    testAccuracy: accuracy,
  }));
}

function recordOf(
  { network, seconds, divergedAt }: NetworkLog,
  tests: readonly MetricsLine[],
  { name, identity }: PlanEntry,
  given: GivenFacts,
): RunRecord {
  const { classes, valImages } = originalTask(network, given);
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
    ...(divergedAt === null
      ? {}
      : { failure: `it diverged: its loss is no number from iteration ${divergedAt} on` }),
  });
}
