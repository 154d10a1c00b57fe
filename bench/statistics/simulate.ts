// One simulated study: networks whose accuracies are a world's effects plus noise of known make.
import { fillGaussian, streamKey } from '../../src/base/random-stream.js';
import type { NetworkResult } from '../../src/study/results/types.js';
import { type TreatmentKind, treatments } from '../../src/study/treatments.js';
import { made, type Role } from './made-network.js';
import { otherFamilies } from './other-families.js';
import { effectPt, layers, weightLayers, type World } from './worlds.js';

/** Standard deviation of one more training of the same network, percentage points: as in the
 *  paper's logs, between, and as in small studies. */
export const noiseLevels = { P: 0.2, M: 0.5, S: 0.8 } as const;

/** What else differs from study to study, standard deviations in percentage points. */
export const structures = {
  plain: { label: 'training noise alone', tasksPt: 0, relatednessPt: 0 },
  tasks: { label: 'tasks differ', tasksPt: 0.7, relatednessPt: 0 },
  halves: { label: 'halves differ in relatedness', tasksPt: 0.7, relatednessPt: 1 },
} as const;

/** How large a study is and how it scatters. */
export interface Design {
  readonly splits: number;
  readonly repeats: number;
  readonly noise: keyof typeof noiseLevels;
  readonly structure: keyof typeof structures;
}

/** Share of a base's luck that a network copied from it inherits. On 640 networks of glyphs the
 *  slopes were 0.4 to 0.9 for frozen copies and 0.4 for tuned ones. */
const inherited = { frozen: 0.5, tuned: 0.3 };

/** Share of a task's own effect that tuning leaves. */
const leftByTuning = 0.3;

/** Spread of complementary halves' difficulty: what one half is easier, the other is harder. */
const difficultyPt = 0.5;

/** Normal deviates of one study: the same seed, cell and number give the same ones. */
export function deviates(seed: number, cell: string, study: number): () => number {
  const values = new Float32Array(64);
  let used = values.length;
  let page = 0;
  return () => {
    if (used === values.length) {
      fillGaussian(values, streamKey(['statistics', seed, cell, study, page++]), 1);
      used = 0;
    }
    return values[used++] as number;
  };
}

/** Luck and deviations that the networks of one (split, repeat) share, by task. */
interface Shared {
  readonly split: string;
  readonly repeat: number;
  /** Mean accuracy of the base, percent, and the luck of its training, points. */
  readonly levelPercent: PerTask;
  readonly luckPt: PerTask;
  /** How much more, or less, this target's networks gain from the own and from the other task. */
  readonly ownPt: PerTask;
  readonly otherPt: PerTask;
}

type PerTask = Readonly<Record<'A' | 'B', number>>;

/** All networks of a study, done. A base carries its training's luck; a copy a share of the luck of
 *  the base that it was copied from, its target's deviation, and noise of its own.
 *  @param draw standard normal deviates */
export function simulate(world: World, design: Design, draw: () => number): NetworkResult[] {
  const noisePt = noiseLevels[design.noise];
  const { tasksPt, relatednessPt } = structures[design.structure];
  const each = (value: () => number): PerTask => ({ A: value(), B: value() });
  const networks: NetworkResult[] = [];
  for (let split = 0; split < design.splits; split++) {
    const relatedPt = relatednessPt * draw();
    const difficulty = difficultyPt * draw();
    const { basePercent } = world;
    const ofSplit = {
      split: `split${split}`,
      levelPercent: { A: basePercent + difficulty, B: basePercent - difficulty },
      ownPt: each(() => tasksPt * draw()),
      otherPt: each(() => relatedPt + tasksPt * draw()),
    };
    for (let repeat = 0; repeat < design.repeats; repeat++) {
      const shared = { ...ofSplit, repeat, luckPt: each(() => noisePt * draw()) };
      networks.push(...ofTarget(world, shared, 'A', () => noisePt * draw()));
      networks.push(...ofTarget(world, shared, 'B', () => noisePt * draw()));
    }
  }
  return [...networks, ...otherFamilies(world, () => noisePt * draw())];
}

const kinds: readonly TreatmentKind[] = ['base', 'BnB', 'BnB+', 'AnB', 'AnB+', 'warm-restart'];

function ofTarget(world: World, shared: Shared, target: 'A' | 'B', noise: () => number) {
  const family = world.isUnlike ? 'classes' : 'random-halves';
  const other = target === 'A' ? 'B' : 'A';
  return kinds.flatMap((treatment) => {
    const { source, layers: which } = treatments[treatment];
    const places = { none: [0], some: layers, all: [weightLayers] }[which];
    const from = { none: null, target, other }[source];
    return places.map((n) => {
      const role: Role = { family, treatment, source: from, target, n };
      const scatter =
        treatment === 'base'
          ? shared.luckPt[target]
          : scatterOf(treatment, shared, target, source === 'other' ? other : target) + noise();
      const effect = effectPt(world, treatment, n, target);
      return made(role, shared, shared.levelPercent[target] + effect + scatter);
    });
  });
}

// What a copy has of its base's luck and of its target's deviation.
function scatterOf(
  treatment: TreatmentKind,
  shared: Shared,
  target: 'A' | 'B',
  from: 'A' | 'B',
): number {
  const { layers: which } = treatments[treatment];
  const frozen = treatment === 'BnB' || treatment === 'AnB';
  const deviations = from === target ? shared.ownPt : shared.otherPt;
  const share = which === 'all' ? 0 : frozen ? 1 : leftByTuning;
  const luckShare = frozen ? inherited.frozen : inherited.tuned;
  return luckShare * shared.luckPt[from] + share * deviations[target];
}
