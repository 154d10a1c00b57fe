// One holder at a time: a lock file that names the process that holds it. The lock of a process
// that has ended is taken over.
import { createHash, randomBytes } from 'node:crypto';
import {
  linkSync,
  lstatSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { isSilent, startBeating } from './heartbeat.js';
import { beganAfter, type ProcessOwner, standingOf, thisProcess } from './process-owner.js';
import { systemProblem } from './system-error.js';

/** Who holds a lock. */
export interface LockOwner extends ProcessOwner {
  /** ISO time at which the lock was taken; null in locks of older versions. */
  readonly since: string | null;
  /** Whether it shows to other machines that its holder lives. */
  readonly beats: boolean;
}

/** What came of an attempt to take a lock. */
export type LockAttempt =
  | { readonly outcome: 'taken'; readonly release: () => void }
  /** `isElsewhere`: of another machine or container, so that nobody here can tell whether it
   *  lives. */
  | { readonly outcome: 'held'; readonly owner: LockOwner; readonly isElsewhere: boolean }
  /** The file cannot be read or written, or is not a file. */
  | { readonly outcome: 'unusable'; readonly problem: string; readonly cause: unknown };

// Tokens of the locks of this process. Threads that lock would need a common set; none does.
const held = new Set<string>();

const CLAIM_WAIT_MS = 5;
const CLAIM_TRIES = 400;

/** Takes the lock `path` for this process. Of several takers, exactly one gets it. A lock
 *  that is written anew every `beatMs` says to other machines as well whether its holder lives
 *  (heartbeat.ts): there, it is taken over some minutes after its holder has died. */
export function takeLock(path: string, { beatMs }: { beatMs?: number } = {}): LockAttempt {
  const token = randomBytes(8).toString('hex');
  const since = new Date().toISOString();
  const own = { ...thisProcess(), since, token, ...(beatMs === undefined ? {} : { beats: true }) };
  const text = `${JSON.stringify(own)}\n`;
  const draft = `${path}.${process.pid}-${token}.tmp`;
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    held.add(token);
    const holder = takeWith(draft, path, text);
    if (holder === null) {
      const silence = beatMs === undefined ? () => {} : startBeating(path, text, beatMs);
      return { outcome: 'taken', release: () => (silence(), release(path, text, token)) };
    }
    held.delete(token);
    const isElsewhere = standingOf(holder) === 'elsewhere';
    return { outcome: 'held', owner: holder, isElsewhere };
  } catch (cause) {
    held.delete(token);
    return { outcome: 'unusable', problem: problemOf(cause), cause };
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The living holder of the lock `path`, or one that cannot be judged from here; null if the lock
 *  is free or its file cannot be read. Never takes anything. */
export function lockOwner(path: string): LockOwner | null {
  try {
    const text = readLock(path);
    return text === null ? null : livingHolder(path, text);
  } catch {
    return null; // who wants to take it is told why
  }
}

/** Why a lock file is not usable, in words. */
function problemOf(cause: unknown): string {
  return systemProblem(cause);
}

/** Who holds the lock; null if it is ours now. */
function takeWith(draft: string, path: string, text: string): LockOwner | null {
  for (let attempt = 0; ; attempt++) {
    if (attempt > CLAIM_TRIES) throw new LockProblem(`${path} comes back again and again`);
    if (appear(draft, path, text)) return null;
    const found = readLock(path);
    if (found === null) continue; // released meanwhile
    const holder = livingHolder(path, found);
    if (holder !== null) return holder;
    removeStale(draft, path, text, found);
  }
}

// A stale lock may be removed only by the process that holds the claim to this very lock, named by
// its content. Without it, a slow taker could remove the fresh lock of a quicker one. A claim is a
// lock like any other: if its holder dies, it is taken over in the same way.
function removeStale(draft: string, path: string, text: string, found: string): void {
  const name = createHash('sha256').update(found).digest('hex').slice(0, 12);
  const claim = `${path}.${name}.claim`;
  for (let tries = 0; takeWith(draft, claim, text) !== null; tries++) {
    if (tries > CLAIM_TRIES) {
      throw new LockProblem(`${claim} is held by a process that does not let go; remove it`);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, CLAIM_WAIT_MS);
  }
  try {
    if (readLock(path) === found) unlinkSync(path);
  } catch (error) {
    // Gone meanwhile is as good as removed: who gets the lock next, `appear` decides.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    rmSync(claim, { force: true });
  }
}

/** Lets the lock appear whole, and only if there is none. */
function appear(draft: string, path: string, text: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
  }
  // A file system without links, such as that of a memory stick.
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function release(path: string, text: string, token: string): void {
  held.delete(token);
  try {
    if (readLock(path) === text) rmSync(path, { force: true });
  } catch {
    // Somebody put something else in its place: that is not ours to remove.
  }
}

/** The content of a lock file; null if there is none. A link that leads nowhere is an empty one.
 *  @throws LockProblem if it is not a file, or the system's error if it cannot be read */
function readLock(path: string): string | null {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return '';
  if (!stats.isFile()) {
    const what = stats.isDirectory() ? 'a folder' : 'not a file';
    throw new LockProblem(`${path} is ${what}, wanted a lock file; remove it`);
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

// Never leaves this file.
class LockProblem extends Error {}

function livingHolder(path: string, text: string): LockOwner | null {
  const lock = parseLock(text);
  if (lock === null) return null;
  const { token, ...owner } = lock;
  const standing = standingOf(owner);
  if (standing === 'gone') return null;
  if (standing === 'elsewhere' && owner.beats && isSilent(path)) return null;
  // Without a start time the number alone is known: whoever has it must be older than the lock.
  if (standing === 'running' && owner.startTicks === null) {
    const since = Date.parse(owner.since ?? '') || statSync(path).mtimeMs;
    if (beganAfter(owner.pid, since)) return null;
  }
  // A lock of our own number that we do not hold is an old one: a restarted container gives out the
  // same numbers, and a copied folder brings its lock along.
  const isOurNumber = standing === 'running' && owner.pid === process.pid;
  return isOurNumber && !held.has(token ?? '') ? null : owner;
}

type Lock = LockOwner & { readonly token: string | null };

// A damaged lock has no holder: locks appear whole.
function parseLock(text: string): Lock | null {
  let value: Partial<Record<keyof Lock, unknown>> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return parseOldStoreLock(text);
  }
  if (typeof value !== 'object' || value === null) return null;
  const { pid, host } = value;
  if (typeof pid !== 'number' || typeof host !== 'string') return null;
  const optional = (of: unknown): string | null => (typeof of === 'string' ? of : null);
  return {
    pid,
    host,
    startTicks: optional(value.startTicks),
    bootId: optional(value.bootId),
    pidNamespace: optional(value.pidNamespace),
    since: optional(value.since),
    token: optional(value.token),
    beats: value.beats === true,
  };
}

// "host 4711", as stores' locks were written.
function parseOldStoreLock(text: string): Lock | null {
  const [, host, pid] = /^([^\s{"]+) (\d+)\n?$/.exec(text) ?? [];
  if (host === undefined) return null;
  const unknown = { startTicks: null, bootId: null, pidNamespace: null, since: null, token: null };
  return { pid: Number(pid), host, ...unknown, beats: false };
}
