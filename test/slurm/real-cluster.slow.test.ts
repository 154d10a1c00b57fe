// A study of both phases through a real Slurm, of Debian's packages, while everything happens that
// happens on clusters: a node is drained, another dies, jobs are preempted, time limits come, the
// controller is started again, a worker is killed twice. The study ends complete, and its
// results.json is that of a run on this machine, byte for byte.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Cluster,
  killDaemon,
  startCluster,
  startController,
  startNode,
  stopCluster,
  whyNot,
} from '../../scripts/slurm/cluster.mjs';

const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const missing = whyNot();
const place = mkdtempSync(join(tmpdir(), 'selffer-real-slurm-'));
const study = join(place, 'study.yaml');
const out = join(place, 'out');
let cluster: Cluster;

beforeAll(async () => {
  if (missing !== null) return;
  writeFileSync(
    study,
    `name: through-slurm
data: {source: glyphs}
network: glyph28
solver: {batch: 32, lr: 0.01, iterations: 2500, testEvery: 500}
treatments: [base, BnB+, AnB]
layers: [2, 4]
cluster: {cpusPerTask: 1, mem: 1G, time: '0:02:00', saveBefore: 30, networksPerTask: 1}
`,
  );
  cluster = await startCluster(join(place, 'cluster'));
}, 120_000);

afterAll(async () => {
  if (missing === null) await stopCluster(join(place, 'cluster'));
  rmSync(place, { recursive: true, force: true });
}, 60_000);

function call(command: string, ...args: readonly string[]) {
  const env = { ...process.env, SLURM_CONF: cluster.configuration };
  return spawnSync(command, args, { env, encoding: 'utf8' });
}

/** Jobs of partition `main`: id, state and node. */
function queue(): readonly {
  readonly id: string;
  readonly state: string;
  readonly node: string;
}[] {
  const options = ['--partition=main', '--array', '--noheader', '--format=%i|%T|%N'];
  return call('squeue', ...options)
    .stdout.split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('|'))
    .map(([id = '', state = '', node = '']) => ({ id, state, node }));
}

async function until(what: string, isSo: () => boolean, minutes = 10): Promise<void> {
  const end = Date.now() + minutes * 60_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`not within ${minutes} minutes: ${what}\n${logs()}`);
    await sleep(500);
  }
}

const runningOn = (node?: string): number =>
  queue().filter((job) => job.state === 'RUNNING' && (node ?? job.node) === job.node).length;

function logs(): string {
  const folder = join(out, 'jobs/slurm');
  if (!existsSync(folder)) return '';
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.log'))
    .map((path) => `== ${path}\n${readFileSync(join(folder, path), 'utf8')}`)
    .join('\n');
}

/** Processes of this test's tasks: their number, command line and the node that they think they
 *  are on. */
function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        if (!environment.includes(`SLURM_CONF=${cluster.configuration}`)) return [];
        const node = environment.find((each) => each.startsWith('SLURMD_NODENAME='))?.slice(16);
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [{ pid: Number(pid), parent, line, node }];
      } catch {
        return []; // it has ended
      }
    });
}

/** Ends all tasks of a node as a loss of power does: Slurm's own processes that watch over them go
 *  first, so that nothing is left to say how they ended. */
function killAllOn(wanted: string): void {
  const own = processes().filter(({ node }) => node === wanted);
  const tasks = new Set(own.map(({ pid }) => pid));
  const watchers = own.map(({ parent }) => parent).filter((parent) => !tasks.has(parent));
  for (const pid of [...new Set(watchers), ...tasks]) {
    if (pid > 1) process.kill(pid, 'SIGKILL');
  }
}

const workers = () => processes().filter(({ line }) => line.includes('--job'));

function gangOf(line: string): string | null {
  try {
    const path = /--job\0([^\0]+)/.exec(line)?.[1] ?? '';
    return (JSON.parse(readFileSync(path, 'utf8')) as { readonly name: string }).name;
  } catch {
    return null;
  }
}

/** Ends the worker of one gang the hard way, when it next runs. @returns the gang */
async function killWorker(gang: string | null): Promise<string> {
  let found: { readonly pid: number; readonly name: string } | undefined;
  await until(`a worker of ${gang ?? 'any gang'} runs`, () => {
    for (const { pid, line } of workers()) {
      const name = gangOf(line);
      if (name !== null && (gang === null || gang === name)) found ??= { pid, name };
    }
    return found !== undefined;
  });
  process.kill(found?.pid ?? NaN, 'SIGKILL');
  return found?.name ?? '';
}

test('a study survives what happens on clusters, and its numbers do not show it', async ({
  skip,
}) => {
  if (missing !== null) skip(missing);
  const asked = ['run', study, '--out', out, '--on', 'slurm', '--partition', 'main'];
  const submitted = call(process.execPath, bin, ...asked);
  expect(submitted.status, submitted.stderr).toBe(0);

  // A worker crashes twice: its task is tried again, with a pause.
  const gang = await killWorker(null);
  await until('the crash is noted', () => logs().includes('SIGKILL'));
  await killWorker(gang);

  // A node is drained: nothing new starts there.
  await until('something runs', () => runningOn() > 0);
  call('scontrol', 'update', 'NodeName=n1', 'State=DRAIN', 'Reason=test');

  // Others with more rights want all nodes that there are.
  await until('something runs on n2', () => runningOn('n2') > 0);
  const urgent = ['--partition=urgent', '--nodelist=n2', '--exclusive', '--time=1'];
  call('sbatch', ...urgent, '--output=/dev/null', '--wrap=sleep 5');
  await until('a task is preempted', () => /preempt|wanted by others|asked to end/.test(logs()));
  call('scontrol', 'update', 'NodeName=n1', 'State=RESUME');

  // The same command meanwhile submits nothing twice.
  const again = call(process.execPath, bin, ...asked);
  expect(again.status, again.stderr).toBe(0);

  // A node dies with all that runs there, and comes back.
  await until('something runs on n2 again', () => runningOn('n2') > 0);
  killDaemon(cluster, 'n2', 'SIGKILL');
  killAllOn('n2');
  await until('n2 is down', () => /down/.test(call('sinfo', '-h', '-n', 'n2', '-o', '%T').stdout));
  startNode(cluster, 'n2');

  // The controller goes away for a while, in the middle of everything. (One that is killed forgets
  // its last seconds, and drains nodes over jobs that it does not know it has started.)
  await until('something runs after that', () => runningOn() > 0);
  killDaemon(cluster, 'slurmctld');
  await sleep(5000);
  startController(cluster);

  await until('the queue is empty', () => queue().length === 0, 40);
  const all = logs();
  expect(all).toContain('its time limit came; all was saved');
  const status = call(process.execPath, bin, 'status', out, '--json');
  const { networks } = JSON.parse(status.stdout) as {
    readonly networks: readonly { readonly name: string; readonly state: string }[];
  };
  expect(
    networks.filter(({ state }) => state !== 'done'),
    all,
  ).toEqual([]);
  expect(existsSync(join(out, 'report.html'))).toBe(true);

  const local = join(place, 'local');
  const alone = ['run', study, '--out', local, '--threads', '1', '--workers', '2'];
  expect(call(process.execPath, bin, ...alone).status).toBe(0);
  const results = (of: string): string => readFileSync(join(of, 'results.json'), 'utf8');
  expect(results(out)).toBe(results(local));
}, 4_000_000);
