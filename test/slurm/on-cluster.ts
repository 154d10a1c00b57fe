// What tests on a real Slurm have in common: its commands, its queue, and the processes of its
// tasks.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../../scripts/slurm/cluster.mjs';

const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));

/** A process of a task. */
export interface TaskProcess {
  readonly pid: number;
  readonly parent: number;
  readonly line: string;
  /** That it thinks it is on. */
  readonly node: string | undefined;
}

/** A real cluster, and a study's folder on it. */
export class OnCluster {
  readonly cluster: Cluster;
  readonly out: string;

  constructor(cluster: Cluster, out: string) {
    this.cluster = cluster;
    this.out = out;
  }

  call(command: string, ...args: readonly string[]) {
    const env = { ...process.env, SLURM_CONF: this.cluster.configuration };
    return spawnSync(command, args, { env, encoding: 'utf8' });
  }

  selffer(...args: readonly string[]) {
    return this.call(process.execPath, bin, ...args);
  }

  /** Jobs of partition `main`: id, state and node. */
  queue() {
    const options = ['--partition=main', '--array', '--noheader', '--format=%i|%T|%N'];
    return this.call('squeue', ...options)
      .stdout.split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('|'))
      .map(([id = '', state = '', node = '']) => ({ id, state, node }));
  }

  runningOn(node?: string): number {
    const isOn = (name: string): boolean => (node ?? name) === name;
    return this.queue().filter((job) => job.state === 'RUNNING' && isOn(job.node)).length;
  }

  async until(what: string, isSo: () => boolean, minutes = 10): Promise<void> {
    const end = Date.now() + minutes * 60_000;
    while (!isSo()) {
      if (Date.now() > end) {
        throw new Error(`not within ${minutes} minutes: ${what}\n${this.logs()}`);
      }
      await sleep(500);
    }
  }

  /** All logs of the study's tasks. */
  logs(): string {
    const folder = join(this.out, 'jobs/slurm');
    if (!existsSync(folder)) return '';
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.log'))
      .map((path) => `== ${path}\n${readFileSync(join(folder, path), 'utf8')}`)
      .join('\n');
  }

  /** Names and states of the study's networks that are not done. */
  unfinished(): readonly { readonly name: string; readonly state: string }[] {
    const { stdout } = this.selffer('status', this.out, '--json');
    const { networks } = JSON.parse(stdout) as {
      readonly networks: readonly { readonly name: string; readonly state: string }[];
    };
    return networks.filter(({ state }) => state !== 'done');
  }

  processes(): readonly TaskProcess[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
          const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
          if (!environment.includes(`SLURM_CONF=${this.cluster.configuration}`)) return [];
          const node = environment.find((each) => each.startsWith('SLURMD_NODENAME='))?.slice(16);
          const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
          const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
          return [{ pid: Number(pid), parent, line, node }];
        } catch {
          return []; // it has ended
        }
      });
  }

  /** Ends all tasks of a node as a loss of power does: Slurm's own processes that watch over them
   *  go first, so that nothing is left to say how they ended. */
  killAllOn(wanted: string): void {
    const own = this.processes().filter(({ node }) => node === wanted);
    const tasks = new Set(own.map(({ pid }) => pid));
    const watchers = own.map(({ parent }) => parent).filter((parent) => !tasks.has(parent));
    for (const pid of [...new Set(watchers), ...tasks]) {
      if (pid > 1) process.kill(pid, 'SIGKILL');
    }
  }

  /** Ends the worker of one gang the hard way, when it next runs; `whole`: and the process of the
   *  task that started it. @returns the gang */
  async killWorker(gang: string | null, whole = false): Promise<string> {
    let found: { readonly pid: number; readonly parent: number; readonly name: string } | undefined;
    await this.until(`a worker of ${gang ?? 'any gang'} runs`, () => {
      for (const { pid, parent, line } of this.processes()) {
        const name = line.includes('--job') ? gangOf(line) : null;
        if (name !== null && (gang === null || gang === name)) found ??= { pid, parent, name };
      }
      return found !== undefined;
    });
    const { pid = NaN, parent = NaN, name = '' } = found ?? {};
    // The task first: it would say how its worker ended.
    if (whole) process.kill(parent, 'SIGKILL');
    process.kill(pid, 'SIGKILL');
    return name;
  }
}

function gangOf(line: string): string | null {
  try {
    const path = /--job\0([^\0]+)/.exec(line)?.[1] ?? '';
    return (JSON.parse(readFileSync(path, 'utf8')) as { readonly name: string }).name;
  } catch {
    return null;
  }
}
