// One network of a gang while it trains: its job, its parameters, its progress and its files.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { GangJob, NetworkJob } from './job.js';
import type { Progress } from './checkpoint.js';
import type { Parameter } from './parameter.js';

/** Paths of a network's files. */
export interface RunFiles {
  readonly record: string;
  readonly metrics: string;
  readonly checkpoint: string;
  readonly weights: string;
}

/** A network in training. `index` is its place in the gang's programs. */
export interface Member {
  readonly index: number;
  readonly job: NetworkJob;
  readonly parameters: readonly Parameter[];
  readonly files: RunFiles;
  progress: Progress;
  hasEnded: boolean;
}

/** Progress before the first iteration. */
export function freshProgress(): Progress {
  return {
    iteration: 0,
    lossSum: 0,
    lossCount: 0,
    lowestTrainLoss: null,
    seconds: 0,
    frozenBefore: {},
  };
}

/** Files of the network in folder `directory` (relative) of a study. */
export function runFiles(studyDirectory: string, directory: string): RunFiles {
  const folder = join(studyDirectory, directory);
  return {
    record: join(folder, 'run.json'),
    metrics: join(folder, 'metrics.jsonl'),
    checkpoint: join(folder, 'checkpoint.safetensors'),
    weights: join(folder, 'weights.safetensors'),
  };
}

/** The gang's networks at their start; a network whose run.json exists has ended. */
export function membersOf(
  job: GangJob,
  parameters: readonly (readonly Parameter[])[],
): readonly Member[] {
  return job.networks.map((network, index) => {
    mkdirSync(join(job.studyDirectory, network.directory), { recursive: true });
    const files = runFiles(job.studyDirectory, network.directory);
    return {
      index,
      job: network,
      parameters: parameters[index] ?? [],
      files,
      progress: freshProgress(),
      hasEnded: existsSync(files.record),
    };
  });
}
