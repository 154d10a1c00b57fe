// A cluster for tests without Slurm: its commands are fake-slurm.mjs, and `runQueue` is its one
// node.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { CallCommand } from '../../src/launch/slurm/scheduler.js';
import { answer } from './fake-slurm.mjs';

const script = fileURLToPath(new URL('fake-slurm.mjs', import.meta.url));
const commands = ['sbatch', 'squeue', 'scancel', 'scontrol', 'sacct'] as const;

/** How a command lies: see fake-slurm.mjs. */
export interface Fault {
  readonly command: (typeof commands)[number];
  readonly times: number;
  readonly status?: number;
  readonly stderr?: string;
  readonly print?: string;
  readonly after?: boolean;
  readonly hangMs?: number;
}

/** A job or task as the queue's file has it. */
export interface FakeJob {
  readonly job: number;
  readonly index: number | null;
  state: string;
  reason: string;
  node: string;
  starts: number;
  readonly name: string;
  readonly comment: string;
  readonly after: readonly string[];
  readonly args: readonly string[];
  readonly script: string;
}

/** Hears what a job says; `send` sends its process a signal. */
export type Hear = (job: FakeJob, said: string, send: (signal: NodeJS.Signals) => void) => void;

/** The cluster. */
export class FakeCluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'selffer-fake-slurm-'));
  /** For processes that shall reach it, and no file of settings of whoever runs the tests. */
  readonly environment: NodeJS.ProcessEnv;

  constructor(missing: readonly string[] = []) {
    const bin = join(this.folder, 'bin');
    mkdirSync(bin);
    for (const command of commands) {
      if (missing.includes(command)) continue;
      const path = join(bin, command);
      writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${script}' ${command} "$@"\n`);
      chmodSync(path, 0o755);
    }
    this.environment = {
      ...process.env,
      // Nothing else: a real Slurm of this machine must not answer.
      PATH: bin,
      FAKE_SLURM: this.folder,
      XDG_CONFIG_HOME: join(this.folder, 'settings'),
    };
  }

  /** Lets commands lie from now on. */
  lie(...faults: readonly Fault[]): void {
    writeFileSync(join(this.folder, 'faults.json'), JSON.stringify(faults));
  }

  /** Takes so many jobs and tasks at once from now on. */
  limit(most: number): void {
    writeFileSync(join(this.folder, 'limit.json'), String(most));
  }

  /** Its commands, in this process. */
  readonly call: CallCommand = async (command, args) => {
    const isMissing = !existsSync(join(this.folder, 'bin', command));
    if (isMissing) return { status: null, stdout: '', stderr: '', isMissing, isLate: false };
    return { ...(await answer(this.folder, command, args)), isMissing, isLate: false };
  };

  /** Calls so far, each a command with its arguments. */
  calls(): readonly (readonly string[])[] {
    const path = join(this.folder, 'calls.jsonl');
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as string[]);
  }

  jobs(): readonly FakeJob[] {
    return this.#read().jobs;
  }

  /** Changes jobs as `change` says. */
  change(change: (job: FakeJob) => void): void {
    const queue = this.#read();
    queue.jobs.forEach(change);
    writeFileSync(join(this.folder, 'queue.json'), JSON.stringify(queue));
  }

  /** Runs jobs, each after those that it waits for, until none waits.
   *  @param hear hears what a job says, and may send it a signal
   *  @returns their ids in the order in which they were started */
  async runQueue(hear: Hear = () => {}): Promise<readonly string[]> {
    const most = 40;
    const started: string[] = [];
    for (;;) {
      const next = this.jobs().find((job) => job.state === 'PENDING' && this.#isFree(job));
      if (next === undefined || started.length >= most) return started;
      started.push(idOf(next));
      await this.#run(next, hear);
    }
  }

  /** Forgets all jobs, as a controller does in time. */
  forget(): void {
    rmSync(join(this.folder, 'queue.json'), { force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #isFree({ after }: FakeJob): boolean {
    const open = this.jobs().filter(({ state }) => state === 'PENDING' || state === 'RUNNING');
    return after.every((id) => !open.some((job) => id === idOf(job) || id === String(job.job)));
  }

  async #run(job: FakeJob, hear: Hear): Promise<void> {
    const set = (values: Partial<FakeJob>): void =>
      this.change((each) => {
        if (idOf(each) === idOf(job)) Object.assign(each, values);
      });
    set({ state: 'RUNNING', reason: 'None', node: 'n1' });
    const cpus = job.args.find((each) => each.startsWith('--cpus-per-task='))?.slice(16);
    const env = {
      ...this.environment,
      SLURM_JOB_ID: String(job.job),
      ...(cpus === undefined ? {} : { SLURM_CPUS_PER_TASK: cpus }),
      ...(job.index === null
        ? {}
        : { SLURM_ARRAY_JOB_ID: String(job.job), SLURM_ARRAY_TASK_ID: String(job.index) }),
      ...(job.starts === 0 ? {} : { SLURM_RESTART_COUNT: String(job.starts) }),
    };
    const output = job.args.find((each) => each.startsWith('--output='))?.slice(9) ?? '';
    const log = output.replace('%A', String(job.job)).replace('%a', String(job.index));
    const child = spawn('/bin/bash', [job.script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        hear(job, text, (signal) => child.kill(signal));
      });
    }
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    writeFileSync(log.replace('%j', String(job.job)), said, { flag: 'a' });
    const now = this.jobs().find((each) => idOf(each) === idOf(job));
    if (now?.state === 'RUNNING') set({ state: status === 0 ? 'COMPLETED' : 'FAILED' });
  }

  #read(): { next: number; jobs: FakeJob[] } {
    const path = join(this.folder, 'queue.json');
    if (!existsSync(path)) return { next: 101, jobs: [] };
    return JSON.parse(readFileSync(path, 'utf8')) as { next: number; jobs: FakeJob[] };
  }
}

function idOf({ job, index }: FakeJob): string {
  return index === null ? String(job) : `${job}_${index}`;
}
