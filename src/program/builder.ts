// Builds programs. Hash-consing: asking for the same op with the same parameters on the same inputs
// returns the same node, so networks of a gang that share a frozen prefix or an input share its
// nodes without any special case.
import { assert, ShapeError } from '../base/errors.js';
import { canonicalJson, type Json } from '../base/canonical-json.js';
import { formatType, type TensorType } from '../tensor/tensor.js';
import type { OpName, OpParams } from './ops/params.js';
import type { Emitter, OpRule } from './ops/rule.js';
import { opRules } from './ops/table.js';
import { ownersOf } from './owners.js';
import { scalarsOf } from './scalars.js';
import { schedule } from './schedule.js';
import type { Feed, Node, Output, Program, Slot, ValueId } from './types.js';
import { verify } from './verify.js';

/** A node before its owners are known. */
export type Draft<K extends OpName = OpName> = Omit<Node<K>, 'owners'>;

/** Collects ops, feeds, slots and outputs of one or more networks, then {@link finish}es them into
 *  a Program. */
export class ProgramBuilder implements Emitter {
  readonly #networks: string[] = [];
  readonly #values: TensorType[] = [];
  readonly #nodes: Draft[] = [];
  readonly #known = new Map<string, readonly ValueId[]>();
  readonly #feeds = new Map<string, Feed>();
  readonly #slots = new Map<string, Slot>();
  readonly #outputs: Output[] = [];
  /** Roots (outputs and next values) with the network that wants them. */
  readonly #roots: { readonly value: ValueId; readonly network: number }[] = [];

  /** Registers a network; its index is the position in the `active` mask of a run. */
  network(name: string): number {
    assert(!this.#networks.includes(name), `network ${name} is in the program twice`);
    return this.#networks.push(name) - 1;
  }

  /** The tensor fed under `name`; the same name gives the same value.
   *  @throws ShapeError if asked again with another type */
  feed(name: string, type: TensorType): ValueId {
    const known = this.#feeds.get(name);
    if (known) return this.#sameType(`feed ${name}`, known.value, type);
    const value = this.#newValue(type);
    this.#feeds.set(name, { name, value });
    return value;
  }

  /** The current value of the state slot `name`; the same name gives the same value. `like`: see
   *  {@link Slot.like}. */
  slot(name: string, type: TensorType, like?: string): ValueId {
    const known = this.#slots.get(name);
    if (known) return this.#sameType(`slot ${name}`, known.value, type);
    const value = this.#newValue(type);
    this.#slots.set(name, { name, ...type, value, ...(like === undefined ? {} : { like }) });
    return value;
  }

  emit<K extends OpName>(
    op: K,
    params: OpParams<K>,
    inputs: readonly ValueId[],
  ): readonly ValueId[] {
    const key = `${op} ${canonicalJson(params as Json)} ${inputs.join(' ')}`;
    const known = this.#known.get(key);
    if (known) return known;
    const rule: OpRule<K> = opRules[op];
    const types = rule.shape(
      params,
      inputs.map((value) => this.typeOf(value)),
    );
    const outputs = types.map((type) => this.#newValue(type));
    this.#nodes.push({ op, params, inputs, outputs } as Draft);
    this.#known.set(key, outputs);
    return outputs;
  }

  apply<K extends OpName>(op: K, params: OpParams<K>, inputs: readonly ValueId[]): ValueId {
    return this.emit(op, params, inputs)[0] as ValueId;
  }

  typeOf(value: ValueId): TensorType {
    const type = this.#values[value];
    assert(type, `value ${value} does not exist`);
    return type;
  }

  /** Types of the values so far. */
  get values(): readonly TensorType[] {
    return this.#values;
  }

  /** Nodes so far, in the order in which they were asked for. */
  get nodes(): readonly Draft[] {
    return this.#nodes;
  }

  /** Declares the slot's value after the run; `network` is the one that updates it. */
  setNext(name: string, next: ValueId, network: number): void {
    const slot = this.#slots.get(name);
    assert(slot, `slot ${name} does not exist`);
    assert(slot.next === undefined, `slot ${name} is updated twice`);
    this.#sameType(`next value of slot ${name}`, next, slot);
    this.#slots.set(name, { ...slot, next });
    this.#roots.push({ value: next, network });
  }

  /** Hands `value` back after each run, for `network`. */
  output(name: string, value: ValueId, network: number): void {
    assert(!this.#outputs.some((output) => output.name === name), `output ${name} exists twice`);
    this.#outputs.push({ name, value });
    this.#roots.push({ value, network });
  }

  /** Drops what no network needs, schedules updates early, verifies.
   *  @throws SelfferError if a slot is read after its update */
  finish(): Program {
    const owners = ownersOf(this.#nodes, this.#roots);
    const needed = this.#nodes
      .map((node, index) => ({
        ...node,
        owners: [...(owners[index] as Set<number>)].sort((a, b) => a - b),
      }))
      .filter((node) => node.owners.length > 0) as Node[];
    const slots = [...this.#slots.values()];
    const program: Program = {
      networks: this.#networks,
      values: this.#values,
      nodes: schedule(needed, slots),
      feeds: [...this.#feeds.values()],
      slots,
      outputs: this.#outputs,
      scalars: scalarsOf(needed),
    };
    verify(program);
    return program;
  }

  #newValue(type: TensorType): ValueId {
    return this.#values.push({ dtype: type.dtype, shape: type.shape }) - 1;
  }

  #sameType(what: string, value: ValueId, type: TensorType): ValueId {
    const found = this.typeOf(value);
    if (formatType(found) !== formatType(type)) {
      throw new ShapeError(`${what} is ${formatType(found)}, wanted ${formatType(type)}`);
    }
    return value;
  }
}
