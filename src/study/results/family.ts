// Where the summaries of a family stand.
import type { Family, FamilyResults, Results } from './types.js';

/** Summaries of one family: at the top if it is the main one, else under `families`; undefined if
 *  the study does not have it. */
export function familyResults(results: Results, family: Family): FamilyResults | undefined {
  return family === results.study.family ? results : results.families[family];
}

/** Whether networks of a family may have so few images that they do not learn: that they do not is
 *  then what they show. */
export function isOfFewImages(family: Family): boolean {
  return family === 'reduced' || family === 'target-size';
}
