// Every interval that results.json states, with the truth that it ought to hold.
import type { SummaryResults } from '../../src/study/results/types.js';
import { type TreatmentKind, treatmentKinds } from '../../src/study/treatments.js';
import { effectPt, layers, type World } from './worlds.js';

/** One interval of a study; ends are null where it states none. */
export interface Stated {
  /** Which kind: rows of the table. */
  readonly kind: string;
  readonly low: number | null;
  readonly high: number | null;
  /** Of the population of splits, in the interval's unit. */
  readonly truth: number;
  /** Width in percentage points = factor x (high - low). */
  readonly toPoints: 1 | 100;
}

/** All intervals of a family.
 *  @param target the one that the family's networks have, or null for both */
export function intervalsOf(
  family: SummaryResults,
  world: World,
  target: string | null = null,
): Stated[] {
  const effect = (treatment: TreatmentKind, n: number) => effectPt(world, treatment, n, target);
  return [
    ...accuracies(family, world, effect),
    ...treatmentKinds.flatMap((treatment) =>
      (family.matched[treatment] ?? []).map(({ n, lowPt, highPt }) => ({
        kind: `matched ${treatment}`,
        ...points(lowPt, highPt, effect(treatment, n)),
      })),
    ),
    ...drops(family, effect),
    ...tableRows(family, effect),
    ...tests(family, effect),
  ];
}

type EffectAt = (treatment: TreatmentKind, n: number) => number;

function points(low: number | null, high: number | null, truth: number) {
  return { low, high, truth, toPoints: 1 as const };
}

function accuracies(family: SummaryResults, { basePercent }: World, effect: EffectAt): Stated[] {
  const of = (kind: string, { low, high }: SummaryResults['base'], percent: number): Stated => ({
    kind,
    low,
    high,
    truth: percent / 100,
    toPoints: 100,
  });
  return [
    of('accuracy of base', family.base, basePercent),
    ...treatmentKinds.flatMap((treatment) =>
      (family.lines[treatment] ?? []).map((point) =>
        of(`accuracy of ${treatment}`, point, basePercent + effect(treatment, point.n)),
      ),
    ),
  ];
}

function drops({ decomposition }: SummaryResults, effect: EffectAt): Stated[] {
  return decomposition.flatMap((point) => {
    const coadaptation = -effect('BnB', point.n);
    const specificity = effect('BnB', point.n) - effect('AnB', point.n);
    const { coadaptationLowPt, coadaptationHighPt, specificityLowPt, specificityHighPt } = point;
    return [
      {
        kind: 'co-adaptation drop',
        ...points(coadaptationLowPt, coadaptationHighPt, coadaptation),
      },
      { kind: 'specificity drop', ...points(specificityLowPt, specificityHighPt, specificity) },
      {
        kind: 'balance of the two',
        ...points(point.balanceLowPt, point.balanceHighPt, coadaptation - specificity),
      },
    ];
  });
}

function tableRows({ table1 }: SummaryResults, effect: EffectAt): Stated[] {
  return table1.flatMap((row) => {
    const over = (against: TreatmentKind) => meanDifference('AnB+', against, row.layers, effect);
    const {
      matchedOverBaseLowPt,
      matchedOverBaseHighPt,
      matchedOverSelfferLowPt,
      matchedOverSelfferHighPt,
      matchedOverWarmRestartLowPt,
      matchedOverWarmRestartHighPt,
    } = row;
    const kind = (against: string) => `Table 1, AnB+ over ${against}`;
    return [
      {
        kind: kind('base'),
        ...points(matchedOverBaseLowPt, matchedOverBaseHighPt, over('base')),
      },
      {
        kind: kind('BnB+'),
        ...points(matchedOverSelfferLowPt, matchedOverSelfferHighPt, over('BnB+')),
      },
      {
        kind: kind('warm restart'),
        ...points(matchedOverWarmRestartLowPt, matchedOverWarmRestartHighPt, over('warm-restart')),
      },
    ];
  });
}

function tests({ comparisons }: SummaryResults, effect: EffectAt): Stated[] {
  return comparisons.map(({ treatment, against, layers: range, lowPt, highPt }) => ({
    kind: `${treatment} \u2212 ${against}`,
    ...points(lowPt, highPt, meanDifference(treatment, against, range, effect)),
  }));
}

// Over a range such as "3-7", over "3,5,7", or at one n.
function meanDifference(
  treatment: TreatmentKind,
  against: TreatmentKind,
  range: string,
  effect: EffectAt,
): number {
  const [first = 1, last = first] = range.split('-').map(Number);
  const listed = range.split(',').map(Number);
  const inRange = range.includes(',') ? listed : layers.filter((n) => first <= n && n <= last);
  const differences = inRange.map((n) => effect(treatment, n) - effect(against, n));
  return differences.reduce((sum, each) => sum + each, 0) / inRange.length;
}
