// A run that the server has started: `selffer run` of the folder's own study file in a process of
// its own. Its log is in memory; the server's end asks it to save first.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../base/package-files.js';
import { FolderGuard } from './folder-guard.js';
import { Refusal } from './refusal.js';
import type { RunControl } from './run-control.js';
import { RunLog } from './run-log.js';

const LARGEST_STUDY_FILE = 2 ** 24;

/** See above. */
export class ChildRun implements RunControl {
  state: RunControl['state'] = 'idle';
  startedAt: string | null = null;
  problem: string | null = null;
  onChange: () => void = () => {};
  readonly #directory: string;
  #child: ChildProcess | null = null;
  #log = new RunLog();
  #ended: Promise<void> = Promise.resolve();

  /** @param directory of the study: a real path */
  constructor(directory: string) {
    this.#directory = directory;
  }

  start(): void {
    if (this.state !== 'idle') throw new Refusal(409, 'the study is running already');
    const study = join(this.#directory, 'study.yaml');
    const problem = new FolderGuard(this.#directory).fileProblem(study, LARGEST_STUDY_FILE);
    if (problem !== null) throw new Refusal(409, problem);
    if (!existsSync(study)) {
      throw new Refusal(409, 'the folder has no study.yaml: what is to be trained is not known');
    }
    const script = packageFile('bin/selffer.js');
    const args = ['run', study, '--out', this.#directory, '--json'];
    // A group of its own: Ctrl-C in the server's terminal reaches the server, which asks the run to
    // save. A second one that came straight to it would end it at once.
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const log = new RunLog();
    child.stdout.setEncoding('utf8').on('data', (text: string) => log.output(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => log.errors(text));
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => {
        log.problem = `the run cannot be started: ${error.message}`;
        resolve(this.#end(log, null, null));
      });
      child.once('close', (status, signal) => resolve(this.#end(log, status, signal)));
    });
    this.#child = child;
    this.#log = log;
    this.problem = null;
    this.startedAt = new Date().toISOString();
    this.#become('running');
  }

  stop(): void {
    if (this.state === 'idle') throw new Refusal(409, 'this server has not started a run');
    if (this.state === 'stopping') return;
    this.#child?.kill('SIGINT');
    this.#become('stopping');
  }

  logOf(network: string): readonly string[] {
    return this.#log.of(network);
  }

  /** Asks the run to save and end, and waits for it. @returns whether there was one */
  async close(): Promise<boolean> {
    if (this.state === 'idle') return false;
    this.stop();
    await this.#ended;
    return true;
  }

  /** Ends the run at once; what is saved is saved. */
  kill(): void {
    // Its second Ctrl-C: it ends its workers, too.
    if (this.state !== 'idle') this.#child?.kill('SIGINT');
  }

  #end(log: RunLog, status: number | null, signal: string | null): void {
    const wasAsked = this.state === 'stopping';
    const how = signal === null ? `status ${status}` : signal;
    const isWell = status === 0 || (wasAsked && status === 130);
    const words = log.lastWords === '' ? '' : `: ${log.lastWords}`;
    const problem = log.problem ?? (isWell ? null : `the run ended with ${how}${words}`);
    this.problem = wasAsked && isWell ? null : problem;
    this.#child = null;
    this.startedAt = null;
    this.#become('idle');
  }

  #become(state: RunControl['state']): void {
    this.state = state;
    this.onChange();
  }
}
