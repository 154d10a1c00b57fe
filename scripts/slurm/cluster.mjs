// A real Slurm on this machine alone, of Debian's packages: munge, a controller and several nodes,
// all in one folder, so that nothing of a cluster that is installed here is touched.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { accountDaemons, accountPackages, accountSettings, startAccounts } from './accounts.mjs';

/** What has to be installed, as Debian names it. */
export function packages({ accounts = false } = {}) {
  const needed = ['slurmctld', 'slurmd', 'slurm-client', 'munge'];
  return accounts ? [...needed, ...accountPackages] : needed;
}

const daemons = ['munged', 'slurmctld', 'slurmd'];
const START_SECONDS = 60;

/** Why no cluster can be started here; null if one can. */
export function whyNot({ accounts = false } = {}) {
  if (process.platform !== 'linux') return 'Slurm runs on Linux';
  if (process.getuid() !== 0) return 'the daemons of Slurm need root';
  const wanted = accounts ? [...daemons, ...accountDaemons] : daemons;
  const missing = wanted.filter((name) => spawnSync('which', [name]).status !== 0);
  if (missing.length === 0) return null;
  return `${missing.join(', ')} not found: apt-get install --no-install-recommends ${packages({ accounts }).join(' ')}`;
}

/** Starts a cluster whose configuration, state and logs are in `folder`, and waits until its nodes
 *  are idle. Two partitions share the nodes n1, n2, ...: `main`, and `urgent`, whose jobs send
 *  those of `main` back into the queue. `config`: lines of slurm.conf, in place of ours;
 *  `accounts`: jobs are accounted for, and the limits of root's account hold. The caller's own
 *  environment needs `SLURM_CONF` as the result says, for the commands of Slurm. */
export async function startCluster(
  folder,
  { nodes = 2, cpus = 2, config = [], accounts = false } = {},
) {
  const place = resolve(folder);
  mkdirSync(join(place, 'state'), { recursive: true });
  const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
  for (const name of names) mkdirSync(join(place, `spool-${name}`), { recursive: true });
  const [dbd, database, ...ports] = await freePorts(nodes + 3);
  const configuration = join(place, 'slurm.conf');
  const own = accounts ? accountSettings({ place, dbdPort: dbd }) : [];
  const keys = new Set(config.map(keyOf));
  const usual = settings({ place, names, cpus, ports }).filter((line) => !keys.has(keyOf(line)));
  const lines = [...usual, ...own, ...config];
  writeFileSync(configuration, `${lines.join('\n')}\n`);
  startMunge(place);
  if (accounts) await startAccounts(place, { dbd, database });
  const cluster = { folder: place, configuration, nodes: names };
  startController(cluster);
  for (const name of names) startNode(cluster, name);
  await waitForNodes(cluster);
  return cluster;
}

const keyOf = (line) => line.split('=')[0];

/** Starts, or starts again, the controller. */
export function startController({ configuration }) {
  command(configuration, 'slurmctld', []);
}

/** Starts, or starts again, the daemon of one node. */
export function startNode({ configuration }, name) {
  command(configuration, 'slurmd', ['-N', name]);
}

/** Ends one daemon: `slurmctld`, or the name of a node. @returns whether it ran */
export function killDaemon({ folder }, name, signal = 'SIGTERM') {
  const file = join(
    folder,
    /^(slurmctld|slurmdbd|mariadb|munged)$/.test(name) ? `${name}.pid` : `slurmd-${name}.pid`,
  );
  return killPid(file, signal);
}

/** Ends all jobs and daemons of the cluster in `folder`. */
export async function stopCluster(folder) {
  const place = resolve(folder);
  const configuration = join(place, 'slurm.conf');
  if (!existsSync(configuration)) return;
  const env = { ...process.env, SLURM_CONF: configuration };
  const limits = { env, stdio: 'ignore', timeout: 20_000 };
  spawnSync('scancel', ['--state=PENDING', '--user=root'], limits);
  spawnSync('scancel', ['--signal=KILL', '--full', '--user=root'], limits);
  const names = /^NodeName=.*$/gm;
  const nodes = [...readFileSync(configuration, 'utf8').matchAll(names)].map(
    ([line]) => /NodeName=(\S+)/.exec(line)[1],
  );
  for (const name of [...nodes, 'slurmctld', 'slurmdbd', 'mariadb', 'munged']) {
    await endDaemon({ folder: place }, name);
  }
}

async function endDaemon(cluster, name) {
  const until = Date.now() + 10_000;
  while (killDaemon(cluster, name, Date.now() < until ? 'SIGTERM' : 'SIGKILL')) await wait(100);
}

function killPid(file, signal) {
  if (!existsSync(file)) return false;
  const pid = Number(readFileSync(file, 'utf8'));
  if (!(pid > 1)) return false;
  try {
    process.kill(pid, signal);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

// A daemon that has ended stays in the table of processes where nobody waits for orphans.
function isZombie(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}

function settings({ place, names, cpus, ports }) {
  const [controllerPort, ...nodePorts] = ports;
  const host = hostname();
  const all = names.join(',');
  return [
    'ClusterName=selffer',
    `SlurmctldHost=${host}(127.0.0.1)`,
    ...['SlurmUser=root', 'SlurmdUser=root'],
    ...['AuthType=auth/munge', 'CredType=cred/munge', `AuthInfo=socket=${place}/munge.socket`],
    `StateSaveLocation=${place}/state`,
    `SlurmdSpoolDir=${place}/spool-%n`,
    `SlurmctldPidFile=${place}/slurmctld.pid`,
    `SlurmdPidFile=${place}/slurmd-%n.pid`,
    `SlurmctldLogFile=${place}/slurmctld.log`,
    `SlurmdLogFile=${place}/slurmd-%n.log`,
    `SlurmctldPort=${controllerPort}`,
    // Nothing that only a cluster's own machine has: no control groups, no accounts, no mail.
    ...['ProctrackType=proctrack/linuxproc', 'TaskPlugin=task/none'],
    ...['JobAcctGatherType=jobacct_gather/none', 'MailProg=/bin/true'],
    // A node may have more processors than there are here, and several nodes share them.
    'SlurmdParameters=config_overrides',
    ...['SelectType=select/cons_tres', 'SelectTypeParameters=CR_Core'],
    ...['SchedulerType=sched/backfill', 'ReturnToService=2'],
    'SchedulerParameters=batch_sched_delay=1,sched_interval=2,bf_interval=2',
    ...['PreemptType=preempt/partition_prio', 'PreemptMode=REQUEUE', 'JobRequeue=1'],
    ...['KillWait=10', 'MinJobAge=300', 'SlurmctldTimeout=30', 'SlurmdTimeout=20'],
    ...names.map(
      (name, index) =>
        `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${nodePorts[index]} CPUs=${cpus} RealMemory=8000`,
    ),
    `PartitionName=main Nodes=${all} Default=YES MaxTime=INFINITE PriorityTier=1 PreemptMode=REQUEUE GraceTime=20 State=UP`,
    `PartitionName=urgent Nodes=${all} MaxTime=INFINITE PriorityTier=10 PreemptMode=OFF State=UP`,
  ];
}

function startMunge(place) {
  const key = join(place, 'munge.key');
  if (!existsSync(key)) writeFileSync(key, randomBytes(1024), { mode: 0o400 });
  const files = { socket: 'socket', pid: 'pid', log: 'log', seed: 'seed' };
  execFileSync('munged', [
    '--force',
    `--key-file=${key}`,
    `--socket=${place}/munge.${files.socket}`,
    `--pid-file=${place}/munged.${files.pid}`,
    `--log-file=${place}/munged.${files.log}`,
    `--seed-file=${place}/munged.${files.seed}`,
  ]);
}

function command(configuration, name, args) {
  const env = { ...process.env, SLURM_CONF: configuration };
  return execFileSync(name, args, { env, encoding: 'utf8', timeout: 30_000 });
}

async function waitForNodes({ folder, configuration, nodes }) {
  const until = Date.now() + START_SECONDS * 1000;
  for (;;) {
    const states = statesOf(configuration);
    if (nodes.every((name) => states.get(name) === 'idle')) return;
    if (Date.now() > until) {
      const found = [...states].map(([name, state]) => `${name} ${state}`).join(', ');
      throw new Error(`found ${found || 'no node'} after ${START_SECONDS} s; see ${folder}/*.log`);
    }
    await wait(250);
  }
}

function statesOf(configuration) {
  try {
    const text = command(configuration, 'sinfo', ['--noheader', '--Node', '--format=%N %T']);
    return new Map(
      text
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    );
  } catch {
    return new Map(); // the controller does not answer yet
  }
}

function wait(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, listening));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

function listening() {
  const server = createServer();
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => done(server));
  });
}
