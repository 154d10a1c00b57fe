// Studies over made-up facts whose plans and programs are kept as golden files: what no refactoring
// may change.
import { presets } from '../../src/net/presets/table.js';
import type { PresetName } from '../../src/net/presets/table.js';
import type { DataFacts } from '../../src/study/plan/data-facts.js';
import { divideIntoGangs, type Engine, type Gang, gangJob } from '../../src/study/plan/gangs.js';
import { type Plan, planStudy } from '../../src/study/plan/plan.js';
import type { Study } from '../../src/study/study.js';
import type { TreatmentKind } from '../../src/study/treatments.js';
import type { GangJob } from '../../src/train/job.js';

const classes = Array.from({ length: 20 }, (_, index) => `class${String(index).padStart(2, '0')}`);

/** 20 classes of 100 training and 10 validation images in the form that a preset takes. */
export function factsFor(preset: PresetName): DataFacts {
  const { channels, height: crop } = presets[preset].input;
  return {
    store: '/made/images.store',
    classes,
    form: { channels, height: crop + 4, width: crop + 4 },
    manifestHash: 'e'.repeat(64),
    trainCounts: classes.map(() => 100),
    valCounts: classes.map(() => 10),
  };
}

/** One split of two halves; every n of the treatments that are given. */
export function presetStudy(preset: PresetName, treatments: readonly TreatmentKind[]): Study {
  return {
    name: `golden-${preset}`,
    tasks: [{ kind: 'random-halves', data: { source: ['made'], size: 0 }, seeds: [0] }],
    mirror: true,
    mean: 'source',
    network: presets[preset],
    solver: {
      lr: 0.01,
      momentum: 0.9,
      weightDecay: 5e-4,
      batch: 8,
      length: { epochs: 4 },
      steps: { fractions: [0.6, 0.85] },
      gamma: 0.1,
      testEvery: { epochs: 1 },
    },
    treatments,
    layers: [1, 2, 3, 4, 5, 6, 7].filter((n) => n < (preset === 'glyph28' ? 6 : 8)),
    targets: ['A', 'B'],
    imagesPerClass: [null],
    repeats: 1,
    seed: 0,
    precision: 'fp32',
    statistic: 'final',
    keep: 'bases',
  };
}

const engine: Engine = {
  executor: 'onednn',
  precision: 'fp32',
  exact: false,
  threads: 2,
  checkpointEverySeconds: 60,
};

/** The job of the gang of `study` that is named `gangName`, undivided. */
export function goldenJob(preset: PresetName, study: Study, gangName: string): GangJob {
  const plan: Plan = planStudy(study, () => factsFor(preset));
  const gangs = divideIntoGangs(plan, plan.networks, { memoryBytes: Infinity, networks: 1000 });
  const gang = gangs.find(({ name }) => name === gangName) as Gang;
  return gangJob(plan, gang, '/study', engine);
}
