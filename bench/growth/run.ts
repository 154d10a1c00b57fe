// How the cost of an iteration grows with the number of networks in a gang, merged and one by one, and with the minibatch.
// Usage: npm run bench:growth -- [--rounds N] [--iterations N] [--threads N] [--out DIR]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderFigure } from '../../src/figures/render.js';
import { divideIntoGangs, gangJob } from '../../src/study/gangs.js';
import type { PlannedNetwork } from '../../src/study/plan.js';
import type { GangJob } from '../../src/train/job.js';
import { describeEnvironment } from '../environment.js';
import { median } from '../median.js';
import { preparePlan } from '../study/prepare.js';
import { startEngine } from '../study/subjects.js';
import { growthFigure, type Point } from './figure.js';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    iterations: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    out: { type: 'string' },
  },
});
const COUNTS = [1, 2, 4, 7, 14, 28];
const BATCHES = [16, 32, 64, 128, 256];
const WARM_UP = 1;

const threads = Number(options.threads);
const environment = describeEnvironment('bench:growth', threads);
const plan = await preparePlan(['solver.epochs=2']);
const directory = mkdtempSync(join(tmpdir(), 'selffer-growth-'));
const limits = { memoryBytes: Infinity, networks: 64 };
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
  const answer = await contestant.ask({ job, warmUp: WARM_UP, iterations, saveWeights });
  measured.set(key, [...(measured.get(key) ?? []), median(answer.iterationMs)]);
}

const bases = plan.networks.filter(({ phase }) => phase === 'base');
const family = plan.networks.filter(({ phase, target }) => phase !== 'base' && target === 'A');
// Every so many networks of the plan's order. Small gangs have one depth only (1, 2 and 4 networks: n = 1), so their points and those of
// the larger gangs are no single curve.
const sample = (count: number): readonly PlannedNetwork[] =>
  family.filter((_, i) => (i * count) % family.length < count);

try {
  for (const base of bases) await measure(base.name, jobOf([base]), true);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const network of family) await measure(network.name, jobOf([network]));
    for (const count of COUNTS) await measure(`gang ${count}`, jobOf(sample(count)));
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
const points: Point[] = [
  ...COUNTS.flatMap((networks): Point[] => [
    { panel: 'gang', way: 'one gang', x: networks, ms: msOf(`gang ${networks}`) },
    {
      panel: 'gang',
      way: 'one by one',
      x: networks,
      ms: sample(networks).reduce((sum, { name }) => sum + msOf(name), 0),
    },
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
  const result = { environment, points, roundsMs: Object.fromEntries(measured) };
  writeFileSync(join(options.out, 'result.json'), `${JSON.stringify(result, null, 1)}\n`);
  const { svg, png } = await renderFigure(growthFigure(points));
  writeFileSync(join(options.out, 'growth.svg'), svg);
  writeFileSync(join(options.out, 'growth.png'), png);
}
