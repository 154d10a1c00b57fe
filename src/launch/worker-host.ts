// The worker's end of a local launcher's pipes: reads the job, prints events, hears the request to
// stop while native calls block the main thread, and dies with its parent.
import { readSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { SelfferError } from '../base/errors.js';
import type { WorkerEvent } from '../train/events.js';
import type { GangJob } from '../train/job.js';

const STDIN = 0;
const STDOUT = 1;

/** What a worker does with its job. */
export type Work = (
  job: GangJob,
  host: { emit: (event: WorkerEvent) => void; shouldStop: () => boolean },
) => Promise<void>;

/** Runs `work` on the job that standard input brings and reports every failure as an `error` event.
 *  Never rejects. */
export async function hostWorker(work: Work): Promise<void> {
  const stopFlag = new Int32Array(new SharedArrayBuffer(4));
  try {
    const { line, isStopping } = readJob();
    const job = JSON.parse(line) as GangJob;
    if (isStopping) Atomics.store(stopFlag, 0, 1);
    watchParent(stopFlag);
    await work(job, { emit, shouldStop: () => Atomics.load(stopFlag, 0) === 1 });
  } catch (error) {
    emit(errorEvent(error));
    process.exitCode = 1;
  }
  // The watching thread listens for ever.
  process.exit();
}

function errorEvent(error: unknown): WorkerEvent {
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
function emit(event: WorkerEvent): void {
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

/** The first line of standard input; `isStopping` if the request to stop came right behind it. */
function readJob(): { readonly line: string; readonly isStopping: boolean } {
  const chunks: Buffer[] = [];
  const buffer = Buffer.alloc(1 << 16);
  for (;;) {
    const count = readSync(STDIN, buffer, 0, buffer.length, null);
    if (count === 0) throw new SelfferError('internal', 'internal: no job on standard input');
    chunks.push(Buffer.from(buffer.subarray(0, count)));
    if (!buffer.subarray(0, count).includes(10)) continue;
    const text = Buffer.concat(chunks).toString('utf8');
    const end = text.indexOf('\n');
    return { line: text.slice(0, end), isStopping: text.length > end + 1 };
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
