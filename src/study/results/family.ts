// Where the summaries of a family stand.
import type { Family, FamilyResults, Results } from './types.js';

/** Summaries of one family: at the top if it is the main one, else under `families`; undefined if
 *  the study does not have it. */
export function familyResults(results: Results, family: Family): FamilyResults | undefined {
  return family === results.study.family ? results : results.families[family];
}
