// One run at a time in a study's folder.
import { join } from 'node:path';
import { InUseError, RunStoreError } from '../../base/errors.js';
import { BEAT_MS } from '../../base/heartbeat.js';
import {
  type LockAttempt,
  type LockOwner,
  lockOwner as ownerOf,
  takeLock,
} from '../../base/process-lock.js';

const lockPath = (directory: string): string => join(directory, 'lock.json');

/** Takes the lock of a study's folder; the result releases it.
 *  @throws RunStoreError if a living process holds it, or one of another machine or container, or
 *  if the folder cannot be locked */
export function lockStudy(directory: string): () => void {
  const attempt = takeLock(lockPath(directory), { beatMs: BEAT_MS });
  if (attempt.outcome === 'taken') return attempt.release;
  throw refusal(directory, attempt);
}

function refusal(
  directory: string,
  attempt: Exclude<LockAttempt, { outcome: 'taken' }>,
): RunStoreError {
  if (attempt.outcome === 'unusable') {
    const { problem, cause } = attempt;
    return new RunStoreError(`${directory}: cannot be locked: ${problem}`, {
      cause,
      hint: "A study's folder must be one that can be written to; --out names another.",
    });
  }
  const { owner, isElsewhere } = attempt;
  const since = owner.since === null ? '' : ` since ${owner.since}`;
  return new InUseError(`${directory} is in use by process ${owner.pid} on ${owner.host}${since}`, {
    hint: isElsewhere
      ? `If nothing runs there any more, remove ${lockPath(directory)}.`
      : 'Wait for it, stop it, or give another --out.',
  });
}

/** The living owner of a folder's lock, or one on another machine or in another container, which
 *  cannot be judged from here; null if it is free. */
export function lockOwner(directory: string): LockOwner | null {
  return ownerOf(lockPath(directory));
}
