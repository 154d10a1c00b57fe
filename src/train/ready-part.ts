// What of a gang can be trained now: a network that copies another needs one that is done.
import { runFiles } from '../runs/files.js';
import { RunView, standingOfRun } from '../runs/view.js';
import type { WorkerEvent } from './events.js';
import type { GangJob, NetworkJob } from './job.js';

/** Part of a gang. */
export interface ReadyPart {
  /** The job without the networks that cannot be trained; null if none is left. */
  readonly ready: GangJob | null;
  /** What to say of the others; null if there are none. */
  readonly skipped: Extract<WorkerEvent, { event: 'skipped' }> | null;
}

/** Divides a gang by whether what a network copies is done. */
export function readyPart(job: GangJob): ReadyPart {
  const states = new Map<string, string>();
  const baseState = ({ source, sourceIdentity }: NetworkJob): string => {
    if (source === null) return 'done';
    let state = states.get(source);
    if (state === undefined) {
      state = runState(job.studyDirectory, source, sourceIdentity);
      states.set(source, state);
    }
    return state;
  };
  const networks = job.networks.filter((network) => baseState(network) === 'done');
  if (networks.length === job.networks.length) return { ready: job, skipped: null };
  const blocked = job.networks.filter((network) => baseState(network) !== 'done');
  const bases = [...new Set(blocked.flatMap(({ source }) => source ?? []))];
  const reasons = bases.map((source) => `${baseName(source)} is ${states.get(source)}`);
  return {
    ready: networks.length === 0 ? null : { ...job, networks },
    skipped: {
      event: 'skipped',
      networks: blocked.map(({ name }) => name),
      message: reasons.join(', '),
    },
  };
}

function runState(studyDirectory: string, directory: string, identity: string | null): string {
  const view = new RunView(runFiles(studyDirectory, directory));
  view.look();
  return standingOfRun(view, identity);
}

// "runs/split0/baseA" is of "split0/baseA".
function baseName(directory: string): string {
  return directory.replace(/^runs\//, '');
}
