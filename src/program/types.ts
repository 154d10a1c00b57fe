// A program: pure ops over tensors in SSA form, plus state slots. Data only; builder.ts makes it,
// executors compile it.
import type { TensorType } from '../tensor/tensor.js';
import type { OpName, OpParams } from './ops/params.js';

/** Index into {@link Program.values}. */
export type ValueId = number;

/** One op application. `owners`: indices into {@link Program.networks} of the networks that need
 *  it. */
export interface Node<K extends OpName = OpName> {
  readonly op: K;
  readonly params: OpParams<K>;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  readonly owners: readonly number[];
}

/** A tensor given anew at every run. */
export interface Feed {
  readonly name: string;
  readonly value: ValueId;
}

/** Mutable or frozen state that lives in the executable between runs and is shared by all its
 *  entries. */
export interface Slot extends TensorType {
  readonly name: string;
  /** The slot's value at the start of a run. */
  readonly value: ValueId;
  /** Its value at the end of a run; undefined for slots that this program only reads. */
  readonly next?: ValueId;
  /** For a solver's state: the weight slot beside which it is kept (same shape; executors may share
   *  the layout). */
  readonly like?: string;
}

/** A value handed back after a run, if one of its owners is active. */
export interface Output {
  readonly name: string;
  readonly value: ValueId;
}

/** Ops in execution order; every value is written once, before it is read. */
export interface Program {
  readonly networks: readonly string[];
  readonly values: readonly TensorType[];
  readonly nodes: readonly Node[];
  readonly feeds: readonly Feed[];
  readonly slots: readonly Slot[];
  readonly outputs: readonly Output[];
  /** Names of the scalars that its ops read; every run must give them. */
  readonly scalars: readonly string[];
}
