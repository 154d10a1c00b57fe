// The four questions that the answers in words and the figures speak of, corrected for their
// number: where frozen transfer hurts, what its loss is made of, what fine-tuned transfer gains.
import { holm } from '../../stats/holm.js';
import { pOfInterval } from '../../stats/interval.js';
import { overallComparison } from './comparisons.js';
import type { DecompositionPoint, SummaryResults } from './types.js';

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
const dropNames = ['co-adaptation', 'specificity'] as const satisfies readonly DropName[];

/** Answers that are wrong in at most 5 % of studies:
 *  - each question has one p, and Holm's correction over the four says which are answered at all;
 *  - of losses p is one-sided, for a gain is no answer to these questions; of gains two-sided;
 *  - "from n = x on" is tested from the deepest n upwards and ends at the first n whose interval
 *    does not lie below 0: in a fixed order nothing needs correction;
 *  - drops, at whichever n, and the three gains are corrected by Holm within their question.
 *  @source Holm 1979; fixed order: Maurer, Hothorn & Lehmacher 1995, in Biometrie in der
 *  chemisch-pharmazeutischen Industrie 6:3. */
export function headlinesOf(summary: SummaryResults): Headlines {
  const known = (summary.matched.AnB ?? []).filter(({ meanPt }) => meanPt !== null);
  const drops = dropNames.map((name) =>
    summary.decomposition.map(dropOf[name]).filter(({ meanPt }) => meanPt !== null),
  );
  const gains = gainNames.map((name) => gainOver(summary, name));
  const corrected = [...drops.map((tests) => tests.map(pOfLoss)), gains.map(pOf)].map(holm);
  const last = known.at(-1);
  const questions = [
    last === undefined ? null : pOfLoss(mirrored(last)),
    ...corrected.map(smallest),
  ];
  const isAnswered = holm(questions).map((p) => p !== null && p <= level);
  const isResolved = (question: number, test: number) =>
    isAnswered[question + 1] === true && (corrected[question]?.[test] ?? 1) <= level;
  return {
    hurtsFrom: isAnswered[0] === true ? startOf(known, ({ highPt }) => highPt) : null,
    drops: {
      'co-adaptation': judgeDrops(drops[0] ?? [], (test) => isResolved(0, test)),
      specificity: judgeDrops(drops[1] ?? [], (test) => isResolved(1, test)),
    },
    takeoverFrom: startOf(
      summary.decomposition.filter(({ balancePt }) => balancePt !== null),
      // The larger part of a loss, not of a gain.
      ({ balanceHighPt, specificityPt }) => ((specificityPt ?? 0) > 0 ? balanceHighPt : null),
    ),
    gains: {
      base: judgeGain(gains[0] ?? null, isResolved(2, 0)),
      'BnB+': judgeGain(gains[1] ?? null, isResolved(2, 1)),
      'warm-restart': judgeGain(gains[2] ?? null, isResolved(2, 2)),
    },
  };
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

function smallest(values: readonly (number | null)[]): number | null {
  const known = values.filter((p) => p !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function startOf<Point extends { readonly n: number }>(
  points: readonly Point[],
  highOf: (point: Point) => number | null,
): number | null {
  let start: number | null = null;
  for (const point of [...points].reverse()) {
    const high = highOf(point);
    if (high === null || high >= 0) break;
    start = point.n;
  }
  return start;
}

function judgeDrops(drops: readonly Drop[], isResolved: (test: number) => boolean): Drops {
  const isAbove = ({ lowPt }: Drop) => lowPt !== null && lowPt > 0;
  return {
    largest: drops.reduce<Drop | null>(
      (best, drop) => (best === null || (drop.meanPt ?? 0) > (best.meanPt ?? 0) ? drop : best),
      null,
    ),
    resolved: drops.filter((drop, test) => isAbove(drop) && isResolved(test)),
    isHinted: drops.some(isAbove),
  };
}

function judgeGain(gain: Omit<Gain, 'isResolved'> | null, isResolved: boolean): Gain | null {
  return gain === null ? null : { ...gain, isResolved };
}
