// One network of a gang while it trains: its job, its parameters, its progress and its files.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Answers } from '../runs/answers.js';
import type { Progress } from '../runs/checkpoint.js';
import { type RunFiles, runFiles } from '../runs/files.js';
import type { RunRecord } from '../runs/record.js';
import type { MetricsLine } from '../runs/metrics.js';
import type { GangJob, NetworkJob } from './job.js';
import type { Parameter } from './parameter.js';

/** A network in training. `index` is its place in the gang's programs. */
export interface Member {
  readonly index: number;
  readonly job: NetworkJob;
  readonly parameters: readonly Parameter[];
  readonly files: RunFiles;
  progress: Progress;
  /** All tests so far, as metrics.jsonl has them. */
  tests: MetricsLine[];
  /** What its last test said image by image; null until then. */
  answers: Answers | null;
  /** What its further tests said, by their names. */
  furtherTests: RunRecord['tests'];
  hasEnded: boolean;
}

/** Progress before the first iteration. */
function freshProgress(): Progress {
  return {
    iteration: 0,
    lossSum: 0,
    lossCount: 0,
    lowestTrainLoss: null,
    seconds: 0,
    frozenBefore: {},
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
      tests: [],
      answers: null,
      furtherTests: undefined,
      hasEnded: existsSync(files.record),
    };
  });
}
