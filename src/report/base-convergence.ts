// Whether bases are trained to their end: if a second training gains by itself, what is copied from
// a base and trained again gains too, and losses against the base are hidden.
import { formatInterval, formatPoints } from '../figures/format.js';
import { mean } from '../stats/mean.js';
import { viewsOf } from '../study/results/family.js';
import { referenceBases } from '../study/results/measured.js';
import type {
  MatchedPoint,
  NetworkResult,
  Results,
  SummaryResults,
} from '../study/results/types.js';
import { type TreatmentKind, treatments } from '../study/treatments.js';
import { marginPt } from './paper/finding.js';

/** Treatments that do nothing to a base but train it longer. */
const controls: readonly TreatmentKind[] = ['warm-restart', 'base-long', 'warm-restart-2'];

/** Whether bases are trained to their end. */
export interface Convergence {
  /** `gains`: a control lies above the base by its interval, and a gain of {@link marginPt} or more
   *  is not ruled out. `trained`: no control may gain so much. `rising`: no control says either,
   *  and more than half of the bases still rise at their last tests, by their intervals, with a
   *  rise of {@link marginPt} or more not ruled out. `unknown`: none of these. */
  readonly state: 'gains' | 'trained' | 'rising' | 'unknown';
  /** Says why bases are not trained to their end; null unless `gains` or `rising`. */
  readonly sentence: string | null;
}

/** What the controls of a family say, or else the last tests of its bases.
 *  @param networks those that the summary is of */
export function convergenceOf(
  { matched }: Pick<SummaryResults, 'matched'>,
  networks: readonly NetworkResult[],
): Convergence {
  const known = controls.flatMap((treatment) =>
    (matched[treatment] ?? [])
      .filter(({ lowPt }) => lowPt !== null)
      .map((point) => ({ point, words: treatments[treatment].words })),
  );
  const gain = known.find(({ point }) => gains(point));
  if (gain === undefined) {
    const isTrained =
      known.length > 0 && known.every(({ point }) => (point.highPt ?? 0) < marginPt);
    return isTrained ? { state: 'trained', sentence: null } : atLastTests(networks);
  }
  const { meanPt, lowPt, highPt } = gain.point;
  return {
    state: 'gains',
    sentence: `The bases are not trained to their end: longer training alone (${gain.words}) gains ${formatInterval(meanPt, lowPt, highPt)}, and such a gain hides what copying costs.`,
  };
}

function atLastTests(networks: readonly NetworkResult[]): Convergence {
  const bases = referenceBases(networks).filter(({ state }) => state === 'done');
  const rises = bases.flatMap(({ rising }) =>
    rising !== undefined && rising.highPt >= marginPt ? [rising.risePt] : [],
  );
  const risePt = mean(rises);
  if (risePt === null || 2 * rises.length <= bases.length) {
    return { state: 'unknown', sentence: null };
  }
  return {
    state: 'rising',
    sentence: `The bases still rise at their last tests (${rises.length} of ${bases.length}, by ${formatPoints(risePt)} Pt over the last third of the tests in the mean), and no control says what longer training alone gains: such a gain would hide what copying costs.`,
  };
}

/** Sentences of a report about bases that are not trained to their end: of its main family, of each
 *  target where the tasks are unlike. */
export function untrainedBasesOf(results: Results): string[] {
  const { family } = results.study;
  const views = family === null ? [] : viewsOf(results, family);
  return views.flatMap(({ target, summary, networks }) => {
    const { sentence } = convergenceOf(summary, networks);
    if (sentence === null) return [];
    const whose = target === null ? '' : `Target ${target}: `;
    return [`${whose}${sentence} Train bases longer before reading losses against them.`];
  });
}

function gains({ lowPt, highPt }: MatchedPoint): boolean {
  return lowPt !== null && lowPt > 0 && (highPt ?? 0) >= marginPt;
}
