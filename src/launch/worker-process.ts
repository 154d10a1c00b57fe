// One worker: a child process that prints events as JSON lines. The engine's native calls block,
// need their environment set before they load, and may crash: none of that may reach the parent.
import { type ChildProcess, spawn } from 'node:child_process';
import { type ExecutorName, executorTable } from '../executors/names.js';
import type { GangEnd, GangRun } from '../study/run/launcher.js';
import type { WorkerEvent } from '../train/events.js';
import { LineSplitter } from './lines.js';

/** How a worker is started. */
export interface WorkerOptions {
  /** Script that `node` runs: prints events as JSON lines, saves and ends once there is anything on
   *  standard input, and ends at once with it. */
  readonly workerScript: string;
  /** Arguments of node before the script. */
  readonly nodeArguments?: readonly string[];
  /** Added to the environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a worker is to do, and with what. */
export interface WorkerCall {
  readonly args: readonly string[];
  readonly executor: ExecutorName;
  readonly threads: number;
}

/** Something that a worker says; `error` and its last words are the same for all. */
interface Said {
  readonly event: string;
}

/** Most characters of a worker's standard error that are kept: its end says why it died. */
const KEPT_STDERR = 4000;

/** Words after which a worker only has to end, and how long that may take. */
const LAST_EVENTS = new Set(['finished', 'stopped', 'error']);
const END_TIMEOUT_MS = 10_000;

/** Starts a worker; `onEvent` hears what it says, in order, before `end` settles. */
export function startProcess<Event extends Said>(
  { workerScript, nodeArguments = [], environment = {} }: WorkerOptions,
  { args, executor, threads }: WorkerCall,
  onEvent: (event: Event) => void,
): GangRun {
  const needed = executorTable[executor].environment(threads);
  const child = spawn(process.execPath, [...nodeArguments, workerScript, ...args, '--attached'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches the parent only, which asks the worker to save.
    detached: true,
    env: { ...process.env, ...needed, ...environment },
  });
  const report = listen<Event>(child, (event) => {
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
    end,
    stop: () => {
      if (child.stdin.writable) child.stdin.write('stop\n');
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

type ErrorSaid = Extract<WorkerEvent, { event: 'error' }>;

interface WorkerReport {
  readonly last: Said | null;
  readonly error: ErrorSaid | null;
  readonly stderr: string;
}

/** Hears a worker's events and keeps what its end depends on. */
function listen<Event extends Said>(
  child: ChildProcess,
  onEvent: (event: Event) => void,
): () => WorkerReport {
  let last: Said | null = null;
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
    if (event.event === 'error') error = event as ErrorSaid;
    onEvent(event as Event);
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
  });
  return () => ({ last, error, stderr });
}

function parseEvent(line: string): Said | null {
  if (!line.startsWith('{')) return null;
  try {
    const value = JSON.parse(line) as Partial<Said>;
    return typeof value.event === 'string' ? (value as Said) : null;
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
