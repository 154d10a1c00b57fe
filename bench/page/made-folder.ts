// A study's folder as a run leaves it, without any training: networks that have ended, one that is
// being trained, tests of all of them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { presets } from '../../src/net/presets/table.js';
import { networkFiles } from '../../src/runs/files.js';
import type { MetricsLine } from '../../src/runs/metrics.js';
import type { DataFacts } from '../../src/study/plan/data-facts.js';
import { type Plan, type PlannedNetwork, planStudy } from '../../src/study/plan/plan.js';
import { openFolder } from '../../src/study/store/open-folder.js';
import { defaultTreatments } from '../../src/study/treatments.js';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');

const facts: DataFacts = {
  store: 'glyphs',
  classes: letters,
  form: { channels: 1, height: 28, width: 28 },
  manifestHash: 'f'.repeat(64),
  trainCounts: letters.map(() => 100),
  valCounts: letters.map(() => 40),
};

/** How large the study is. */
export interface MadeFolder {
  /** 54 networks each. */
  readonly splits: number;
  /** Tests of each network. */
  readonly tests: number;
  /** Networks at the end of the plan that have not begun. */
  readonly waiting?: number;
}

const EVERY = 20;

/** Plans the study and writes its folder. */
export function writeMadeFolder(directory: string, made: MadeFolder): Plan {
  const seeds = Array.from({ length: made.splits }, (_, seed) => seed);
  const plan = planStudy(
    {
      name: 'made',
      tasks: [{ kind: 'random-halves', data: { source: ['glyphs'], size: 28 }, seeds }],
      mirror: false,
      mean: 'source',
      network: presets.glyph28,
      solver: {
        ...{ lr: 0.01, momentum: 0.9, weightDecay: 5e-4, batch: 100, gamma: 0.1 },
        length: { iterations: made.tests * EVERY },
        steps: { fractions: [0.5] },
        testEvery: { iterations: EVERY },
      },
      treatments: defaultTreatments,
      layers: [1, 2, 3, 4, 5],
      targets: ['A', 'B'],
      imagesPerClass: [null],
      repeats: 1,
      seed: 0,
      precision: 'fp32',
      statistic: 'final',
      keep: 'bases',
    },
    () => facts,
  );
  mkdirSync(directory, { recursive: true });
  openFolder(directory, plan, '', false);
  const begun = plan.networks.slice(0, plan.networks.length - (made.waiting ?? 0));
  for (const [at, network] of begun.entries()) endNetwork(directory, network, at, made.tests);
  return plan;
}

/** Lets a network have ended after so many tests. */
export function endNetwork(
  directory: string,
  { name, identity }: Pick<PlannedNetwork, 'name' | 'identity'>,
  at: number,
  tests: number,
): void {
  const lines = Array.from({ length: tests }, (_, test) => madeLine(at, test, tests));
  const { metrics, record } = networkFiles(directory, name);
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(metrics, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const last = lines.at(-1);
  const content = {
    ...{ schema: 'selffer.run/1', name, identity, state: 'done', iterations: tests * EVERY },
    finalAccuracy: last?.testAccuracy ?? null,
    finalTestLoss: last?.testLoss ?? null,
    top10Accuracy: last?.testAccuracy ?? null,
    finalTrainLoss: last?.trainLoss ?? null,
    ...{ valImages: 520, classes: 13, frozenAudit: [], executor: null, trainSeconds: 1 },
  };
  writeFileSync(record, `${JSON.stringify(content, null, 2)}\n`);
}

/** A test of network `at`: a curve that rises and wobbles. */
export function madeLine(at: number, test: number, tests: number): MetricsLine {
  const wobble = 0.01 * Math.sin(12.9898 * at + 78.233 * test);
  const testAccuracy = 0.9 - 0.8 * Math.exp((-5 * (test + 1)) / tests) + wobble;
  return {
    ...{ iteration: (test + 1) * EVERY, epoch: test, learningRate: 0.01, testAccuracy },
    ...{ trainLoss: 2 * (1 - testAccuracy), testLoss: 2.2 * (1 - testAccuracy) },
  };
}
