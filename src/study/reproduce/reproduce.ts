// Trains networks that have ended once more, from their study's settings alone, in folders of their
// own, and compares them with what was recorded.
import { join } from 'node:path';
import { RunStoreError } from '../../base/errors.js';
import { networkFiles } from '../../runs/files.js';
import { readRecord, type RunRecord } from '../../runs/record.js';
import { differingKeys } from '../plan/identity.js';
import type { Plan, PlannedNetwork } from '../plan/plan.js';
import { trainingNoiseOf } from '../results/training-noise.js';
import { StudyFolder } from '../run/folder.js';
import type { RunOutcome } from '../run/run-study.js';
import type { PlanFile } from '../store/plan-file.js';
import { expectPlanFile, readResults } from '../store/results-file.js';
import type { EndedRun } from './compare-runs.js';
import { judge, notTrained, type Reproduction } from './judge.js';
import { openScratch } from './scratch.js';

/** What to train again. */
export interface ReproduceOptions {
  /** The study's folder. Nothing is written into it. */
  readonly directory: string;
  /** What its study file means today. */
  readonly plan: Plan;
  readonly names: readonly string[];
  /** Where they are trained. What an earlier call left there is resumed. */
  readonly scratch: string;
  /** Trains these networks in a folder that is locked and opened. */
  readonly train: (directory: string, names: ReadonlySet<string>) => Promise<RunOutcome>;
}

/** Trains networks again and compares them with what the study's folder has. A network that copies
 *  another starts from the weights in the study's folder, so that each is judged alone; where they
 *  are not there, or not those that were trained, what it copies is trained again as well.
 *  @returns in the order of `names`; null if the training was stopped
 *  @throws RunStoreError if the scratch folder is in use or cannot be written */
export async function reproduce(
  options: ReproduceOptions,
): Promise<readonly Reproduction[] | null> {
  const { directory, plan, names, scratch } = options;
  const folder = new StudyFolder(directory);
  const file = expectPlanFile(folder);
  const noise = trainingNoiseOf(readResults(directory, folder));
  const found = new Map<string, Reproduction>();
  const whyNot = obstacles(folder, file, plan);
  for (const name of names) {
    const message = whyNot(name);
    if (message !== null) found.set(name, notTrained(name, message));
  }
  for (const [depth, level] of byDepth(plan, new Set(names.filter((name) => !found.has(name))))) {
    // In one folder a network cannot be both copied from the study and trained again.
    const place = openScratch(join(scratch, `level${depth}`), { ...options, level });
    try {
      const outcome = await options.train(place.directory, new Set(level.map(({ name }) => name)));
      if (outcome.outcome === 'stopped') return null;
      const again = new StudyFolder(place.directory);
      for (const network of level) {
        const recorded = endedRun(folder, network) as EndedRun;
        const ended = endedRun(again, network);
        const why = outcome.states.get(network.name)?.message ?? outcome.failure?.message;
        found.set(
          network.name,
          ended === null
            ? notTrained(network.name, why ?? 'its training did not come to an end')
            : judge(recorded, ended, noise, place.trainedToo(network)),
        );
      }
    } finally {
      place.release();
    }
  }
  return names.flatMap((name) => found.get(name) ?? []);
}

/** Why a network cannot be trained again, by its name; null if it can. */
function obstacles(folder: StudyFolder, file: PlanFile, plan: Plan) {
  const entries = new Map(file.networks.map((entry) => [entry.name, entry]));
  const planned = new Map(plan.networks.map((network) => [network.name, network]));
  const states = folder.states(file.networks);
  return (name: string): string | null => {
    const entry = entries.get(name);
    if (entry === undefined) return 'plan.json does not list it';
    const { state, record, message } = states.get(name) ?? {};
    if (record == null) {
      const found = runRecord(folder, name)?.identity;
      return found === undefined || found === entry.identity
        ? `it has not ended: ${message ?? state}`
        : `run.json is of other settings: its identity is ${found}, plan.json has ${entry.identity}`;
    }
    if (record.executor === null) return 'it was read or imported, not trained by selffer';
    const network = planned.get(name);
    if (network === undefined) return 'the study file does not plan it';
    if (network.identity === entry.identity) return null;
    const parts = new Map([...Object.entries(file.parts), ...plan.parts]);
    const keys = differingKeys(entry.content, network.content, parts);
    return `the study file and its data no longer say what was trained; different: ${keys.join(', ')}`;
  };
}

/** Networks by how many others they are copied through, none before what it copies. */
function byDepth(
  { networks }: Plan,
  wanted: ReadonlySet<string>,
): readonly (readonly [number, readonly PlannedNetwork[]])[] {
  const depths = new Map<string, number>();
  const levels = new Map<number, PlannedNetwork[]>();
  for (const network of networks) {
    const { name, requires } = network;
    const depth = requires === null ? 0 : (depths.get(requires) ?? 0) + 1;
    depths.set(name, depth);
    if (wanted.has(name)) levels.set(depth, [...(levels.get(depth) ?? []), network]);
  }
  return [...levels].sort(([a], [b]) => a - b);
}

/** What a network left; null if it has not ended as planned. */
function endedRun(
  folder: StudyFolder,
  { name, identity }: Pick<PlannedNetwork, 'name' | 'identity'>,
): EndedRun | null {
  const record = runRecord(folder, name);
  if (record?.identity !== identity) return null;
  return { record, tests: folder.tests(name), answers: folder.answers(name) };
}

// A damaged one is none: its state says so.
function runRecord({ directory }: StudyFolder, name: string): RunRecord | null {
  try {
    return readRecord(networkFiles(directory, name).record);
  } catch (error) {
    if (error instanceof RunStoreError) return null;
    throw error;
  }
}
