// Features of images, computed in a process of their own.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { writeFileAtomic } from '../base/atomic-file.js';
import { NativeError } from '../base/errors.js';
import { executorTable } from '../executors/names.js';
import { LineSplitter } from '../launch/lines.js';
import type { WorkerEvent } from '../train/events.js';
import type { FeatureJob } from '../train/forward/feature-job.js';
import { workerScript } from '../library/worker-script.js';

/** Most characters of a worker's standard error that are kept. */
const KEPT_STDERR = 4000;

/** Runs the job; its features are in its file then.
 *  @throws NativeError with what the worker said if it did not finish */
export async function runFeatures(job: FeatureJob): Promise<void> {
  const path = `${job.out}.job.json`;
  writeFileAtomic(path, `${JSON.stringify(job)}\n`);
  try {
    await finished(job, path);
  } finally {
    rmSync(path, { force: true });
  }
}

function finished(job: FeatureJob, path: string): Promise<void> {
  const child = spawn(process.execPath, [workerScript(), '--features', path, '--attached'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches the parent only.
    detached: true,
    env: { ...process.env, ...executorTable[job.executor].environment(job.threads) },
  });
  let isDone = false;
  let said = '';
  let message: string | null = null;
  const lines = new LineSplitter((line) => {
    if (!line.startsWith('{')) return;
    const event = JSON.parse(line) as WorkerEvent;
    if (event.event === 'finished') isDone = true;
    if (event.event === 'error') ({ message } = event);
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-KEPT_STDERR);
  });
  // A worker that dies before it hears: `close` tells.
  child.stdin.on('error', () => {});
  return new Promise((resolve, reject) => {
    const fail = (how: string): void => {
      const detail = said.trim() === '' ? '' : `; its last words:\n${said.trim()}`;
      reject(new NativeError(message ?? `the worker that computes features ${how}${detail}`));
    };
    child.once('error', (error) => fail(`cannot be started: ${error.message}`));
    child.once('close', (code, signal) => {
      if (isDone) resolve();
      else fail(signal === null ? `ended with status ${code}` : `was ended by ${signal}`);
    });
  });
}
