// What a report needs beside results.json, gathered from a study's folder: learning curves and
// where the numbers come from.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isJsonObject, type Json } from '../base/canonical-json.js';
import { RunStoreError } from '../base/errors.js';
import { readDataInfo } from '../data/info/data-info.js';
import { readImportFile } from '../import/import-file.js';
import type { FilterSource, ReportData } from './write-report.js';
import { expectPlanFile, keptResults, writeResults } from '../study/store/results-file.js';
import { readMeasurements } from '../study/measurements/measurements-file.js';
import type { Measurements } from '../study/measurements/types.js';
import { validMeasurements } from '../study/measurements/valid.js';
import type { Results } from '../study/results/types.js';
import { type PlanEntry, type PlanFile, planPart } from '../study/store/plan-file.js';
import { readSafetensorsTensor } from '../tensor/safetensors.js';
import { networkFiles } from '../runs/files.js';
import { StudyFolder } from '../study/run/folder.js';
import type { RunState } from '../study/store/run-state.js';
import { knownOfResults, whatWasDone } from './what-was-done.js';
import type { LearningCurve } from '../figures/learning-curves.js';
import { enoughTests, fewTestsWords } from '../study/plan/enough-tests.js';
import { packageVersion } from '../base/package-files.js';

/** Reads a study's folder; rewrites results.json on the way. A folder that has results.json alone
 *  is left as it is. */
export function reportData(directory: string): ReportData {
  const kept = keptResults(directory);
  if (kept !== null) return keptData(kept);
  const folder = new StudyFolder(directory);
  const plan = expectPlanFile(folder);
  const states = folder.states(plan.networks);
  const study = join(directory, 'study.yaml');
  const imported = readImportFile(directory);
  const hashes = dataHashes(plan);
  const curves = readEach(plan.networks, 'learning curve', ({ name }) => [
    { name, tests: folder.tests(name) },
  ]);
  const filters = firstFilters(directory, plan, states);
  const lastTests = new Map(curves.found.map(({ name, tests }) => [name, tests.at(-1)]));
  const measured = measurementsOf(directory, plan, states);
  const studyYaml = existsSync(study) ? readFileSync(study, 'utf8') : '';
  return {
    results: writeResults(directory, folder),
    curves: curves.found,
    filters: filters.found,
    ...(measured.measurements === null ? {} : { measurements: measured.measurements }),
    provenance: {
      done: whatWasDone({
        directory,
        plan,
        states,
        lastTest: (name) => lastTests.get(name),
        studyYaml,
        ...(imported === null ? {} : { importedFrom: imported.from }),
      }),
      studyYaml,
      selfferVersion: packageVersion(),
      dataHash: hashes.length === 0 ? null : hashes.join(', '),
      executors: executorUses(states),
      warnings: [
        ...fewTests(plan, states, curves.found),
        ...auditWarnings(states),
        ...leakWarnings(plan),
        ...(imported?.warnings ?? []),
        ...folder.damage(),
        ...curves.unread,
        ...measured.warnings,
        ...filters.unread,
      ],
      ...(imported === null ? {} : { imported }),
    },
  };
}

// Damaged measurements cost their figures, never the report.
function measurementsOf(
  directory: string,
  { networks }: PlanFile,
  states: ReadonlyMap<string, RunState>,
): { readonly measurements: Measurements | null; readonly warnings: readonly string[] } {
  try {
    const kept = readMeasurements(directory);
    if (kept === null) return { measurements: null, warnings: [] };
    const recordOf = (name: string) => states.get(name)?.record ?? null;
    const { measurements, stale } = validMeasurements(kept, networks, recordOf);
    return { measurements, warnings: stale };
  } catch (error) {
    if (!(error instanceof RunStoreError)) throw error;
    return { measurements: null, warnings: [`Measurements are left out: ${error.message}.`] };
  }
}

function keptData(results: Results): ReportData {
  const warning =
    'Made of results.json alone: the runs are not in this folder, so there are no learning curves, filters or executors, and no warnings of the freeze audit.';
  const facts = { studyYaml: '', selfferVersion: packageVersion(), dataHash: null, executors: [] };
  const done = knownOfResults(results.study);
  return { results, curves: [], provenance: { ...facts, done, warnings: [warning] } };
}

/** What could be read of the networks' own files, and a sentence for each that could not: a damaged
 *  file costs its curve or its picture, never the report. */
interface Read<T> {
  readonly found: readonly T[];
  readonly unread: readonly string[];
}

function readEach<T>(
  networks: readonly PlanEntry[],
  what: string,
  read: (network: PlanEntry) => readonly T[],
): Read<T> {
  const found: T[] = [];
  const unread: string[] = [];
  for (const network of networks) {
    try {
      found.push(...read(network));
    } catch (error) {
      unread.push(`The ${what} of ${network.name} is left out: ${(error as Error).message}.`);
    }
  }
  return { found, unread };
}

// Of the bases of the first split, whose weights are there.
function firstFilters(
  directory: string,
  { networks, parts }: PlanFile,
  states: ReadonlyMap<string, RunState>,
): Read<FilterSource> {
  // Those that others copy: of several learning rates the first.
  const bases = networks.filter(({ treatment, rate }) => treatment === 'base' && !rate);
  const first = bases.filter(
    ({ split, name }) => split === bases[0]?.split && states.get(name)?.record != null,
  );
  return readEach(first, 'picture of filters', ({ name, content }) => {
    const layers = planPart(content['network'], parts)?.['layers'];
    const layer = firstConvolution(layers);
    const path = networkFiles(directory, name).weights;
    if (layer === null || !existsSync(path)) return [];
    const weights = readSafetensorsTensor(path, `${layer}.weight`);
    return weights === null ? [] : [{ network: name, layer, weights }];
  });
}

/** Name of the first convolution of a network's layers as plan.json has them; null if there is
 *  none. */
export function firstConvolution(layers: Json | undefined): string | null {
  if (!Array.isArray(layers)) return null;
  const first = layers
    .filter((layer: Json) => isJsonObject(layer))
    .find(({ kind }) => kind === 'convolution');
  const name = first?.['name'];
  return typeof name === 'string' ? name : null;
}

/** Manifest hashes of the data of all targets, as the identities in plan.json have them, each
 *  once. */
function dataHashes({ networks, parts }: PlanFile): readonly string[] {
  const hashes = networks.flatMap(({ content }) => {
    const hash = planPart(content['target'], parts)?.['data'];
    return typeof hash === 'string' ? [hash] : [];
  });
  return [...new Set(hashes)];
}

function executorUses(
  states: ReadonlyMap<string, RunState>,
): ReportData['provenance']['executors'] {
  const uses = new Map<string, ReportData['provenance']['executors'][number]>();
  for (const { record } of states.values()) {
    if (record === null || record.executor === null) continue;
    const key = JSON.stringify(record.executor);
    const networks = (uses.get(key)?.networks ?? 0) + 1;
    uses.set(key, { ...record.executor, networks });
  }
  return [...uses.values()];
}

// Of the networks that have ended, for the others are still to be tested.
function fewTests(
  { study }: PlanFile,
  states: ReadonlyMap<string, RunState>,
  curves: readonly LearningCurve[],
): readonly string[] {
  const ended = curves.filter(
    ({ name, tests }) => tests.length > 0 && states.get(name)?.record != null,
  );
  const fewest = Math.min(...ended.map(({ tests }) => tests.length));
  return study.statistic === 'top10' && fewest < enoughTests ? [fewTestsWords(fewest)] : [];
}

// What `data info` found in the stores that the study was trained on, if it was asked of them as
// they were then.
function leakWarnings(plan: PlanFile): readonly string[] {
  const hashes = dataHashes(plan);
  const all = (plan.stores ?? []).flatMap((store) =>
    hashes.flatMap((hash) =>
      (readDataInfo(store, hash)?.warnings ?? []).map(
        (warning) => `${warning} (data info of ${basename(store)}).`,
      ),
    ),
  );
  return [...new Set(all)];
}

function auditWarnings(states: ReadonlyMap<string, RunState>): readonly string[] {
  const changed = [...states].filter(([, { record }]) =>
    record?.frozenAudit.some(({ equal }) => !equal),
  );
  const names = changed.map(([name]) => name).join(', ');
  return changed.length === 0 ? [] : [`Frozen layers changed while training: ${names}.`];
}
