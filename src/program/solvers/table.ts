// The table of solvers. Typed over SolverSettingsMap: the compiler names a solver that lacks its
// rule.
import { adamw, type AdamwSettings } from './adamw.js';
import type { SolverRule } from './rule.js';
import { sgd, type SgdSettings } from './sgd.js';

/** Solver -> its settings. */
export interface SolverSettingsMap {
  readonly sgd: SgdSettings;
  readonly adamw: AdamwSettings;
}

/** Name of a solver. */
export type SolverName = keyof SolverSettingsMap;

/** A solver with its settings. */
export type Solver = {
  readonly [K in SolverName]: { readonly kind: K } & SolverSettingsMap[K];
}[SolverName];

/** Solver -> rule. */
const solverRules: { readonly [K in SolverName]: SolverRule<SolverSettingsMap[K]> } = {
  sgd,
  adamw,
};

/** The rule of a solver. */
export function solverRule(solver: Solver): SolverRule<Solver> {
  return solverRules[solver.kind] as SolverRule<Solver>;
}
