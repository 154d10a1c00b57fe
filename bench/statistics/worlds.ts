// The worlds that studies are simulated in: true effects of every treatment, and what is therefore
// true of the paper's findings.
import type { PaperFinding } from '../../src/report/paper/finding.js';
import type { TreatmentKind } from '../../src/study/treatments.js';

/** Whether a claim holds; `small`: it does, by less than 1 Pt. */
export type Truth = 'true' | 'small' | 'false';

/** L of the networks: n is 1 to 7, as in the paper. */
export const weightLayers = 8;

/** Every n. */
export const layers: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

/** Percentage points over the base of the own target at n = 1 ... 7; a number stands for all. */
type Effect = number | readonly number[];

/** A finding, of all targets or of one. */
export type FindingName = `${PaperFinding['id']}${'' | 'A' | 'B'}`;

/** True effects in one world. */
export interface World {
  /** In a table's first column. */
  readonly label: string;
  /** Treatments without a row have no effect. One effect for every target, or one a target. */
  readonly effects: Readonly<
    Partial<Record<TreatmentKind, Effect | { readonly A: Effect; readonly B: Effect }>>
  >;
  /** Mean accuracy of bases on random halves, percent; the paper has 62.5. */
  readonly basePercent: number;
  /** Two named lists of classes instead of random halves. */
  readonly isUnlike: boolean;
  /** The other experiments of the paper, one network each; null for none. */
  readonly others: Others | null;
  /** What is true of each finding that the world's networks speak of; with a letter, of one
   *  target. */
  readonly truths: Readonly<Partial<Record<FindingName, Truth>>>;
}

/** Effects outside of random halves. */
export interface Others {
  /** AnB between natural and man-made classes, and random frozen layers: points over the base. */
  readonly distant: Effect;
  readonly random: Effect;
  /** Natural minus man-made base, points. */
  readonly naturalPt: number;
  /** Accuracy of the network on all classes, percent; the paper has 57.5. */
  readonly wholePercent: number;
  /** Points for the last 30 % more images. */
  readonly moreImagesPt: number;
}

// Matched effects of the authors' released logs, n = 1 ... 7.
const selffer = [0.35, 0.03, -0.21, -1.85, -2.97, -0.45, 0];
const transfer = [0.31, -0.12, -0.35, -2.47, -4.65, -4.35, -8.24];
const tuned = [0.3, 0.6, 1.2, 1.2, 1.1, 1, 1.2];

const plus = (effect: readonly number[], pt: number): number[] => effect.map((each) => each + pt);

const paper: World = {
  label: 'the paper’s effects',
  effects: { BnB: selffer, AnB: transfer, 'BnB+': tuned, 'AnB+': tuned },
  basePercent: 62.5,
  isUnlike: false,
  others: {
    distant: [0.3, -0.9, -3.2, -7.3, -13, -16.6, -25],
    random: [-8.5, -17.4, -55, -55, -55, -56, -56],
    naturalPt: 11.6,
    wholePercent: 57.5,
    moreImagesPt: 1,
  },
  truths: {
    ...{ F1: 'true', F2: 'true', F3: 'true', F4: 'true', F5: 'true', F6: 'true', F7: 'true' },
    ...{ F8: 'true', F9: 'true', F10: 'small', F11: 'false', F12: 'true', F13: 'true' },
    ...{ F14: 'true', F15: 'true', F16: 'true' },
  },
};

const otherTaskAdds = (pt: number): World => ({
  ...paper,
  label: `the same, and the other task adds ${pt} Pt`,
  effects: { ...paper.effects, 'AnB+': plus(tuned, pt) },
  truths: { ...paper.truths, F10: 'true', F11: 'small' },
});

/** Every world, by the name that options and records use. */
export const worlds = {
  null: {
    label: 'nothing has an effect',
    effects: {},
    basePercent: 60,
    isUnlike: false,
    others: { distant: 0, random: 0, naturalPt: 0, wholePercent: 55, moreImagesPt: 3 },
    truths: {
      ...{ F1: 'false', F2: 'false', F3: 'true', F4: 'false', F5: 'true', F6: 'true' },
      ...{ F7: 'true', F8: 'false', F9: 'false', F10: 'false', F11: 'false', F12: 'false' },
      ...{ F13: 'false', F14: 'false', F15: 'false', F16: 'false' },
    },
  },
  paper,
  'other-0.3': otherTaskAdds(0.3),
  'other-0.5': otherTaskAdds(0.5),
  'second-schedule': {
    ...paper,
    label: 'a second schedule adds 4 Pt, the paper’s drops under it',
    effects: {
      BnB: plus(selffer, 4),
      AnB: plus(transfer, 4),
      'BnB+': plus(tuned, 4),
      'AnB+': plus(tuned, 4),
      'warm-restart': 4,
    },
    truths: { ...paper.truths, F10: 'true' },
  },
  unlike: {
    label: 'two unlike tasks: A to B loses up to 10 Pt, B to A nothing',
    effects: { AnB: { A: 0, B: [-1.5, -3, -4.5, -6, -7.5, -9, -10] } },
    basePercent: 62.5,
    isUnlike: true,
    others: null,
    // Of target A, then of target B; without a letter, of both together.
    truths: {
      ...{ F3A: 'true', F4A: 'false', F5A: 'true', F6A: 'true', F7A: 'true', F8A: 'false' },
      ...{ F9A: 'false', F10A: 'false', F11A: 'false' },
      ...{ F3B: 'true', F4B: 'false', F5B: 'true', F6B: 'true', F7B: 'false', F8B: 'true' },
      ...{ F9B: 'false', F10B: 'false', F11B: 'false' },
      ...{ F3: 'true', F4: 'false', F5: 'true', F6: 'true', F7: 'false', F8: 'false' },
      ...{ F9: 'false', F10: 'false', F11: 'false' },
    },
  },
} as const satisfies Readonly<Record<string, World>>;

/** Name of a world. */
export type WorldName = keyof typeof worlds;

/** Value of an effect at n, percentage points. */
export function at(effect: Effect, n: number): number {
  return typeof effect === 'number' ? effect : (effect[n - 1] ?? 0);
}

/** True difference of a treatment to the base of the target, percentage points.
 *  @param target 'A', 'B'; null for the mean of both */
export function effectPt(
  { effects }: World,
  treatment: TreatmentKind,
  n: number,
  target: string | null = null,
): number {
  const effect = effects[treatment] ?? 0;
  if (typeof effect === 'number' || !('A' in effect)) return at(effect, n);
  if (target === null) return (at(effect.A, n) + at(effect.B, n)) / 2;
  return at(target === 'A' ? effect.A : effect.B, n);
}
