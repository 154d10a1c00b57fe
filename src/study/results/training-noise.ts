// How much accuracy changes when the same network is trained again, as far as a study shows it.
import { standardDeviation } from '../../stats/mean.js';
import { familyResults } from './family.js';
import { isMeasured } from './measured.js';
import type { Results } from './types.js';

/** How much accuracy changes when the same network is trained again: standard deviation,
 *  percentage points, with its degrees of freedom. */
export interface TrainingNoise {
  readonly sdPt: number;
  readonly degrees: number;
}

/** Training noise of a study: from repeats where it has some, else from the spread of the bases of
 *  random halves, which has the noise in it and the halves' difficulty too, so that it is rather
 *  too large. Null if the study has neither. */
export function trainingNoiseOf(results: Results): TrainingNoise | null {
  const families = [results, ...Object.values(results.families)];
  const repeated = families
    .flatMap(({ noise: { trainingPt, repeatedNetworks } }) =>
      trainingPt === null ? [] : [{ sdPt: trainingPt, degrees: repeatedNetworks }],
    )
    .sort((a, b) => b.degrees - a.degrees)[0];
  if (repeated !== undefined) return repeated;
  if (familyResults(results, 'random-halves') === undefined) return null;
  const bases = results.networks
    .filter(({ family, treatment }) => family === 'random-halves' && treatment === 'base')
    .filter(isMeasured)
    .map(({ accuracy }) => 100 * accuracy);
  const sdPt = standardDeviation(bases);
  return sdPt === null || bases.length < 3 ? null : { sdPt, degrees: bases.length - 1 };
}
