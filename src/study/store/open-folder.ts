// Prepares a study's folder for a plan: refuses runs made with other settings, keeps everything
// else.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { IdentityError } from '../../base/errors.js';
import { networkFiles, runDirectory } from '../../runs/files.js';
import { readRecord } from '../../runs/record.js';
import { JOBS } from '../../train/job-file.js';
import { differingKeys } from '../plan/identity.js';
import type { Plan, PlannedNetwork } from '../plan/plan.js';
import { type PlanEntry, type PlanFile, readPlanFile, writePlanFile } from './plan-file.js';
import { hasBegun } from './run-state.js';

/** Makes `directory` the folder of `plan`; the caller holds its lock. With `force`, runs of other
 *  settings and failed ones are removed.
 *  @throws IdentityError naming the keys that differ from the runs in the folder, RunStoreError if
 *  plan.json is damaged */
export function openFolder(directory: string, plan: Plan, studyText: string, force: boolean): void {
  mkdirSync(join(directory, 'runs'), { recursive: true });
  const before = readPlanFile(directory);
  const changed = plan.networks.filter((network) => isOther(directory, network, before));
  if (changed.length > 0 && !force) throw identityError(directory, changed, plan, before);
  for (const { name } of changed) removeRun(directory, name);
  if (force) {
    for (const { name } of plan.networks) {
      if (readRecord(networkFiles(directory, name).record)?.state === 'failed')
        removeRun(directory, name);
    }
  }
  const planned = new Set(plan.networks.map(({ name }) => name));
  const earlier = [...(before?.networks ?? []), ...(before?.earlier ?? [])].filter(
    ({ name }) => !planned.has(name) && hasBegun(directory, name),
  );
  writePlanFile(directory, plan, earlier, before?.parts ?? {});
  writeFileAtomic(join(directory, 'study.yaml'), studyText);
}

/** Whether the folder has runs that are those of `plan`, and none that are not. */
export function hasRunsOf(directory: string, plan: Plan): boolean {
  const before = readPlanFile(directory);
  const begun = plan.networks.filter(({ name }) => hasBegun(directory, name));
  return begun.length > 0 && begun.every((network) => !isOther(directory, network, before));
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
  return readdirSync(directory).some(
    (name) => name !== 'runs' && name !== JOBS && !name.startsWith('lock.json'),
  );
}

function entryOf(before: PlanFile | null, name: string): PlanEntry | undefined {
  return [...(before?.networks ?? []), ...(before?.earlier ?? [])].find(
    (entry) => entry.name === name,
  );
}

function isOther(
  directory: string,
  { name, identity }: PlannedNetwork,
  before: PlanFile | null,
): boolean {
  if (!hasBegun(directory, name)) return false;
  const found =
    readRecord(networkFiles(directory, name).record)?.identity ?? entryOf(before, name)?.identity;
  return found !== identity;
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
