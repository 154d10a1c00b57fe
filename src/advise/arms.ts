// Arms: ways to use a pretrained network, each a treatment of a study at a cut and a rate.
import { type Check, count, number, objectOf, oneOf } from '../base/checks.js';
import type { TreatmentKind } from '../study/treatments.js';

/** Treatments that an advice trains. */
const trainedKinds = [
  'AnB',
  'AnB+',
  'AnB+-slow',
  'AnB>',
  'base',
] as const satisfies readonly TreatmentKind[];

/** Ways that an advice considers: `probe` is a last layer by logistic regression. */
const armKinds = [...trainedKinds, 'probe'] as const;

/** One way to use the network. */
export interface Arm {
  readonly treatment: (typeof armKinds)[number];
  /** Segments that are copied; 0 from scratch. */
  readonly n: number;
  /** Largest learning rate; of a probe, its penalty. */
  readonly rate: number;
}

/** Check of one that is read back. */
export const armCheck: Check<Arm> = objectOf<Arm>({
  treatment: oneOf(...armKinds),
  n: count,
  rate: number,
});

/** Names an arm in files and figures. */
export function armKey({ treatment, n, rate }: Arm): string {
  return `${treatment}@${n} ${rate}`;
}

/** What the arms are called as the rivals that everybody knows. */
export type Family =
  'scratch' | 'last layer only' | 'frozen' | 'fine-tune everything' | 'fine-tuned';

/** Families, the plainest first. */
export const families: readonly Family[] = [
  'last layer only',
  'frozen',
  'fine-tune everything',
  'fine-tuned',
  'scratch',
];

/** The family of an arm of a network of L segments. */
export function familyOf({ treatment, n }: Arm, segments: number): Family {
  if (treatment === 'base') return 'scratch';
  const isLast = n === segments - 1;
  if (treatment === 'probe') return 'last layer only';
  if (treatment === 'AnB') return isLast ? 'last layer only' : 'frozen';
  return isLast ? 'fine-tune everything' : 'fine-tuned';
}

/** An arm in words: "copy up to layer3.1 and freeze it, train the rest".
 *  @param cutName of the place that the copied part ends at */
export function armWords(arm: Arm, segments: number, cutName: string): string {
  const { treatment } = arm;
  if (treatment === 'base') return 'train from scratch, copy nothing';
  if (treatment === 'probe') {
    return 'freeze everything, fit a new last layer by logistic regression';
  }
  if (familyOf(arm, segments) === 'last layer only')
    return 'freeze everything, train a new last layer';
  const where =
    arm.n === segments - 1 ? 'everything but the last layer' : `everything up to ${cutName}`;
  const how: Readonly<Record<Exclude<Arm['treatment'], 'base' | 'probe'>, string>> = {
    AnB: 'and freeze it, train new layers above',
    'AnB+': 'and fine-tune it, at the rate of the new layers',
    'AnB+-slow': 'and fine-tune it, at a tenth of the rate of the new layers',
    'AnB>': 'train the new layers on it frozen, then fine-tune all (LP-FT)',
  };
  return `copy ${where} ${how[treatment]}`;
}

/** Largest rates that are known to suit each treatment, the most usual first. */
export const knownRates: Readonly<Record<(typeof trainedKinds)[number], readonly number[]>> = {
  AnB: [0.003, 0.01],
  'AnB+': [0.0003, 0.001],
  'AnB+-slow': [0.003, 0.001],
  'AnB>': [0.0003, 0.001],
  base: [0.001, 0.003],
};

/** The arms that are considered, those that must not be missing first, then in order of promise:
 *  the first round takes as many as it has time for. `cuts` in order of promise: see
 *  `promisingCuts`. */
export function firstArms(segments: number, cuts: readonly number[]): readonly Arm[] {
  const last = segments - 1;
  const [best, second, third] = cuts.filter((n) => n !== last);
  const at = (treatment: Arm['treatment'], n: number | undefined, rate: number): readonly Arm[] =>
    n === undefined ? [] : [{ treatment, n, rate }];
  return [
    ...at('AnB', last, 0.003),
    ...at('AnB+-slow', last, 0.003),
    ...at('base', 0, 0.003),
    ...at('AnB', best, 0.003),
    // So far whatever the budget.
    ...at('AnB+', best, 0.001),
    ...at('AnB+-slow', best, 0.003),
    ...at('AnB>', last, 0.001),
    ...at('AnB', second, 0.003),
    ...at('AnB+', last, 0.001),
    ...at('AnB>', best, 0.001),
    ...at('AnB+', second, 0.001),
    ...at('AnB+-slow', second, 0.003),
    ...at('AnB+-slow', last, 0.001),
    ...at('AnB', last, 0.01),
    ...at('base', 0, 0.001),
    ...at('AnB>', second, 0.001),
    ...at('AnB', best, 0.01),
    ...at('AnB', third, 0.003),
    ...at('AnB+-slow', third, 0.003),
    ...at('AnB+', third, 0.001),
    ...at('AnB+', last, 0.0003),
    ...at('AnB>', third, 0.001),
    ...at('AnB>', last, 0.0003),
    ...at('AnB', second, 0.01),
  ];
}

/** How many of {@link firstArms} no budget leaves out. */
export const LEAST_ARMS = 4;

/** The arms and those that training them needs: LP-FT begins with the layers frozen. */
export function withNeeded(arms: readonly Arm[]): readonly Arm[] {
  const all = arms.flatMap((arm): readonly Arm[] =>
    arm.treatment === 'AnB>' ? [{ ...arm, treatment: 'AnB' }, arm] : [arm],
  );
  return [...new Map(all.map((arm) => [armKey(arm), arm])).values()];
}
