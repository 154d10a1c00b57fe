// Whether bases are trained to their end: if a second training gains by itself, what is copied from
// a base and trained again gains too, and losses against the base are hidden.
import { formatInterval } from '../figures/format.js';
import type { MatchedPoint, Results, SummaryResults } from '../study/results/types.js';
import { type TreatmentKind, treatments } from '../study/treatments.js';
import { marginPt } from './paper/finding.js';

/** Treatments that do nothing to a base but train it longer. */
const controls: readonly TreatmentKind[] = ['warm-restart', 'base-long', 'warm-restart-2'];

/** Whether bases are trained to their end. */
export interface Convergence {
  /** `gains`: a control lies above the base by its interval, and a gain of {@link marginPt} or more
   *  is not ruled out. `trained`: no control may gain so much. `unknown`: no control, or too
   *  few. */
  readonly state: 'gains' | 'trained' | 'unknown';
  /** Says why bases are not trained to their end; null unless `gains`. */
  readonly sentence: string | null;
}

/** What the controls of a family say. */
export function convergenceOf({ matched }: Pick<SummaryResults, 'matched'>): Convergence {
  const known = controls.flatMap((treatment) =>
    (matched[treatment] ?? [])
      .filter(({ lowPt }) => lowPt !== null)
      .map((point) => ({ point, words: treatments[treatment].words })),
  );
  const gain = known.find(({ point }) => gains(point));
  if (gain === undefined) {
    const isTrained =
      known.length > 0 && known.every(({ point }) => (point.highPt ?? 0) < marginPt);
    return { state: isTrained ? 'trained' : 'unknown', sentence: null };
  }
  const { meanPt, lowPt, highPt } = gain.point;
  return {
    state: 'gains',
    sentence: `The bases are not trained to their end: longer training alone (${gain.words}) gains ${formatInterval(meanPt, lowPt, highPt)}, and such a gain hides what copying costs.`,
  };
}

/** Sentences of a report about bases that are not trained to their end: of its main family, of each
 *  target where the tasks are unlike. */
export function untrainedBasesOf(results: Results): string[] {
  const summaries: readonly (readonly [string, SummaryResults])[] = Object.entries(
    results.byTarget ?? { '': results },
  );
  return summaries.flatMap(([target, summary]) => {
    const { sentence } = convergenceOf(summary);
    if (sentence === null) return [];
    const whose = target === '' ? '' : `Target ${target}: `;
    return [`${whose}${sentence} Train bases longer before reading losses against them.`];
  });
}

function gains({ lowPt, highPt }: MatchedPoint): boolean {
  return lowPt !== null && lowPt > 0 && (highPt ?? 0) >= marginPt;
}
