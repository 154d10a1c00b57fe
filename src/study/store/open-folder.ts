// Prepares a study's folder for a plan: refuses runs made with other settings, keeps everything
// else.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { IdentityError, RunStoreError } from '../../base/errors.js';
import { checkpointIdentity } from '../../runs/checkpoint.js';
import { networkFiles, runDirectory } from '../../runs/files.js';
import { readRecord, type RunRecord } from '../../runs/record.js';
import { setAside } from '../../runs/set-aside.js';
import { JOBS } from '../../train/job-file.js';
import { differingKeys } from '../plan/identity.js';
import type { Plan, PlannedNetwork } from '../plan/plan.js';
import {
  type PlanEntry,
  type PlanFile,
  planPath,
  readPlanFile,
  writePlanFile,
} from './plan-file.js';
import { hasBegun } from './run-state.js';

/** Makes `directory` the folder of `plan`; the caller holds its lock. With `force`, runs of other
 *  settings and failed ones are removed. Damaged files are set aside: plan.json is written anew,
 *  networks without a whole run.json are trained again.
 *  @returns what was damaged and what becomes of it
 *  @throws IdentityError naming the keys that differ from the runs in the folder, PlanError if
 *  plan.json is of another version */
export function openFolder(
  directory: string,
  plan: Plan,
  studyText: string,
  force: boolean,
): readonly string[] {
  mkdirSync(join(directory, 'runs'), { recursive: true });
  const warnings: string[] = [];
  const before = orSetAside(
    () => readPlanFile(directory),
    planPath(directory),
    'it is written anew; runs of earlier plans in this folder are listed no more',
    warnings,
  );
  const records = new Map(
    plan.networks.map(({ name }) => {
      const path = networkFiles(directory, name).record;
      const read = (): RunRecord | null => (existsSync(path) ? readRecord(path) : null);
      return [name, orSetAside(read, path, `${name} is trained again`, warnings)] as const;
    }),
  );
  const changed = plan.networks.filter(({ name, identity }) => {
    const found = foundIdentity(directory, name, records.get(name) ?? null, before);
    return found !== null && found !== identity;
  });
  if (changed.length > 0 && !force) throw identityError(directory, changed, plan, before);
  for (const { name } of changed) removeRun(directory, name);
  if (force) {
    for (const { name } of plan.networks) {
      if (records.get(name)?.state === 'failed') removeRun(directory, name);
    }
  }
  const planned = new Set(plan.networks.map(({ name }) => name));
  const earlier = [...(before?.networks ?? []), ...(before?.earlier ?? [])].filter(
    ({ name }) => !planned.has(name) && hasBegun(directory, name),
  );
  writePlanFile(directory, plan, earlier, before?.parts ?? {});
  writeFileAtomic(join(directory, 'study.yaml'), studyText);
  return warnings;
}

/** What `read` reads of the file `path`; null if there is nothing whole, and a warning with what
 *  `next` becomes of it. */
function orSetAside<T>(
  read: () => T | null,
  path: string,
  next: string,
  warnings: string[],
): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RunStoreError)) throw error;
    const aside = basename(setAside(path));
    warnings.push(`${error.message}; it is set aside as ${aside}, and ${next}`);
    return null;
  }
}

/** Whether the folder has runs that are those of `plan`, and none that are not; damaged files say
 *  nothing. */
export function hasRunsOf(directory: string, plan: Plan): boolean {
  const before = orNull(() => readPlanFile(directory));
  const found = plan.networks.flatMap(({ name, identity }) => {
    const record = orNull(() => readRecord(networkFiles(directory, name).record));
    const other = foundIdentity(directory, name, record, before);
    return other === null ? [] : [other === identity];
  });
  return found.length > 0 && found.every(Boolean);
}

function orNull<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof RunStoreError) return null;
    throw error;
  }
}

/** Removes all files of one network. */
export function removeRun(directory: string, name: string): void {
  rmSync(join(directory, runDirectory(name)), { recursive: true, force: true });
}

/** True if there is a file, or a folder that holds something that no study's folder would: a guard
 *  for `--out`. */
export function isForeign(directory: string): boolean {
  if (!existsSync(directory) || existsSync(join(directory, 'plan.json'))) return false;
  if (!statSync(directory).isDirectory()) return true;
  const names = readdirSync(directory);
  // A study's folder whose plan.json was lost.
  if (names.includes('runs') && names.includes('study.yaml')) return false;
  return names.some((name) => name !== 'runs' && name !== JOBS && !/^(lock|plan)\.json/.test(name));
}

function entryOf(before: PlanFile | null, name: string): PlanEntry | undefined {
  return [...(before?.networks ?? []), ...(before?.earlier ?? [])].find(
    (entry) => entry.name === name,
  );
}

/** Of which settings what is there of a network is; null if nothing is, or nobody can tell: then
 *  nothing will be resumed from it either. */
function foundIdentity(
  directory: string,
  name: string,
  record: RunRecord | null,
  before: PlanFile | null,
): string | null {
  if (!hasBegun(directory, name)) return null;
  const listed = entryOf(before, name)?.identity;
  return record?.identity ?? listed ?? checkpointIdentity(networkFiles(directory, name).checkpoint);
}

function identityError(
  directory: string,
  changed: readonly PlannedNetwork[],
  plan: Plan,
  before: PlanFile | null,
): IdentityError {
  const parts = new Map([...Object.entries(before?.parts ?? {}), ...plan.parts]);
  const keys = new Set<string>();
  for (const network of changed) {
    const entry = entryOf(before, network.name);
    const differing = entry ? differingKeys(entry.content, network.content, parts) : [];
    for (const key of differing) keys.add(key);
  }
  // A changed source only says that the base changed, which is named by its own keys.
  if (keys.size > 1) keys.delete('source');
  const names = [...keys].sort();
  const which =
    changed.length === 1 ? `run ${changed[0]?.name} was` : `${changed.length} runs were`;
  return new IdentityError(
    `${directory}: ${which} made with other settings; different: ${names.join(', ') || 'not recorded in plan.json'}`,
    {
      hint: 'Give another --out, or --force to remove those runs and train them again.',
      data: { keys: names, networks: changed.map(({ name }) => name) },
    },
  );
}
