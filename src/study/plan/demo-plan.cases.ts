// A made-up data set and studies over it, for tests of plans, gangs, stores and runs.
import type { DataFacts } from './data-facts.js';
import { type Plan, planStudy } from './plan.js';
import { presets } from '../../net/presets/table.js';
import type { Study } from '../study.js';
import { defaultTreatments } from '../treatments.js';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');

/** 26 classes of 100 training and 40 validation images, 28x28 grey. */
export const letterFacts: DataFacts = {
  store: 'glyphs',
  classes: letters,
  form: { channels: 1, height: 28, width: 28 },
  manifestHash: 'f'.repeat(64),
  trainCounts: letters.map(() => 100),
  valCounts: letters.map(() => 40),
};

/** Random halves, two splits, every treatment and n, two epochs. */
export const demoStudy: Study = {
  name: 'demo',
  tasks: [{ kind: 'random-halves', data: { source: ['glyphs'], size: 28 }, seeds: [0, 1] }],
  mirror: false,
  mean: 'source',
  network: presets.glyph28,
  solver: {
    lr: 0.01,
    momentum: 0.9,
    weightDecay: 5e-4,
    batch: 100,
    length: { epochs: 2 },
    steps: { fractions: [0.5] },
    gamma: 0.1,
    testEvery: { epochs: 1 },
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
};

/** The plan of the demo study with changes. */
export function demoPlan(change: Partial<Study> = {}): Plan {
  return planStudy({ ...demoStudy, ...change }, () => letterFacts);
}
