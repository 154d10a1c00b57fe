// Where the summaries of a family stand.
import { referenceBases } from './measured.js';
import type { Family, FamilyResults, NetworkResult, Results, SummaryResults } from './types.js';

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

/** What one answer is about: a family, or one target of a family of unlike tasks. */
export interface View {
  /** The letter of the target; null if all targets have one answer. */
  readonly target: string | null;
  readonly summary: SummaryResults;
  readonly networks: readonly NetworkResult[];
}

/** The results as one target of the main family has them, and what that target is. */
export interface Part {
  /** The letter of the target; null if all targets have one answer. */
  readonly target: string | null;
  /** With the summaries of that target at the top; of the main family, its networks alone. */
  readonly results: Results;
}

/** What figures and tables of the main family are made of, each by itself: the results, or, where
 *  its two tasks are unlike, those of one target after another. */
export function partsOf(results: Results): readonly Part[] {
  const { family } = results.study;
  if (family === null || results.byTarget === undefined) return [{ target: null, results }];
  return viewsOf(results, family).map(({ target, summary, networks }) => ({
    target,
    results: {
      ...results,
      ...summary,
      networks: results.networks.filter(
        (network) => network.family !== family || networks.includes(network),
      ),
    },
  }));
}

/** The views of a family: one a target where its tasks are unlike, else one of all; none if the
 *  study does not have it. */
export function viewsOf(results: Results, family: Family): readonly View[] {
  const own = familyResults(results, family);
  if (own === undefined) return [];
  const members = results.networks.filter((network) => network.family === family);
  if (own.byTarget === undefined) return [{ target: null, summary: own, networks: members }];
  return Object.entries(own.byTarget).map(([target, summary]) => ({
    target,
    summary,
    networks: members.filter((network) => network.target === target),
  }));
}
