// The two parts of the loss of frozen transfer as answers and figures speak of them: where each is
// largest, and whether that is more than scatter.
import type { DecompositionPoint, Results } from '../study/results/types.js';

/** A drop at n with the ends of its 95 % interval, percentage points; positive = loss. */
export interface Drop {
  readonly n: number;
  readonly meanPt: number | null;
  readonly lowPt: number | null;
  readonly highPt: number | null;
}

/** What a loss is made of. */
export type DropName = 'co-adaptation' | 'specificity';

const dropOf: { readonly [K in DropName]: (point: DecompositionPoint) => Drop } = {
  'co-adaptation': (point) => ({
    n: point.n,
    meanPt: point.coadaptationPt,
    lowPt: point.coadaptationLowPt,
    highPt: point.coadaptationHighPt,
  }),
  specificity: (point) => ({
    n: point.n,
    meanPt: point.specificityPt,
    lowPt: point.specificityLowPt,
    highPt: point.specificityHighPt,
  }),
};

/** The drop of that name with the largest mean; null if none is known. */
export function largestDrop({ decomposition }: Results, name: DropName): Drop | null {
  const known = decomposition.map(dropOf[name]).filter(({ meanPt }) => meanPt !== null);
  return known.reduce<Drop | null>(
    (best, drop) => (best === null || (drop.meanPt ?? 0) > (best.meanPt ?? 0) ? drop : best),
    null,
  );
}

/** Whether a drop, or a gain, is one: its interval lies above 0. */
export function isResolved({ lowPt }: { readonly lowPt: number | null }): boolean {
  return lowPt !== null && lowPt > 0;
}

/** Whether the main family's fine-tuned transfer is resolved to lie above its base, over all n. */
export function isGainResolved({ table1 }: Results): boolean {
  return isResolved({ lowPt: table1[0]?.matchedOverBaseLowPt ?? null });
}
