// Files that show that their writer lives: written anew every few seconds by a thread, for native
// calls block the main one. A process on another machine, which cannot look for the writer, looks
// at their time.
import { randomBytes } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** How often a file is written. */
export const BEAT_MS = 15_000;
/** A machine may be busy, and a file server away for a while. */
const DEAD_AFTER_MS = 180_000;

let thread: Worker | null = null;
let beating = 0;

/** Writes `text` into the file `path` every so many ms, as long as that is its content. Once it is
 *  not, somebody else has taken what the file stands for: the process ends at once, before it
 *  writes where another does. @returns what ends that */
export function startBeating(path: string, text: string, everyMs: number): () => void {
  thread ??= new Worker(BEATER, { eval: true, execArgv: [] });
  thread.unref();
  beating += 1;
  thread.postMessage({ path, text, everyMs });
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    beating -= 1;
    thread?.postMessage({ path, text: null });
    if (beating > 0) return;
    void thread?.terminate();
    thread = null;
  };
}

/** Whether the file's writer has been silent for so long that it must be dead. Times are those of
 *  the file system that the file is on: clocks of machines differ. */
export function isSilent(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && timeThere(path) - stats.mtimeMs > DEAD_AFTER_MS;
}

// Now, by the clock of the file server; where nothing can be written, by ours.
function timeThere(path: string): number {
  const probe = `${path}.${process.pid}-${randomBytes(8).toString('hex')}.tmp`;
  try {
    writeFileSync(probe, '');
    return statSync(probe).mtimeMs;
  } catch {
    return Date.now();
  } finally {
    rmSync(probe, { force: true });
  }
}

// Written, not touched: the time is then the server's. What the system refuses is tried again.
const BEATER = `
const fs = require('node:fs');
const { parentPort } = require('node:worker_threads');
const timers = new Map();
parentPort.on('message', ({ path, text, everyMs }) => {
  clearInterval(timers.get(path));
  timers.delete(path);
  if (text !== null) timers.set(path, setInterval(keep, everyMs, path, text));
});
function keep(path, text) {
  if (beat(path, text)) return;
  // A file that was let go of just now is no loss: the word of it is on its way.
  const timer = timers.get(path);
  setTimeout(() => {
    if (timers.get(path) !== timer || beat(path, text)) return;
    fs.writeSync(2, path + ': another process has taken it; this one ends\\n');
    process.kill(process.pid, 'SIGKILL');
  }, 1000);
}
function beat(path, text) {
  let file;
  try {
    file = fs.openSync(path, 'r+');
    if (fs.readFileSync(file, 'utf8') !== text) return false;
    fs.writeSync(file, text, 0);
    fs.fsyncSync(file);
  } catch (error) {
    return error.code !== 'ENOENT';
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
  return true;
}
`;
