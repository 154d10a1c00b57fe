// Runs each gang in a child process of this machine. The engine's native calls block, need their
// environment set before they load, and may crash: none of that may reach the parent.
import { type ChildProcess, spawn } from 'node:child_process';
import { executorTable } from '../executors/names.js';
import { dropLeasesElsewhere } from '../runs/lease.js';
import type { GangEnd, GangRun, Launcher } from '../study/run/launcher.js';
import { type StartGang, submitInOrder } from '../study/run/submit-in-order.js';
import type { WorkerEvent } from '../train/events.js';
import type { GangJob } from '../train/job.js';
import { removeJob, writeJob } from '../train/job-file.js';
import { LineSplitter } from './lines.js';

/** How workers are started. */
export interface LocalOptions {
  /** Script that `node` runs with `--job FILE --attached`: prints events as JSON lines, saves and
   *  ends once there is anything on standard input, and ends at once with it. */
  readonly workerScript: string;
  /** Arguments of node before the script. */
  readonly nodeArguments?: readonly string[];
  /** Added to the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Gangs that are trained at once, each in a worker of its own; default 1. A job's threads and
   *  memory are each one's. */
  readonly workers?: number;
}

/** Most characters of a worker's standard error that are kept: its end says why it died. */
const KEPT_STDERR = 4000;

/** Words after which a worker only has to end, and how long that may take. */
const LAST_EVENTS = new Set<WorkerEvent['event']>(['finished', 'stopped', 'error']);
const END_TIMEOUT_MS = 10_000;

/** A launcher of child processes, for a caller that holds the study's lock. */
export function localLauncher(options: LocalOptions): Launcher {
  const start: StartGang = (job, onEvent) => {
    const directories = job.networks.map(({ directory }) => directory);
    dropLeasesElsewhere(job.studyDirectory, directories);
    return startWorker(options, job, onEvent);
  };
  return { submit: (gangs) => submitInOrder(gangs, options.workers ?? 1, start) };
}

/** Starts the worker of a gang; `onEvent` hears what it says, in order, before `end` settles.
 *  @throws RunStoreError if its job file cannot be written */
export function startWorker(
  { workerScript, nodeArguments = [], environment = {} }: LocalOptions,
  job: GangJob,
  onEvent: (event: WorkerEvent) => void,
): GangRun {
  const needed = executorTable[job.executor].environment(job.threads);
  const args = [...nodeArguments, workerScript, '--job', writeJob(job), '--attached'];
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches the parent only, which asks the worker to save.
    detached: true,
    env: { ...process.env, ...needed, ...environment },
  });
  const report = listen(child, (event) => {
    onEvent(event);
    if (!LAST_EVENTS.has(event.event)) return;
    // What is saved is saved: a worker that cannot end by itself is ended.
    const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
    child.once('close', () => clearTimeout(timer));
  });
  // A worker that dies before it hears: `close` tells.
  child.stdin.on('error', () => {});
  const end = new Promise<GangEnd>((resolve) => {
    child.once('error', (error) => {
      resolve({
        outcome: 'failed',
        code: 'native',
        message: `the worker cannot be started: ${error.message}`,
      });
    });
    child.once('close', (code, signal) => resolve(gangEnd(report(), code, signal)));
  });
  return {
    end: end.finally(() => removeJob(job)),
    stop: () => {
      if (child.stdin.writable) child.stdin.write('stop\n');
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

interface WorkerReport {
  readonly last: WorkerEvent | null;
  readonly error: Extract<WorkerEvent, { event: 'error' }> | null;
  readonly stderr: string;
}

/** Hears a worker's events and keeps what its end depends on. */
function listen(child: ChildProcess, onEvent: (event: WorkerEvent) => void): () => WorkerReport {
  let last: WorkerEvent | null = null;
  let error: WorkerReport['error'] = null;
  let stderr = '';
  const lines = new LineSplitter((line) => {
    const event = parseEvent(line);
    if (event === null) {
      // Something in the worker printed: keep it with its errors.
      stderr = `${stderr}${line}\n`.slice(-KEPT_STDERR);
      return;
    }
    last = event;
    if (event.event === 'error') error = event;
    onEvent(event);
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
  });
  return () => ({ last, error, stderr });
}

function parseEvent(line: string): WorkerEvent | null {
  if (!line.startsWith('{')) return null;
  try {
    const value = JSON.parse(line) as Partial<WorkerEvent>;
    return typeof value.event === 'string' ? (value as WorkerEvent) : null;
  } catch {
    return null;
  }
}

function gangEnd(
  { last, error, stderr }: WorkerReport,
  code: number | null,
  signal: NodeJS.Signals | null,
): GangEnd {
  if (error !== null) {
    const { hint } = error;
    const detail = hint === undefined ? {} : { hint };
    return { outcome: 'failed', code: error.code, message: error.message, ...detail };
  }
  // A crash after the last word, when libraries unload, harms nothing.
  if (last?.event === 'finished') return { outcome: 'finished' };
  if (last?.event === 'stopped') return { outcome: 'stopped' };
  const how = signal === null ? `ended with status ${code}` : `was ended by ${signal}`;
  const said = stderr.trim();
  return {
    outcome: 'failed',
    code: 'native',
    message: `the worker ${how} before it had finished${said === '' ? '' : `; its last words:\n${said}`}`,
    ...(signal === 'SIGKILL'
      ? { hint: 'If memory ran out, give a smaller --memory; run again to resume.' }
      : { hint: 'Run again to resume from the last checkpoint.' }),
  };
}
