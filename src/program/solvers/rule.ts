// What a solver must define: what it keeps beside each weight, what changes from iteration to
// iteration, and the update itself.
import type { Emitter } from '../ops/rule.js';
import type { ValueId } from '../types.js';

/** How much a weight takes part: multipliers of the learning rate and of weight decay. */
export interface Multipliers {
  readonly lrMult: number;
  readonly decayMult: number;
  /** Set where the learning rate is another in every iteration: see the op `sgd_update`. */
  readonly variesRate?: true;
  /** Name of the scalar that is the learning rate; left out: `learningRate`. */
  readonly rate?: string;
}

/** A weight, its gradient, and what the solver keeps beside it, in the order of `state`. */
export interface Learning {
  readonly weight: ValueId;
  readonly gradient: ValueId;
  readonly state: readonly ValueId[];
}

/** A solver with settings S. */
export interface SolverRule<S> {
  /** Names of the tensors that it keeps for each weight, of the weight's shape, zero at first. They
   *  are saved in checkpoints. */
  readonly state: readonly string[];
  /** The scalars that its ops read, at a learning rate and an iteration (the first is 0). */
  readonly scalars: (
    settings: S,
    learningRate: number,
    iteration: number,
  ) => Readonly<Record<string, number>>;
  /** Emits the update. @returns next values of weight and state */
  readonly update: (
    emitter: Emitter,
    settings: S,
    multipliers: Multipliers,
    learning: Learning,
  ) => { readonly weight: ValueId; readonly state: readonly ValueId[] };
}
