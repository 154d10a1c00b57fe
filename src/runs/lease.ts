// A lease on the runs of a gang: who trains them now. Two launchers can never train one network at
// once, however each divided its networks into gangs.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InUseError, RunStoreError } from '../base/errors.js';
import { BEAT_MS } from '../base/heartbeat.js';
import { type LockAttempt, lockOwner, takeLock } from '../base/process-lock.js';
import { standingOf } from '../base/process-owner.js';
import { runFiles } from './files.js';

/** A worker whose launcher was killed is ended a moment later: so long a new one waits for it. */
const WAIT_MS = 10_000;
const TRY_EVERY_MS = 50;

/** Takes the leases of the runs in `directories` (relative to the study's) for this process; the
 *  result lets go of them. Waits some seconds for a process of this machine that has them.
 *  @throws RunStoreError naming the process that trains one of them; then none is kept */
export async function leaseRuns(
  studyDirectory: string,
  directories: readonly string[],
  waitMs = WAIT_MS,
): Promise<() => void> {
  const until = performance.now() + waitMs;
  const releases: (() => void)[] = [];
  const releaseAll = (): void => releases.splice(0).forEach((release) => release());
  try {
    for (const directory of directories) {
      const { lease } = runFiles(studyDirectory, directory);
      mkdirSync(dirname(lease), { recursive: true });
      let attempt = takeLock(lease, { beatMs: BEAT_MS });
      while (attempt.outcome === 'held' && !attempt.isElsewhere && performance.now() < until) {
        await sleep(TRY_EVERY_MS);
        attempt = takeLock(lease, { beatMs: BEAT_MS });
      }
      if (attempt.outcome !== 'taken') throw refusal(directory, lease, attempt);
      releases.push(attempt.release);
    }
  } catch (error) {
    releaseAll();
    throw error;
  }
  return releaseAll;
}

/** Removes the leases of processes that cannot be judged from here, on other machines or in other
 *  containers, and do not show that they live. For a launcher that holds the study's lock and would
 *  have heard of them: who removed that lock by hand said that nothing runs there any more. */
export function dropLeasesElsewhere(studyDirectory: string, directories: readonly string[]): void {
  for (const directory of directories) {
    const { lease } = runFiles(studyDirectory, directory);
    const owner = lockOwner(lease);
    if (owner === null || owner.beats) continue;
    if (standingOf(owner) === 'elsewhere') rmSync(lease, { force: true });
  }
}

function refusal(
  directory: string,
  lease: string,
  attempt: Exclude<LockAttempt, { outcome: 'taken' }>,
): RunStoreError {
  if (attempt.outcome === 'unusable') {
    const { problem, cause } = attempt;
    return new RunStoreError(`${directory}: cannot be leased: ${problem}`, { cause });
  }
  const { pid, host } = attempt.owner;
  return new InUseError(`${directory} is being trained by process ${pid} on ${host}`, {
    hint: attempt.isElsewhere
      ? `Wait for it. If nothing runs there any more, remove ${lease}.`
      : 'Wait for it or stop it, then run again.',
  });
}
