// On a real Slurm that keeps accounts: a task whose processes are all killed is submitted again by
// the last job, images are staged once a node and removed at the end, the limit of an account is
// kept to, and how tasks ended can be seen when the queue has forgotten them.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster, stopCluster, whyNot } from '../../scripts/slurm/cluster.mjs';
import type { Cluster } from '../../scripts/slurm/cluster.mjs';
import { OnCluster } from './on-cluster.js';

const missing = whyNot({ accounts: true });
const place = mkdtempSync(join(tmpdir(), 'selffer-accounts-'));
const disks = join(place, 'disks');
let cluster: Cluster;

beforeAll(async () => {
  if (missing !== null) return;
  await writeImages(join(place, 'images'));
  // A disk for each node, which is one machine here.
  const disk = `${disks}/$SLURMD_NODENAME`;
  writeFileSync(
    join(place, 'study.yaml'),
    `name: staged
data: {source: images, size: 28, crop: 28, channels: 1}
network: glyph28
solver: {batch: 32, lr: 0.01, iterations: 600, testEvery: 200}
treatments: [base, BnB, AnB]
layers: [2]
cluster:
  {cpusPerTask: 1, mem: 1G, networksPerTask: 1, stage: true,
   setup: ['mkdir -p "${disk}"', 'export SLURM_TMPDIR="${disk}"']}
`,
  );
  // The queue forgets at once what has ended: only accounts tell.
  const config = ['MinJobAge=3'];
  cluster = await startCluster(join(place, 'cluster'), { accounts: true, config });
}, 120_000);

afterAll(async () => {
  if (missing === null) await stopCluster(join(place, 'cluster'));
  rmSync(place, { recursive: true, force: true });
}, 60_000);

/** Four classes of grey images, each a stripe at a place of its own, in noise. */
async function writeImages(folder: string): Promise<void> {
  for (const [part, count] of [
    ['train', 60],
    ['val', 20],
  ] as const) {
    for (let label = 0; label < 4; label++) {
      const own = join(folder, part, `class${label}`);
      mkdirSync(own, { recursive: true });
      for (let at = 0; at < count; at++) {
        const pixels = Buffer.from(
          Array.from({ length: 784 }, (_, i) =>
            Math.floor(i / 28 / 7) === label ? 200 : (i * (at + 7) * 31) % 128,
          ),
        );
        const raw = { width: 28, height: 28, channels: 1 } as const;
        await sharp(pixels, { raw })
          .png()
          .toFile(join(own, `${at}.png`));
      }
    }
  }
}

const submit = (on: OnCluster, ...options: readonly string[]) =>
  on.selffer('run', join(place, 'study.yaml'), '--out', on.out, '--on', 'slurm', ...options);

test('a task that is killed whole is submitted again, and images lie once on each node', async ({
  skip,
}) => {
  if (missing !== null) skip(missing);
  const on = new OnCluster(cluster, join(place, 'killed'));
  const submitted = submit(on);
  expect(submitted.status, submitted.stderr).toBe(0);
  // Its worker alone: the task itself says so, and goes back into the queue.
  await on.killWorker('split0/A/base');
  await on.until('the crash is noted', () => on.logs().includes('was ended by SIGKILL'));
  // All of its processes, as where a control group runs out of memory: nothing is left to say it.
  await on.killWorker('split0/A/base', true);
  await on.until('the queue is empty', () => on.queue().length === 0, 15);
  const logs = on.logs();
  expect(logs).toMatch(/back into the queue for 30 s/);
  expect(logs).toMatch(/submitted what was left: 3 tasks/);
  // How it ended is in no queue any more, but in the accounts.
  const ends = on.call('sacct', '--allocations', '--noheader', '--parsable2', '--format=State');
  expect(ends.stdout).toMatch(/FAILED/);
  expect(on.unfinished(), logs).toEqual([]);
  expect(existsSync(join(on.out, 'report.html'))).toBe(true);

  // Each node has copied the images once before it has removed them, and the last has.
  const copied = [...logs.matchAll(/copied to \S*disks\/(n\d)/g)].map(([, node]) => node);
  const removed = [...logs.matchAll(/disks\/(n\d)\S* is removed/g)].map(([, node]) => node);
  const left = readdirSync(disks, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.store'),
  );
  expect(new Set(copied), logs).toEqual(new Set(['n1', 'n2']));
  expect(removed.length, logs).toBeGreaterThan(0);
  expect(copied.length - removed.length, logs).toBe(left.length);
  expect(left.length).toBeLessThan(2);
}, 1_200_000);

test('what an account may not have in the queue is submitted by the last job, and how a task ended is in the accounts', async ({
  skip,
}) => {
  if (missing !== null) skip(missing);
  const on = new OnCluster(cluster, join(place, 'limited'));
  const limit = (most: number) =>
    on.call('sacctmgr', '-i', 'modify', 'user', 'root', 'set', `MaxSubmitJobs=${most}`);
  expect(limit(4).status).toBe(0);
  const submitted = submit(on, '--set', 'solver.iterations=300');
  expect(submitted.status, submitted.stderr).toBe(0);
  // Two bases and one that copies, beside the last job.
  expect(submitted.stderr).toMatch(
    /AssocMaxSubmitJobLimit\): 3 of 6 tasks are submitted; after them the last job submits the other 3/,
  );
  expect(on.queue()).toHaveLength(4);
  const again = submit(on, '--set', 'solver.iterations=300');
  expect(again.stdout, again.stderr).toMatch(/nothing new to submit; 6 were in the queue/);
  await on.until('the queue is empty', () => on.queue().length === 0, 15);
  expect(on.unfinished(), on.logs()).toEqual([]);
  expect(on.logs()).toMatch(/submitted what was left: \d tasks?/);

  limit(-1);
  const other = new OnCluster(cluster, join(place, 'cancelled'));
  expect(submit(other, '--only', 'split0/baseA').status).toBe(0);
  await other.until('it runs', () => other.runningOn() > 0);
  for (const { id } of other.queue()) other.call('scancel', id);
  const all = () => other.call('squeue', '--states=all', '--noheader').stdout;
  await other.until('the queue has forgotten it', () => all() === '');
  expect(other.selffer('status', other.out).stdout).toMatch(/_0 ended: CANCELLED/);
}, 1_200_000);
