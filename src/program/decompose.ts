// Ops in terms of others, for an executor that lacks some.
import { assert } from '../base/errors.js';
import { formatType, type TensorType } from '../tensor/tensor.js';
import type { OpName, OpParams } from './ops/params.js';
import type { Emitter, OpRule } from './ops/rule.js';
import { opRules } from './ops/table.js';
import { scalarsOf } from './scalars.js';
import { schedule } from './schedule.js';
import type { Node, Program, ValueId } from './types.js';
import { verify } from './verify.js';

/** An op application that is to be replaced. */
export interface Replaced<K extends OpName> {
  readonly params: OpParams<K>;
  readonly inputs: readonly ValueId[];
}

/** Emits other ops; returns what stands for the op's outputs, in their order and of their types. */
export type Decomposition<K extends OpName> = (
  emitter: Emitter,
  replaced: Replaced<K>,
) => readonly ValueId[];

/** Op name -> how to do without it. */
export type Decompositions = { readonly [K in OpName]?: Decomposition<K> };

/** The rules that are known. */
export const decompositions: Decompositions = {
  // x where x > 0, else 0. Exact.
  relu: (emitter, { inputs: [x] }) =>
    emitter.emit('relu_backward', {}, [x as ValueId, x as ValueId]),
};

/** The program without the ops in `lacking` for which there is a rule; those that a rule emits are
 *  replaced in turn. Ids of feeds and slots stay; outputs and next values may get others; every op
 *  that is emitted belongs to the networks of the one that it replaces.
 *  @throws SelfferError ("internal: ...") if a rule's outputs have other types, or if it reads a
 *  slot after its update */
export function decompose(
  program: Program,
  lacking: ReadonlySet<OpName>,
  rules: Decompositions = decompositions,
): Program {
  const isReplaced = (op: OpName): boolean => lacking.has(op) && rules[op] !== undefined;
  if (!program.nodes.some(({ op }) => isReplaced(op))) return program;
  const rewriting = new Rewriting(program.values, isReplaced, rules);
  for (const node of program.nodes) rewriting.add(node);
  const { nodes, values } = rewriting;
  const slots = program.slots.map((slot) =>
    slot.next === undefined ? slot : { ...slot, next: rewriting.valueNow(slot.next) },
  );
  const outputs = program.outputs.map(({ name, value }) => ({
    name,
    value: rewriting.valueNow(value),
  }));
  const scalars = scalarsOf(nodes);
  const made = { ...program, values, nodes: schedule(nodes, slots), slots, outputs, scalars };
  verify(made);
  return made;
}

class Rewriting {
  readonly values: TensorType[];
  readonly nodes: Node[] = [];
  readonly #isReplaced: (op: OpName) => boolean;
  readonly #rules: Decompositions;
  // Replaced value -> what stands for it.
  readonly #standIns = new Map<ValueId, ValueId>();

  constructor(
    values: readonly TensorType[],
    isReplaced: (op: OpName) => boolean,
    rules: Decompositions,
  ) {
    this.values = [...values];
    this.#isReplaced = isReplaced;
    this.#rules = rules;
  }

  valueNow(value: ValueId): ValueId {
    return this.#standIns.get(value) ?? value;
  }

  add(node: Node): void {
    const inputs = node.inputs.map((value) => this.valueNow(value));
    if (!this.#isReplaced(node.op)) {
      this.nodes.push({ ...node, inputs });
      return;
    }
    const results = this.#replace({ ...node, inputs }, []);
    node.outputs.forEach((value, i) => this.#standIns.set(value, results[i] as ValueId));
  }

  /** @param within ops that are being replaced already: a rule may lead back to them, and then they
   *  stay */
  #replace<K extends OpName>(
    { op, params, inputs, outputs, owners }: Node<K>,
    within: readonly OpName[],
  ): readonly ValueId[] {
    const rule = this.#rules[op] as Decomposition<K>;
    const emitter = this.#emitter(owners, [...within, op]);
    const results = rule(emitter, { params, inputs });
    const types = (ids: readonly ValueId[]): string =>
      ids.map((value) => formatType(emitter.typeOf(value))).join(', ');
    assert(
      types(results) === types(outputs),
      `the rule of ${op} gives ${types(results)}, wanted ${types(outputs)}`,
    );
    return results;
  }

  #emitter(owners: readonly number[], within: readonly OpName[]): Emitter {
    const typeOf = (value: ValueId): TensorType => this.values[value] as TensorType;
    const emit: Emitter['emit'] = <K extends OpName>(
      op: K,
      params: OpParams<K>,
      inputs: readonly ValueId[],
    ) => {
      const rule = opRules[op] as OpRule<K>;
      const outputs = rule
        .shape(params, inputs.map(typeOf))
        .map(({ dtype, shape }) => this.values.push({ dtype, shape }) - 1);
      const node: Node<K> = { op, params, inputs, outputs, owners };
      if (this.#isReplaced(op) && !within.includes(op)) return this.#replace(node, within);
      this.nodes.push(node as Node);
      return outputs;
    };
    return {
      typeOf,
      emit,
      apply: (op, params, inputs) => emit(op, params, inputs)[0] as ValueId,
    };
  }
}
