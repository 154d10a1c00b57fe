// Weights that a study does not keep, of networks that others copy: they go once nothing is left
// that would copy them.
import { rmSync } from 'node:fs';
import { networkFiles } from '../../runs/files.js';
import { keepsWeights } from '../plan/gangs.js';
import type { Plan } from '../plan/plan.js';
import type { PlanEntry } from '../store/plan-file.js';
import type { StudyFolder } from './folder.js';

/** Names of the networks of a plan that others copy and whose weights the study does not keep. */
export function passingWeights({ study, networks }: Plan): readonly string[] {
  const copied = new Set(networks.flatMap(({ requires }) => requires ?? []));
  return networks
    .filter((network) => copied.has(network.name) && !keepsWeights(study, network))
    .map(({ name }) => name);
}

/** Removes the weights of those of the networks `passing` that no network of `networks` which has
 *  not ended would copy. */
export function dropWeights(
  folder: StudyFolder,
  networks: readonly PlanEntry[],
  passing: readonly string[],
): void {
  const states = folder.states(networks);
  const needed = new Set(
    networks.flatMap(({ name, requires }) =>
      states.get(name)?.record === null ? (requires ?? []) : [],
    ),
  );
  for (const name of passing) {
    if (needed.has(name)) continue;
    rmSync(networkFiles(folder.directory, name).weights, { force: true });
  }
}
