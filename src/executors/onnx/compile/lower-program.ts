// A program, or the part of it that some of its networks need, as one ONNX graph.
import { assert, UnsupportedOpError } from '../../../base/errors.js';
import type { OpName } from '../../../program/ops/params.js';
import type { OpRule } from '../../../program/ops/rule.js';
import { opRules } from '../../../program/ops/table.js';
import type { Node, Program, ValueId } from '../../../program/types.js';
import type { TensorType } from '../../../tensor/tensor.js';
import { isUnsupported, type Unsupported } from '../../support.js';
import { Blocks } from './blocks.js';
import { type FinishedGraph, Graph, type Name } from './graph.js';
import { type Given, type Host, type Lowering, type LoweringTable, Site } from './lowering.js';
import type { Provider } from './lowering.js';

/** What a graph gives after a run: an output of the program, or a slot's next value. */
export interface Result {
  readonly home: 'output' | 'slot';
  readonly name: string;
  readonly type: TensorType;
}

/** A lowered program. */
export interface LoweredProgram extends FinishedGraph {
  readonly host: Host;
  /** By input of the graph: the feed or slot that it is. */
  readonly given: ReadonlyMap<Name, Given>;
  /** Its results; the graph's outputs are in the same order. */
  readonly results: readonly Result[];
}

/** How a program is lowered. */
export interface LoweringSetting {
  readonly table: LoweringTable;
  readonly provider: Provider;
  /** Channels of a block in which its operators can lay tensors (./blocks.ts); 0 for none. */
  readonly blockSize: number;
}

/** Lowers what the active networks need.
 *  @throws UnsupportedOpError for outputs that only the executor itself can read, and for what a
 *  lowering refuses */
export function lowerProgram(
  program: Program,
  active: readonly boolean[],
  setting: LoweringSetting,
): LoweredProgram {
  const lowered = new ProgramLowering(program, setting);
  for (const node of program.nodes) {
    if (node.owners.some((owner) => active[owner])) lowered.add(node);
  }
  return lowered.finish();
}

class ProgramLowering {
  readonly #program: Program;
  readonly #setting: LoweringSetting;
  readonly #graph = new Graph();
  readonly #blocks: Blocks | null;
  readonly #host: Host = { inputs: new Map(), checks: [] };
  readonly #names = new Map<ValueId, Name>();
  readonly #given = new Map<Name, Given>();
  readonly #opaque = new Set<ValueId>();
  readonly #read: ReadonlySet<ValueId>;

  constructor(program: Program, setting: LoweringSetting) {
    this.#program = program;
    this.#setting = setting;
    const { blockSize } = setting;
    this.#blocks = blockSize > 0 ? new Blocks(this.#graph, blockSize) : null;
    this.#read = readValues(program);
    const give = (home: Given['home'], name: string, value: ValueId): void => {
      const input = this.#graph.input(`${home} ${name}`, this.#typeOf(value));
      this.#names.set(value, input);
      this.#given.set(input, { home, name });
    };
    for (const { name, value } of program.feeds) give('feed', name, value);
    for (const { name, value } of program.slots) give('slot', name, value);
  }

  add<K extends OpName>(node: Node<K>): void {
    const { op, params, inputs, outputs } = node;
    const lowering: Lowering<K> | Unsupported = this.#setting.table[op];
    assert(!isUnsupported(lowering), `onnx: ${op} was not refused before`);
    this.#graph.kind = op;
    const names = inputs.map((value) => this.#nameOf(value));
    const site = new Site({
      ...{ op, params, inputs: names, graph: this.#graph, host: this.#host },
      inputTypes: inputs.map((value) => this.#typeOf(value)),
      outputTypes: outputs.map((value) => this.#typeOf(value)),
      isRead: outputs.map((value) => this.#read.has(value)),
      provider: this.#setting.provider,
      blocks: this.#blocks,
      given: names.map((name) => this.#given.get(name)),
    });
    const results = lowering(site);
    const { opaque = [] } = opRules[op] as OpRule<K>;
    outputs.forEach((value, at) => {
      this.#names.set(value, results[at] as Name);
      if (opaque.includes(at)) this.#opaque.add(value);
    });
  }

  finish(): LoweredProgram {
    const { outputs, slots } = this.#program;
    this.#graph.kind = 'copy';
    const results: (Result & { readonly value: ValueId })[] = [];
    const want = (home: Result['home'], name: string, value: ValueId): void => {
      if (!this.#names.has(value)) return;
      if (this.#opaque.has(value)) {
        throw new UnsupportedOpError(`onnx: ${name} is a value that only the executor can read`);
      }
      results.push({ home, name, value, type: this.#typeOf(value) });
    };
    for (const { name, value } of outputs) want('output', name, value);
    for (const { name, next } of slots) if (next !== undefined) want('slot', name, next);
    const wanted = results.map(({ value, type }) => ({ value: this.#nameOf(value), type }));
    const graph = this.#graph.finish(wanted);
    return { ...graph, host: this.#host, given: this.#given, results };
  }

  #typeOf(value: ValueId): TensorType {
    return this.#program.values[value] as TensorType;
  }

  #nameOf(value: ValueId): Name {
    const name = this.#names.get(value);
    assert(name, `onnx: value ${value} is read before it is computed`);
    return name;
  }
}

function readValues({ nodes, outputs, slots }: Program): ReadonlySet<ValueId> {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  for (const { value } of outputs) read.add(value);
  for (const { next } of slots) if (next !== undefined) read.add(next);
  return read;
}
