// The questions that the answers in words and the figures speak of, corrected for their number:
// where frozen transfer hurts, what its loss is made of, what fine-tuned transfer gains.
import { holm } from '../../stats/holm.js';
import { pOfInterval } from '../../stats/interval.js';
import { sum } from '../../stats/mean.js';
import { overallComparison } from './comparisons.js';
import type { DecompositionPoint, FamilyResults, SummaryResults } from './types.js';

/** A mean with the ends of its 95 % interval, percentage points. */
export interface Estimate {
  readonly meanPt: number | null;
  readonly lowPt: number | null;
  readonly highPt: number | null;
  /** Independent values behind it. */
  readonly units: number;
}

/** A drop at n; positive = loss. */
export type Drop = Estimate & { readonly n: number };

/** What the loss of frozen transfer is made of. */
export type DropName = 'co-adaptation' | 'specificity';

/** Drops of one kind. */
export interface Drops {
  /** That with the largest mean; null if none is known. */
  readonly largest: Drop | null;
  /** Those that are more than scatter, also when it is counted how many were looked at. */
  readonly resolved: readonly Drop[];
  /** Whether some interval lies above 0, which is no answer by itself: of many n one does so by
   *  chance. */
  readonly isHinted: boolean;
}

/** What AnB+ is set against. */
export type GainName = 'base' | 'BnB+' | 'warm-restart';

/** AnB+ minus another treatment over all n. */
export interface Gain extends Estimate {
  /** Range of n. */
  readonly layers: string;
  /** Whether it is more than scatter, on either side of 0, also when it is counted how many
   *  questions were asked. */
  readonly isResolved: boolean;
}

/** What a study says of the questions, of one family or one target of it. */
export interface Headlines {
  /** Smallest n from which on frozen transfer lies below its base; null if there is none. */
  readonly hurtsFrom: number | null;
  readonly drops: Readonly<Record<DropName, Drops>>;
  /** Smallest n from which on specificity is the larger part of the loss; null if there is none. */
  readonly takeoverFrom: number | null;
  /** Null: the study lacks the networks. */
  readonly gains: Readonly<Record<GainName, Gain | null>>;
}

const level = 0.05;
const gainNames = ['base', 'BnB+', 'warm-restart'] as const satisfies readonly GainName[];

/** Shares of the error that a study may make in its answers; those of questions that it does not
 *  ask go to the others. What frozen transfer loses and what fine-tuned transfer gains are the
 *  questions that most studies are made for; the others take the loss apart. */
const shares = {
  hurts: 0.35,
  'co-adaptation': 0.15,
  specificity: 0.1,
  takeover: 0.05,
  gains: 0.35,
} as const;
type Question = keyof typeof shares;

/** Answers of which any is wrong in at most 5 % of studies, whatever is true:
 *  - of losses p is one-sided, for a gain is no answer to these questions; of gains two-sided;
 *  - "from n = x on", and specificity, are tested from the deepest n upwards and end at the first n
 *    that fails: in a fixed order nothing needs correction for the number of n;
 *  - co-adaptation drops, at whichever n, and the three gains are corrected by Holm, all together,
 *    weighted by their questions' shares;
 *  - targets of unlike tasks are questions each: the level is divided by their number.
 *  @param summary of a family, or of one target of it
 *  @param targets how many answers of this kind the study has
 *  @source Holm 1979; fixed order: Maurer, Hothorn & Lehmacher 1995, in Biometrie in der
 *  chemisch-pharmazeutischen Industrie 6:3; shares: Bretz et al. 2009, Statistics in Medicine
 *  28:586. */
export function headlinesOf(summary: FamilyResults, targets = targetsOf(summary)): Headlines {
  const known = (summary.matched.AnB ?? []).filter(({ meanPt }) => meanPt !== null);
  const losses = known.map((point) => ({ n: point.n, p: pOfLoss(mirrored(point)) }));
  const coadaptation = dropsOf(summary, 'co-adaptation');
  const specificity = dropsOf(summary, 'specificity');
  const specific = specificity
    .map((drop) => ({ n: drop.n, p: pOfLoss(drop) }))
    .filter(({ p }) => p !== null);
  const takeovers = summary.decomposition
    .filter(({ balancePt }) => balancePt !== null)
    .map(takeoverTest);
  const gains = gainNames.map((name) => gainOver(summary, name));
  const [coadapted, gained] = [coadaptation.map(pOfLoss), gains.map(pOf)];
  const levelOf = levels(level / targets, {
    hurts: losses.map(({ p }) => p),
    'co-adaptation': coadapted,
    specificity: specific.map(({ p }) => p),
    takeover: takeovers.map(({ p }) => p),
    gains: gained,
  });
  const corrected = holm(
    [...coadapted, ...gained],
    [...weights(coadapted, levelOf['co-adaptation']), ...weights(gained, levelOf.gains)],
  );
  const isResolved = (test: number) =>
    (corrected[test] ?? 1) <= levelOf['co-adaptation'] + levelOf.gains;
  const specificFrom = startOf(specific, levelOf.specificity) ?? Infinity;
  const [base = null, own = null, restart = null] = gains.map((gain, i) =>
    judgeGain(gain, isResolved(coadapted.length + i)),
  );
  return {
    hurtsFrom: startOf(losses, levelOf.hurts),
    drops: {
      'co-adaptation': judgeDrops(coadaptation, (_, i) => isResolved(i)),
      specificity: judgeDrops(specificity, ({ n }) => n >= specificFrom),
    },
    takeoverFrom: startOf(takeovers, levelOf.takeover),
    gains: { base, 'BnB+': own, 'warm-restart': restart },
  };
}

function targetsOf({ byTarget }: FamilyResults): number {
  return Math.max(1, Object.keys(byTarget ?? {}).length);
}

// Of `total`, by the shares of the questions that have some p; 0 of others.
function levels(
  total: number,
  values: Readonly<Record<Question, readonly (number | null)[]>>,
): Readonly<Record<Question, number>> {
  const names = Object.keys(shares) as Question[];
  const isAsked = (name: Question) => values[name].some((p) => p !== null);
  const all = sum(names.filter(isAsked).map((name) => shares[name]));
  return Object.fromEntries(
    names.map((name) => [name, isAsked(name) ? (total * shares[name]) / all : 0]),
  ) as Record<Question, number>;
}

// A question's level, divided among its tests.
function weights(values: readonly (number | null)[], ofQuestion: number): number[] {
  return values.map(() => ofQuestion / values.filter((p) => p !== null).length);
}

// Whether specificity is the larger part of the loss, and not of a gain.
function takeoverTest(point: DecompositionPoint): {
  readonly n: number;
  readonly p: number | null;
} {
  const { n, balancePt, balanceLowPt, balanceHighPt, specificityPt, units } = point;
  const balance = { meanPt: balancePt, lowPt: balanceLowPt, highPt: balanceHighPt, units };
  return { n, p: (specificityPt ?? 0) > 0 ? pOfLoss(mirrored(balance)) : null };
}

function dropsOf({ decomposition }: SummaryResults, name: DropName): Drop[] {
  return decomposition.map(dropOf[name]).filter(({ meanPt }) => meanPt !== null);
}

const dropOf: { readonly [K in DropName]: (point: DecompositionPoint) => Drop } = {
  'co-adaptation': (point) => ({
    n: point.n,
    meanPt: point.coadaptationPt,
    lowPt: point.coadaptationLowPt,
    highPt: point.coadaptationHighPt,
    units: point.units,
  }),
  specificity: (point) => ({
    n: point.n,
    meanPt: point.specificityPt,
    lowPt: point.specificityLowPt,
    highPt: point.specificityHighPt,
    units: point.units,
  }),
};

function gainOver(summary: SummaryResults, against: GainName): Omit<Gain, 'isResolved'> | null {
  const found = overallComparison(summary, 'AnB+', against);
  if (found === undefined) return null;
  const { layers, meanPt, lowPt, highPt, clusters } = found;
  return { layers, meanPt, lowPt, highPt, units: clusters };
}

function pOf(estimate: Estimate | null): number | null {
  if (estimate === null) return null;
  return pOfInterval({ low: estimate.lowPt, high: estimate.highPt }, estimate.units);
}

// One-sided, of a value above 0.
function pOfLoss(estimate: Estimate): number | null {
  const p = pOf(estimate);
  if (p === null) return null;
  return (estimate.lowPt ?? 0) + (estimate.highPt ?? 0) > 0 ? p / 2 : 1 - p / 2;
}

function mirrored({ meanPt, lowPt, highPt, units }: Estimate): Estimate {
  const minus = (value: number | null) => (value === null ? null : -value);
  return { meanPt: minus(meanPt), lowPt: minus(highPt), highPt: minus(lowPt), units };
}

// The smallest n from which on all are resolved.
function startOf(
  tests: readonly { readonly n: number; readonly p: number | null }[],
  atMost: number,
): number | null {
  let start: number | null = null;
  for (const { n, p } of [...tests].reverse()) {
    if (p === null || p > atMost) break;
    start = n;
  }
  return start;
}

function judgeDrops(
  drops: readonly Drop[],
  isResolved: (drop: Drop, test: number) => boolean,
): Drops {
  const isAbove = ({ lowPt }: Drop) => lowPt !== null && lowPt > 0;
  return {
    largest: drops.reduce<Drop | null>(
      (best, drop) => (best === null || (drop.meanPt ?? 0) > (best.meanPt ?? 0) ? drop : best),
      null,
    ),
    resolved: drops.filter((drop, test) => isAbove(drop) && isResolved(drop, test)),
    isHinted: drops.some(isAbove),
  };
}

function judgeGain(gain: Omit<Gain, 'isResolved'> | null, isResolved: boolean): Gain | null {
  return gain === null ? null : { ...gain, isResolved };
}
