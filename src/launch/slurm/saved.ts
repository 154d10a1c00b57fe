// How much of a gang is saved: what attempts are counted by.
import { existsSync } from 'node:fs';
import { checkpointIteration } from '../../runs/checkpoint.js';
import { runFiles } from '../../runs/files.js';
import type { GangJob } from '../../train/job.js';

/** Saved iterations of a gang's networks, summed. */
export function savedIterations({ studyDirectory, networks, schedule }: GangJob): number {
  return networks.reduce((sum, { directory }) => {
    const { record, checkpoint } = runFiles(studyDirectory, directory);
    return sum + (existsSync(record) ? schedule.iterations + 1 : checkpointIteration(checkpoint));
  }, 0);
}
