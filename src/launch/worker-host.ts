// The worker's end: prints events, hears the request to stop while native calls block the main
// thread, and, attached to a local launcher, dies with it.
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { SelfferError } from '../base/errors.js';
import { systemError } from '../base/system-error.js';
import type { WorkerEvent } from '../train/events.js';

const STDOUT = 1;

/** What a worker's work is given. */
export interface WorkHost<Event> {
  readonly emit: (event: Event) => void;
  /** Asked between iterations; true = save everything and return. */
  readonly shouldStop: () => boolean;
}

/** Runs `work`, reports every failure as an `error` event, and ends the process. Never rejects.
 *  SIGTERM asks to stop: batch systems send it to every process of a job, and systems that are shut
 *  down to all.
 *  @param isAttached standard input is the pipe of a launcher: anything in it asks to stop, and its
 *  end means that the launcher is dead */
export async function hostWorker<Event extends object>(
  isAttached: boolean,
  work: (host: WorkHost<Event>) => Promise<void>,
): Promise<void> {
  const stopFlag = new Int32Array(new SharedArrayBuffer(4));
  try {
    process.on('SIGTERM', () => Atomics.store(stopFlag, 0, 1));
    if (isAttached) watchParent(stopFlag);
    await work({ emit, shouldStop: () => Atomics.load(stopFlag, 0) === 1 });
  } catch (error) {
    emit(errorEvent(error));
    process.exitCode = 1;
  }
  // The watching thread listens for ever.
  process.exit();
}

function errorEvent(thrown: unknown): WorkerEvent {
  const error = systemError(thrown) ?? thrown;
  const isOurs = error instanceof SelfferError;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : message;
  if (!isOurs) writeAll(2, `${stack}\n`);
  return {
    event: 'error',
    code: isOurs ? error.code : 'internal',
    message: isOurs ? message : `internal: ${message}`,
    ...(isOurs && error.hint !== undefined ? { hint: error.hint } : {}),
  };
}

/** Prints an event; if the parent is gone, so is this process. */
function emit(event: object): void {
  try {
    writeAll(STDOUT, `${JSON.stringify(event)}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.kill(process.pid, 'SIGKILL');
    throw error;
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(file, bytes, at);
    } catch (error) {
      // A full pipe that does not block: the parent is busy, try again.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** A thread that waits for the parent's word. The end of standard input means that the parent is
 *  dead: then the whole process goes at once, native calls or not, so that nobody writes into the
 *  study's folder beside a new run. */
function watchParent(stopFlag: Int32Array): void {
  const watcher = new Worker(WATCHER, { eval: true, workerData: stopFlag });
  watcher.unref();
}

// A socket rather than readSync: a thread that is blocked in a read could not be ended when the
// work is done.
const WATCHER = `
const { Socket } = require('node:net');
const { workerData } = require('node:worker_threads');
const gone = () => process.kill(process.pid, 'SIGKILL');
new Socket({ fd: 0, readable: true, writable: false })
  .on('data', () => Atomics.store(workerData, 0, 1))
  .on('end', gone)
  .on('error', gone);
`;
