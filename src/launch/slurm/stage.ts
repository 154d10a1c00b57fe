// Decoded images on a node's own disk: the first task of a node copies them, others wait for it.
// Tasks fall back to the shared folder where there is no room.
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tmpdir, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataError } from '../../base/errors.js';
import { BEAT_MS } from '../../base/heartbeat.js';
import { takeLock } from '../../base/process-lock.js';
import { systemProblem } from '../../base/system-error.js';
import { GLYPHS } from '../../data/glyphs/glyphs.js';
import { freeBytes } from '../../data/pack/disk-room.js';
import { NODE_TEMPORARY } from '../../study/cluster/settings.js';
import type { GangJob, TaskSpec } from '../../train/job.js';

const HEADER_BYTES = 4096;
const WAIT_MS = 500;
/** What no task has used for so long goes when a task stages something else. */
const UNUSED_MS = 7 * 24 * 3600 * 1000;

/** The folder that `stage:` names, on this node. */
export function stageFolder(setting: string, environment: NodeJS.ProcessEnv): string {
  const { SLURM_TMPDIR, TMPDIR } = environment;
  const place = setting === NODE_TEMPORARY ? SLURM_TMPDIR || TMPDIR || tmpdir() : resolve(setting);
  return join(place, `selffer-images-${userInfo().uid}`);
}

/** The job with the stores of its images in `folder`, copied there unless they are there already.
 *  Where one cannot be copied, `say` tells why and the job reads the shared one. */
export async function stageStores(
  job: GangJob,
  folder: string,
  say: (line: string) => void,
): Promise<GangJob> {
  const { target, means, tests = {} } = job.input;
  const specs: TaskSpec[] = [target, ...Object.values(means)];
  for (const { task } of Object.values(tests)) specs.push(task);
  const stores: Record<string, string> = {};
  for (const store of new Set(specs.map((spec) => spec.store))) {
    // The built-in images are part of the package.
    if (store === GLYPHS || !statSync(store, { throwIfNoEntry: false })?.isFile()) continue;
    try {
      stores[store] = await staged(store, folder, say);
    } catch (error) {
      say(`${store} is read from where it lies: ${systemProblem(error)}`);
    }
  }
  return { ...job, input: { ...job.input, stores: { ...job.input.stores, ...stores } } };
}

/** Removes the copies that a job read, of a study that needs them here no more, unless a task of
 *  another study has asked for one after `since` (milliseconds). Whoever reads one still can.
 *  @param job as `stageStores` gave it */
export function removeStaged(job: GangJob, since: number, say: (line: string) => void): void {
  for (const copy of Object.values(job.input.stores ?? {})) {
    const used = statSync(copy, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (used > since) continue;
    const lock = takeLock(`${copy}.lock`, { beatMs: BEAT_MS });
    if (lock.outcome === 'unusable' || lock.outcome === 'held') continue;
    try {
      rmSync(copy, { force: true });
      say(`${copy} is removed: the study needs it here no more`);
    } finally {
      lock.release();
    }
  }
}

async function staged(store: string, folder: string, say: (line: string) => void): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const header = headerOf(store);
  const copy = join(folder, `${header.slice(0, 32)}.store`);
  for (;;) {
    if (existsSync(copy) && headerOf(copy) === header) return used(copy);
    const lock = takeLock(`${copy}.lock`, { beatMs: BEAT_MS });
    if (lock.outcome === 'unusable') throw lock.cause;
    if (lock.outcome === 'held') {
      await sleep(WAIT_MS);
      continue;
    }
    try {
      if (existsSync(copy) && headerOf(copy) === header) return used(copy);
      removeUnused(folder);
      await copyWhole(store, copy, header);
      say(`${store} is copied to ${copy}`);
      return copy;
    } finally {
      lock.release();
    }
  }
}

async function copyWhole(store: string, copy: string, header: string): Promise<void> {
  const { size } = statSync(store);
  const free = freeBytes(copy);
  if (free < size) {
    throw new DataError(`it has ${size} bytes, ${free} are free on the node's disk`);
  }
  const draft = `${copy}.tmp`;
  try {
    await copyFile(store, draft);
    if (headerOf(draft) !== header) throw new DataError('it changed while it was copied');
    renameSync(draft, copy);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** SHA-256 of a store's size and first page, which has the checksum of its index. */
function headerOf(path: string): string {
  const { size } = statSync(path);
  const bytes = Buffer.alloc(Math.min(HEADER_BYTES, size));
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(file);
  }
  return createHash('sha256').update(`${size}\n`).update(bytes).digest('hex');
}

function used(copy: string): string {
  const now = new Date();
  utimesSync(copy, now, now);
  return copy;
}

function removeUnused(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const isOld = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (name.endsWith('.store') && isOld > UNUSED_MS) rmSync(path, { force: true });
  }
}
