// Where each network is, read from its files alone.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { RunStoreError } from '../../base/errors.js';
import type { RunRecord } from '../../train/job.js';
import { runFiles, type RunFiles } from '../../train/member.js';
import { runDirectory } from '../plan/gangs.js';
import { letterOf } from '../tasks.js';
import type { NetworkResult, NetworkState, StudyFacts } from '../results/types.js';
import { type PlanEntry, type PlanFile, planPart } from './plan-file.js';

/** A network's state; `record` if it has ended, `message` if something went wrong. */
export interface RunState {
  readonly state: NetworkState;
  readonly record: RunRecord | null;
  readonly message: string | null;
}

/** Files of a network of a study. */
export function networkFiles(directory: string, name: string): RunFiles & { failure: string } {
  const files = runFiles(directory, runDirectory(name));
  // A crash leaves no run.json; why the network stopped is kept here until it is tried again.
  return { ...files, failure: join(directory, runDirectory(name), 'failure.json') };
}

/** run.json of a network, null if it has not ended. @throws RunStoreError if the file is damaged */
export function readRecord(directory: string, name: string): RunRecord | null {
  const { record } = networkFiles(directory, name);
  if (!existsSync(record)) return null;
  try {
    return JSON.parse(readFileSync(record, 'utf8')) as RunRecord;
  } catch (cause) {
    throw new RunStoreError(`${record}: is no JSON`, {
      cause,
      hint: 'Remove its folder; the network is trained again.',
    });
  }
}

/** True if a network has left anything that a later run would go on from or count. */
export function hasBegun(directory: string, name: string): boolean {
  const { record, checkpoint, metrics } = networkFiles(directory, name);
  return [record, checkpoint, metrics].some((path) => existsSync(path));
}

/** Notes why a network stopped without an end of its own; it can be resumed. */
export function writeFailure(directory: string, name: string, message: string): void {
  const { failure } = networkFiles(directory, name);
  mkdirSync(dirname(failure), { recursive: true });
  writeFileAtomic(failure, `${JSON.stringify({ message }, null, 2)}\n`);
}

/** Forgets an earlier failure. */
export function clearFailure(directory: string, name: string): void {
  rmSync(networkFiles(directory, name).failure, { force: true });
}

/** States of all networks of a plan, by name. A network whose base is dead, failed or missing is
 *  itself missing: there is nothing sound to copy. */
export function readStates(
  directory: string,
  networks: readonly PlanEntry[],
): ReadonlyMap<string, RunState> {
  const states = new Map<string, RunState>();
  for (const network of networks) {
    const base = network.requires === null ? undefined : states.get(network.requires);
    states.set(network.name, readState(directory, network, base));
  }
  return states;
}

function readState(
  directory: string,
  { name, identity, originalName }: PlanEntry,
  base?: RunState,
): RunState {
  const record = readRecord(directory, name);
  if (record !== null && record.identity === identity) {
    return { state: record.state, record, message: record.message ?? null };
  }
  if (base !== undefined && ['dead', 'failed', 'missing'].includes(base.state)) {
    return { state: 'missing', record: null, message: `its base is ${base.state}` };
  }
  const { failure, checkpoint, metrics } = networkFiles(directory, name);
  if (existsSync(failure)) {
    const { message } = JSON.parse(readFileSync(failure, 'utf8')) as { message: string };
    return { state: 'failed', record: null, message };
  }
  if (originalName !== undefined) {
    return { state: 'missing', record: null, message: 'no test in its logs' };
  }
  const isBegun = record === null && (existsSync(checkpoint) || existsSync(metrics));
  return { state: isBegun ? 'running' : 'waiting', record: null, message: null };
}

/** Results of all networks of a plan, as `buildResults` takes them. */
export function networkResults(
  { networks, study, parts }: Pick<PlanFile, 'networks' | 'study' | 'parts'>,
  states: ReadonlyMap<string, RunState>,
): readonly NetworkResult[] {
  return networks.map((network) => {
    const { name, family, split, repeat, treatment, source, target, n, originalName } = network;
    const { state, record } = states.get(name) as RunState;
    return {
      name,
      family,
      split,
      repeat,
      treatment,
      source,
      target: letterOf(target),
      n,
      state,
      accuracy: statisticOf(record, study.statistic),
      finalAccuracy: record?.finalAccuracy ?? null,
      originalName: originalName ?? null,
      imagesPerClass: imagesPerClassOf(network, parts),
      testImages: record?.valImages ?? null,
      classes: record?.classes ?? null,
    };
  });
}

// Our own networks have it in the content of their target, imported ones by their name.
function imagesPerClassOf({ content }: PlanEntry, parts: PlanFile['parts']): number | null {
  const value = planPart(content['target'], parts)?.['imagesPerClass'] ?? content['imagesPerClass'];
  return typeof value === 'number' ? value : null;
}

function statisticOf(record: RunRecord | null, statistic: StudyFacts['statistic']): number | null {
  if (record === null) return null;
  return statistic === 'final' ? record.finalAccuracy : record.top10Accuracy;
}
