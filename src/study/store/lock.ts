// One run at a time in a study's folder: a lock file that names its owner, taken over when the
// owner is gone.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RunStoreError } from '../../base/errors.js';

/** Who holds a lock. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in kernel ticks; null where the system does not tell. Guards against
   *  reused process numbers. */
  readonly startTicks: string | null;
  /** ISO time at which the lock was taken. */
  readonly since: string;
}

const LOCK_FILE = 'lock.json';

/** Takes the lock of a study's folder; the result releases it.
 *  @throws RunStoreError if a living process, or one of another machine, holds it */
export function lockStudy(directory: string): () => void {
  const path = join(directory, LOCK_FILE);
  const mine: LockOwner = {
    pid: process.pid,
    host: hostname(),
    startTicks: startTicks(process.pid),
    since: new Date().toISOString(),
  };
  // Written aside and linked: the lock appears whole, and only if there is none.
  const draft = `${path}.${process.pid}-${mine.since.replaceAll(':', '')}.tmp`;
  writeFileSync(draft, `${JSON.stringify(mine)}\n`);
  try {
    while (!tryLink(draft, path)) takeAway(path, directory);
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    const text = read(path);
    if (text !== null && sameOwner(parse(text), mine)) rmSync(path, { force: true });
  };
}

/** The living owner of a folder's lock (or one on another machine, which cannot be told); null if
 *  it is free. */
export function lockOwner(directory: string): LockOwner | null {
  const text = read(join(directory, LOCK_FILE));
  const owner = text === null ? null : parse(text);
  return owner !== null && isHeld(owner) ? owner : null;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

// Removes a stale lock. It is renamed first, so that of several takers one gets it and none can
// take a fresh lock away.
function takeAway(path: string, directory: string): void {
  const text = read(path);
  if (text === null) return;
  const owner = parse(text);
  if (owner !== null && isHeld(owner)) {
    throw new RunStoreError(
      `${directory} is in use by process ${owner.pid} on ${owner.host} since ${owner.since}`,
      {
        hint:
          owner.host === hostname()
            ? 'Wait for it, stop it, or give another --out.'
            : `If nothing runs there any more, remove ${path}.`,
      },
    );
  }
  const aside = `${path}.${process.pid}.stale.tmp`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Another taker was quicker: what was renamed is its fresh lock, which goes back.
  if (read(aside) !== text) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function isHeld(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return owner.startTicks === null || owner.startTicks === startTicks(owner.pid);
}

/** Field 22 of /proc/<pid>/stat; null where there is no such file. */
function startTicks(pid: number): string | null {
  const text = read(`/proc/${pid}/stat`);
  // The second field is the command in brackets, which may hold spaces.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}

// A damaged lock has no owner: it was not written by a living run.
function parse(text: string): LockOwner | null {
  try {
    const value = JSON.parse(text) as Partial<LockOwner>;
    return typeof value.pid === 'number' && typeof value.host === 'string'
      ? (value as LockOwner)
      : null;
  } catch {
    return null;
  }
}

function sameOwner(a: LockOwner | null, b: LockOwner): boolean {
  return a !== null && a.pid === b.pid && a.host === b.host && a.since === b.since;
}
