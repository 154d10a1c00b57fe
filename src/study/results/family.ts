// Where the summaries of a family stand.
import { referenceBases } from './measured.js';
import type { Family, FamilyResults, NetworkResult, Results } from './types.js';

/** Summaries of one family: at the top if it is the main one, else under `families`; undefined if
 *  the study does not have it. */
export function familyResults(results: Results, family: Family): FamilyResults | undefined {
  return family === results.study.family ? results : results.families[family];
}

/** Families whose two tasks are unlike, made of named classes or sets and not drawn at random: A to
 *  B and B to A are two questions. */
export const unlikeFamilies = [
  'natural-man-made',
  'classes',
  'two-sets',
] as const satisfies readonly Family[];

/** The targets that one family's networks have an answer each of, ascending; none if its tasks are
 *  alike. */
export function unlikeTargets(networks: readonly NetworkResult[]): string[] {
  const bases = new Set(referenceBases(networks));
  const members = networks
    .filter(({ family }) => (unlikeFamilies as readonly Family[]).includes(family))
    .filter((each) => each.treatment !== 'base' || bases.has(each));
  return [...new Set(members.flatMap(({ target }) => target ?? []))].sort();
}
