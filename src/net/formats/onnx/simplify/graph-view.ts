// Who gives and who reads the values of a graph, while its nodes are replaced.
import type { Shape } from '../../../../tensor/tensor.js';
import { type Constant, scalarOf } from '../constant.js';
import type { Known, Node } from '../graph.js';
import { Reading } from '../reading.js';

/** A product of values and a number. */
export interface Product {
  readonly factors: readonly string[];
  readonly scale: number;
}

/** A folded graph as patterns look at it. */
export class GraphView {
  readonly #known: Known;
  readonly #opset: number;
  readonly #producers = new Map<string, Node>();
  readonly #readers = new Map<string, number>();

  /** @param output the graph's, which the loss reads */
  constructor(nodes: readonly Node[], opset: number, known: Known, output: string) {
    this.#known = known;
    this.#opset = opset;
    this.#readers.set(output, 1);
    for (const node of nodes) this.#add(node);
  }

  /** Puts one node in the place of another that gives the same values. */
  replace(old: Node, made: Node): void {
    for (const input of old.inputs) this.#readers.set(input, this.readers(input) - 1);
    this.#add(made);
  }

  /** How many inputs of nodes a value is. */
  readers(value: string): number {
    return this.#readers.get(value) ?? 0;
  }

  /** The node that gives a value. */
  producer(value: string): Node | undefined {
    return this.#producers.get(value);
  }

  /** The node of the operator `op` that gives a value which only one input reads. */
  alone(value: string, op: string): Node | null {
    const node = this.producer(value);
    return node?.op === op && this.readers(value) === 1 ? node : null;
  }

  constant(value: string): Constant | null {
    return this.#known.constant(value) ?? null;
  }

  dims(value: string): Shape | undefined {
    return this.#known.dims(value);
  }

  reading(node: Node): Reading {
    return new Reading(node, this.#opset, this.#known);
  }

  /** A Mul, or a Div by a number, as one product with those below it that nobody else reads; null
   *  for other nodes. */
  product({ op, inputs, domain }: Node): Product | null {
    const [a = '', b = ''] = inputs;
    if (domain !== '' || (op !== 'Mul' && op !== 'Div')) return null;
    const [left, right] = [this.#factor(a), this.#factor(b)];
    if (op === 'Mul') {
      return { factors: [...left.factors, ...right.factors], scale: left.scale * right.scale };
    }
    if (right.factors.length > 0) return null;
    return { factors: left.factors, scale: left.scale / right.scale };
  }

  #factor(value: string): Product {
    const constant = this.constant(value);
    const number = scalarOf(constant);
    if (number !== null) return { factors: [], scale: number };
    const node = this.producer(value);
    const product = node !== undefined && this.readers(value) === 1 ? this.product(node) : null;
    return product ?? { factors: [value], scale: 1 };
  }

  #add(node: Node): void {
    for (const output of node.outputs) this.#producers.set(output, node);
    for (const input of node.inputs) this.#readers.set(input, this.readers(input) + 1);
  }
}
