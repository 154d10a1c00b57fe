// How the cost of an iteration grows with the number of networks in a gang, merged and one by one,
// and with the minibatch. A gang's cost depends on which networks are in it, so every size is
// measured over gangs that hold every network of the family equally often.
// Usage: npm run bench:growth -- [--network NAME] [--layers LIST] [--rounds N] [--iterations N]
// [--threads N] [--counts LIST] [--out DIR]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderFigure } from '../../src/report/draw/render.js';
import { divideIntoGangs, gangJob, largestGang } from '../../src/study/plan/gangs.js';
import type { PlannedNetwork } from '../../src/study/plan/plan.js';
import type { GangJob } from '../../src/train/job.js';
import { describeEnvironment } from '../environment.js';
import { median } from '../median.js';
import { preparePlan } from '../study/prepare.js';
import { startEngine } from '../study/subjects.js';
import { growthFigure, type Point } from './figure.js';
import { fairGangs, mixedOrder } from './fair-gangs.js';

const { values: options } = parseArgs({
  options: {
    network: { type: 'string', default: 'tiny32' },
    layers: { type: 'string' },
    counts: { type: 'string', default: '1,2,4,8,14,28' },
    batches: { type: 'string', default: '16,32,64,128,256' },
    rounds: { type: 'string', default: '3' },
    iterations: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    out: { type: 'string' },
  },
});
// Seven depths, for a family of 28 whose mixed order exists (fair-gangs.ts).
const SEVEN: Readonly<Record<string, string>> = {
  resnet20: '1,2,4,5,7,8,10',
  'vit-tiny32': '1,3,5,7,9,11,13',
};
const numbers = (list: string): readonly number[] => list.split(',').filter(Boolean).map(Number);
const COUNTS = numbers(options.counts);
const BATCHES = numbers(options.batches);
const WARM_UP = 1;

const threads = Number(options.threads);
const environment = describeEnvironment('bench:growth', threads);
const layers = options.layers ?? SEVEN[options.network] ?? '1,2,3,4,5,6,7';
const plan = await preparePlan([
  'solver.epochs=2',
  `network=${options.network}`,
  `layers=[${layers}]`,
]);
const directory = mkdtempSync(join(tmpdir(), 'selffer-growth-'));
const limits = { memoryBytes: Infinity, networks: largestGang };
const engine = {
  ...({ executor: 'onednn', precision: 'fp32', exact: false } as const),
  ...{ threads, checkpointEverySeconds: 3600 },
};
const contestant = startEngine('selffer fp32', threads);
// Median milliseconds of one iteration by what was trained, a value a round.
const measured = new Map<string, number[]>();

function jobOf(networks: readonly PlannedNetwork[]): GangJob {
  const [gang] = divideIntoGangs(plan, networks, limits);
  if (!gang || gang.networks.length !== networks.length) throw new Error('not one gang');
  return gangJob(plan, gang, directory, engine);
}

async function measure(key: string, job: GangJob, saveWeights = false): Promise<void> {
  const iterations = Number(options.iterations);
  const request = { job, warmUp: WARM_UP, iterations, saveWeights, skipsTest: true };
  const answer = await contestant.ask(request);
  measured.set(key, [...(measured.get(key) ?? []), median(answer.iterationMs)]);
}

const bases = plan.networks.filter(({ phase }) => phase === 'base');
const family = mixedOrder(
  plan.networks.filter(({ phase, target }) => phase !== 'base' && target === 'A'),
);
const gangs = COUNTS.map((count) => ({ count, members: fairGangs(family, count) }));
const keyOf = (members: readonly PlannedNetwork[]): string =>
  members.map(({ name }) => name).join(' ');

try {
  for (const base of bases) await measure(base.name, jobOf([base]), true);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const members of gangs.flatMap((size) => size.members)) {
      await measure(keyOf(members), jobOf(members));
    }
    const [base] = bases as [PlannedNetwork];
    for (const batch of BATCHES) {
      const job = jobOf([base]);
      await measure(`batch ${batch}`, { ...job, schedule: { ...job.schedule, batch } });
    }
    console.log(`round ${round + 1} of ${options.rounds}`);
  }
} finally {
  contestant.end();
  rmSync(directory, { recursive: true, force: true });
}

const msOf = (key: string): number => median(measured.get(key) ?? []);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const aloneMs = mean(family.map((network) => msOf(keyOf([network]))));
const points: Point[] = [
  ...gangs.flatMap(({ count: x, members }): Point[] => [
    { panel: 'gang', way: 'one gang', x, ms: mean(members.map((each) => msOf(keyOf(each)))) },
    { panel: 'gang', way: 'one by one', x, ms: x * aloneMs },
  ]),
  ...BATCHES.map((batch): Point => ({
    panel: 'batch',
    way: 'base',
    x: batch,
    ms: msOf(`batch ${batch}`),
  })),
];
for (const { panel, way, x, ms } of points) {
  const what = panel === 'gang' ? `${x} networks, ${way}` : `minibatch of ${x}`;
  console.log(`${what.padEnd(28)} ${ms.toFixed(1).padStart(8)} ms an iteration`);
}
if (options.out !== undefined) {
  mkdirSync(options.out, { recursive: true });
  const { network } = options;
  const result = { environment, network, layers, points, roundsMs: Object.fromEntries(measured) };
  writeFileSync(join(options.out, 'result.json'), `${JSON.stringify(result, null, 1)}\n`);
  const { svg, png } = await renderFigure(growthFigure(options.network, points));
  writeFileSync(join(options.out, 'growth.svg'), svg);
  writeFileSync(join(options.out, 'growth.png'), png);
}
