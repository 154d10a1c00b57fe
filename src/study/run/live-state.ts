// Where a network is now: what its files say, and whether anybody trains it.
import { type LockOwner, lockOwner } from '../../base/process-lock.js';
import { networkFiles } from '../../runs/files.js';
import type { RunState } from '../store/run-state.js';

/** Who trains a network: a living process that has its lease, or one that cannot be judged from
 *  here; null if nobody does. */
export function trainerOf(directory: string, name: string): LockOwner | null {
  return lockOwner(networkFiles(directory, name).lease);
}

/** `known` as it is now. Begun and not ended: only a process that trains it makes it run.
 *  @param trainer see {@link trainerOf}; asked only where it matters */
export function liveState(known: RunState, trainer: () => LockOwner | null): RunState {
  if (known.state !== 'running' || trainer() !== null) return known;
  return { ...known, state: 'waiting', message: 'begun; `selffer run` resumes it' };
}
