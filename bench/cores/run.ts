// One worker of two threads against two workers of one thread, over sizes of gangs: which way to
// share out two cores is quicker? Two gangs of a size are trained one after the other by the one
// worker, and side by side by the two; and as one gang of twice the size, which is what a study
// does while memory allows it.
// Usage: npm run bench:cores -- [--networks LIST] [--sizes LIST] [--rounds N] [--minutes M]
// [--iterations N] [--out DIR]: no round is begun that would end after M minutes; N iterations of a
// network alone, fewer of larger gangs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { divideIntoGangs, gangJob, largestGang } from '../../src/study/plan/gangs.js';
import type { Plan, PlannedNetwork } from '../../src/study/plan/plan.js';
import type { GangJob } from '../../src/train/job.js';
import { describeEnvironment } from '../environment.js';
import { mixedOrder } from '../growth/fair-gangs.js';
import { median } from '../median.js';
import { preparePlan } from '../study/prepare.js';
import { startEngine } from '../study/subjects.js';
import { writeRecord } from '../write-record.js';
import { coresReadme, coresTable, type Times } from './table.js';

const { values: options } = parseArgs({
  options: {
    networks: { type: 'string', default: 'glyph28,tiny32' },
    sizes: { type: 'string', default: '1,2,4,8,16' },
    rounds: { type: 'string', default: '9' },
    minutes: { type: 'string', default: '5' },
    iterations: { type: 'string', default: '16' },
    out: { type: 'string' },
  },
});
const SIZES = options.sizes.split(',').map(Number);
const ITERATIONS = Number(options.iterations);

/** What is studied, and how many more iterations are timed of a network that is soon done. */
const SUBJECTS: Readonly<Record<string, { settings: readonly string[]; often: number }>> = {
  glyph28: {
    settings: [
      'data={source: glyphs, size: 28, crop: 28, mirror: false}',
      'solver.batch=64',
      'layers=[1,2,3,4,5]',
    ],
    often: 4,
  },
  tiny32: { settings: ['layers=[1,2,3,4,5,6,7]'], often: 1 },
};

const environment = describeEnvironment('bench:cores', 2);
const directory = mkdtempSync(join(tmpdir(), 'selffer-cores-'));
const both = startEngine('2 threads', 2);
const singles = [startEngine('1 thread', 1), startEngine('1 thread more', 1)] as const;

function jobOf(plan: Plan, networks: readonly PlannedNetwork[], threads: number): GangJob {
  const limits = { memoryBytes: Infinity, networks: largestGang };
  const [gang] = divideIntoGangs(plan, networks, limits);
  if (gang?.networks.length !== networks.length) throw new Error('not one gang');
  const engine = { executor: 'onednn', precision: 'fp32', exact: false } as const;
  return gangJob(plan, gang, join(directory, plan.study.network.name), {
    ...engine,
    threads,
    checkpointEverySeconds: 3600,
  });
}

async function iterationMs(
  contestant: typeof both,
  job: GangJob,
  iterations: number,
  saveWeights = false,
): Promise<number> {
  const request = { job, warmUp: 1, iterations, saveWeights, skipsTest: true };
  return median((await contestant.ask(request)).iterationMs);
}

/** One round of a size: two gangs that differ, each a circle's part of the family. */
async function measure(
  plan: Plan,
  [first, second]: readonly [readonly PlannedNetwork[], readonly PlannedNetwork[]],
  iterations: number,
  times: Times,
): Promise<void> {
  const ask = (threads: number, contestant: typeof both, members: readonly PlannedNetwork[]) =>
    iterationMs(contestant, jobOf(plan, members, threads), iterations);
  times.one.push((await ask(2, both, first)) + (await ask(2, both, second)));
  const sides = await Promise.all([ask(1, singles[0], first), ask(1, singles[1], second)]);
  times.two.push((sides[0] + sides[1]) / 2);
  const all = [...new Set([...first, ...second])];
  if (all.length === first.length + second.length) times.joined.push(await ask(2, both, all));
}

/** A network's study, and what was measured of it. */
interface Subject {
  readonly network: string;
  readonly plan: Plan;
  /** In a mixed order that begins anew at its end. */
  readonly family: readonly PlannedNetwork[];
  readonly often: number;
  readonly table: readonly Times[];
}

async function prepare(network: string): Promise<Subject> {
  const subject = SUBJECTS[network];
  if (subject === undefined) throw new Error(`no network ${network} here`);
  const plan = await preparePlan([`network=${network}`, ...subject.settings]);
  for (const base of plan.networks.filter(({ phase }) => phase === 'base')) {
    await iterationMs(both, jobOf(plan, [base], 2), 1, true);
  }
  const copies = plan.networks.filter(({ phase, target }) => phase !== 'base' && target === 'A');
  const table = SIZES.map((size): Times => ({ size, one: [], two: [], joined: [] }));
  return { network, plan, family: mixedOrder(copies), often: subject.often, table };
}

async function round({ plan, family, often, table }: Subject): Promise<void> {
  const members = (from: number, count: number): readonly PlannedNetwork[] =>
    Array.from({ length: count }, (_, i) => family[(from + i) % family.length] as PlannedNetwork);
  for (const times of table) {
    const { size } = times;
    // As long for each size, so that two workers hardly begin or end alone.
    const iterations = Math.max(2, Math.round((often * ITERATIONS) / size));
    await measure(plan, [members(0, size), members(size, size)], iterations, times);
  }
}

const subjects: Subject[] = [];
let rounds = 0;
try {
  for (const network of options.networks.split(',')) subjects.push(await prepare(network));
  const started = performance.now();
  const limitMs = Number(options.minutes) * 60_000;
  const isTimeFor = (): boolean =>
    rounds === 0 || ((performance.now() - started) * (rounds + 1)) / rounds <= limitMs;
  for (; rounds < Number(options.rounds) && isTimeFor(); rounds++) {
    for (const subject of subjects) await round(subject);
  }
} finally {
  for (const contestant of [both, ...singles]) contestant.end();
  rmSync(directory, { recursive: true, force: true });
}
const results = subjects.map(({ network, plan, table: times }) => {
  const batch = plan.networks[0]?.schedule.batch ?? 0;
  return { network, batch, times, table: coresTable(times) };
});
for (const { network, table } of results) console.log(`${network}, ${rounds} rounds\n${table}`);
if (options.out !== undefined) {
  const numbers = results.map(({ network, batch, times }) => ({ network, batch, times }));
  writeRecord(options.out, environment, numbers);
  const text = coresReadme(environment, results, rounds);
  writeFileSync(join(options.out, 'README.md'), text);
}
