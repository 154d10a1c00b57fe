// A folder in which some networks of a study are trained again: what they copy is put there from
// the study's own folder.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { RunStoreError } from '../../base/errors.js';
import { onFile } from '../../base/system-error.js';
import { networkFiles, type RunFiles } from '../../runs/files.js';
import { readRecord } from '../../runs/record.js';
import { expectTrainedWeights } from '../../runs/weights.js';
import { printStudy } from '../file/print-study.js';
import { neededNetworks } from '../plan/needed-networks.js';
import type { Plan, PlannedNetwork } from '../plan/plan.js';
import { lockStudy } from '../store/lock.js';
import { openFolder } from '../store/open-folder.js';

/** A folder that is ready for training. */
export interface Scratch {
  readonly directory: string;
  /** Which of the networks that this one copies, directly or not, are trained again there. */
  trainedToo(network: PlannedNetwork): readonly string[];
  /** Lets go of its lock. */
  release(): void;
}

interface ScratchOptions {
  /** The study's folder. */
  readonly directory: string;
  readonly plan: Plan;
  /** What is to be trained again; none copies another of them. */
  readonly level: readonly PlannedNetwork[];
}

/** Makes the folder `scratch` one of the plan, with the networks that those of `level` copy or are
 *  compared with. @throws RunStoreError if it is in use or cannot be written */
export function openScratch(scratch: string, { directory, plan, level }: ScratchOptions): Scratch {
  mkdirSync(scratch, { recursive: true });
  const release = lockStudy(scratch);
  try {
    openFolder(scratch, plan, printStudy(plan.study), false);
    const wanted = new Set(level);
    const known = new Map<string, boolean>();
    const isThere = ({ name, identity }: PlannedNetwork): boolean => {
      const is = known.get(name) ?? hasWeights(networkFiles(directory, name), identity);
      known.set(name, is);
      return is;
    };
    const { copied, compared } = neededNetworks(plan.networks, wanted, isThere);
    const missing = new Set<string>();
    for (const network of plan.networks) {
      const { name } = network;
      if (wanted.has(network) || !(copied.has(name) || compared.has(name))) continue;
      if (copied.has(name) && !isThere(network)) missing.add(name);
      else copyRun(networkFiles(directory, name), networkFiles(scratch, name));
    }
    const requires = new Map(plan.networks.map((each) => [each.name, each.requires]));
    const trainedToo = (network: PlannedNetwork): readonly string[] => {
      const found: string[] = [];
      for (let name = network.requires; name != null; name = requires.get(name) ?? null) {
        if (missing.has(name)) found.push(name);
      }
      return found;
    };
    return { directory: scratch, trainedToo, release };
  } catch (error) {
    release();
    throw error;
  }
}

// Weights that are not those that were trained are as good as none.
function hasWeights(files: RunFiles, identity: string): boolean {
  try {
    if (!existsSync(files.weights) || readRecord(files.record)?.identity !== identity) return false;
    expectTrainedWeights(files);
    return true;
  } catch (error) {
    if (error instanceof RunStoreError) return false;
    throw error;
  }
}

// The record last: a run that has it has ended.
function copyRun(from: RunFiles, to: RunFiles): void {
  if (!existsSync(from.record) || existsSync(to.record)) return;
  mkdirSync(dirname(to.record), { recursive: true });
  for (const file of ['weights', 'metrics', 'answers', 'record'] as const) {
    if (!existsSync(from[file])) continue;
    onFile(to[file], () => copyFileSync(from[file], to[file]));
  }
}
