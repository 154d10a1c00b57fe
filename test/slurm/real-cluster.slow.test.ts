// A study of both phases through a real Slurm, of Debian's packages, while everything happens that
// happens on clusters: a node is drained, another dies, jobs are preempted, time limits come, the
// controller is started again, a worker is killed twice. The study ends complete, and its
// results.json is that of a run on this machine, byte for byte.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  killDaemon,
  startCluster,
  startController,
  startNode,
  stopCluster,
  whyNot,
} from '../../scripts/slurm/cluster.mjs';
import { OnCluster } from './on-cluster.js';

const missing = whyNot();
const place = mkdtempSync(join(tmpdir(), 'selffer-real-slurm-'));
const study = join(place, 'study.yaml');
const out = join(place, 'out');
let on: OnCluster;

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
  on = new OnCluster(await startCluster(join(place, 'cluster')), out);
}, 120_000);

afterAll(async () => {
  if (missing === null) await stopCluster(join(place, 'cluster'));
  rmSync(place, { recursive: true, force: true });
}, 60_000);

test('a study survives what happens on clusters, and its numbers do not show it', async ({
  skip,
}) => {
  if (missing !== null) skip(missing);
  const asked = ['run', study, '--out', out, '--on', 'slurm', '--partition', 'main'];
  const submitted = on.selffer(...asked);
  expect(submitted.status, submitted.stderr).toBe(0);

  // A worker crashes twice: its task is tried again, with a pause.
  const gang = await on.killWorker(null);
  await on.until('the crash is noted', () => on.logs().includes('SIGKILL'));
  await on.killWorker(gang);

  // A node is drained: nothing new starts there.
  await on.until('something runs', () => on.runningOn() > 0);
  on.call('scontrol', 'update', 'NodeName=n1', 'State=DRAIN', 'Reason=test');

  // Others with more rights want all nodes that there are.
  await on.until('something runs on n2', () => on.runningOn('n2') > 0);
  const urgent = ['--partition=urgent', '--nodelist=n2', '--exclusive', '--time=1'];
  on.call('sbatch', ...urgent, '--output=/dev/null', '--wrap=sleep 5');
  await on.until('a task is preempted', () =>
    /preempt|wanted by others|asked to end/.test(on.logs()),
  );
  on.call('scontrol', 'update', 'NodeName=n1', 'State=RESUME');

  // The same command meanwhile submits nothing twice.
  const again = on.selffer(...asked);
  expect(again.status, again.stderr).toBe(0);

  // A node dies with all that runs there, and comes back.
  await on.until('something runs on n2 again', () => on.runningOn('n2') > 0);
  killDaemon(on.cluster, 'n2', 'SIGKILL');
  on.killAllOn('n2');
  await on.until('n2 is down', () =>
    /down/.test(on.call('sinfo', '-h', '-n', 'n2', '-o', '%T').stdout),
  );
  startNode(on.cluster, 'n2');

  // The controller goes away for a while, in the middle of everything. (One that is killed forgets
  // its last seconds, and drains nodes over jobs that it does not know it has started.)
  await on.until('something runs after that', () => on.runningOn() > 0);
  killDaemon(on.cluster, 'slurmctld');
  await sleep(5000);
  startController(on.cluster);

  await on.until('the queue is empty', () => on.queue().length === 0, 40);
  const all = on.logs();
  expect(all).toContain('its time limit came; all was saved');
  expect(on.unfinished(), all).toEqual([]);
  expect(existsSync(join(out, 'report.html'))).toBe(true);

  const local = join(place, 'local');
  const alone = ['run', study, '--out', local, '--threads', '1', '--workers', '2'];
  expect(on.selffer(...alone).status).toBe(0);
  const results = (of: string): string => readFileSync(join(of, 'results.json'), 'utf8');
  expect(results(out)).toBe(results(local));
}, 4_000_000);
