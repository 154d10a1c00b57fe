// Where a run's files lie. A run is the training of one network; its folder lies in a study's.
import { join } from 'node:path';

/** Paths of a run's files. */
export interface RunFiles {
  /** Written last: a run that has it has ended. */
  readonly record: string;
  readonly metrics: string;
  readonly checkpoint: string;
  readonly weights: string;
  /** Which images of its last test were answered right; lacking in older and imported runs. */
  readonly answers: string;
  /** Why the run stopped without an end of its own; kept until it is tried again. */
  readonly failure: string;
  /** Who trains it now. */
  readonly lease: string;
}

/** Folder of a network's run, relative to the study's: "runs/split0/A3B+". */
export function runDirectory(name: string): string {
  return `runs/${name}`;
}

/** Files of the run in folder `directory` (relative) of a study. */
export function runFiles(studyDirectory: string, directory: string): RunFiles {
  const folder = join(studyDirectory, directory);
  return {
    record: join(folder, 'run.json'),
    metrics: join(folder, 'metrics.jsonl'),
    checkpoint: join(folder, 'checkpoint.safetensors'),
    weights: join(folder, 'weights.safetensors'),
    answers: join(folder, 'answers.bin'),
    failure: join(folder, 'failure.json'),
    lease: join(folder, 'lease.json'),
  };
}

/** Files of the run of the network `name` of a study. */
export function networkFiles(studyDirectory: string, name: string): RunFiles {
  return runFiles(studyDirectory, runDirectory(name));
}
