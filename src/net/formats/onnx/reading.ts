// A node with what is known of its inputs: how folding, simplifying and converting read it.
import type { Shape } from '../../../tensor/tensor.js';
import type { Constant } from './constant.js';
import type { Known, Node } from './graph.js';
import { Refusal } from './refusal.js';

/** One node as it is read. What an operator had as an attribute in an old version of ONNX and as an
 *  input in a new one is found either way. */
export class Reading {
  readonly node: Node;
  readonly opset: number;
  readonly #known: Known;

  constructor(node: Node, opset: number, known: Known) {
    this.node = node;
    this.opset = opset;
    this.#known = known;
  }

  /** True if the input is not left out. */
  has(index: number): boolean {
    return (this.node.inputs[index] ?? '') !== '';
  }

  /** Name of an input. @throws Refusal if it is left out */
  input(index: number): string {
    const name = this.node.inputs[index] ?? '';
    if (name === '') throw new Refusal(`has no input ${index + 1}`);
    return name;
  }

  /** Sizes of an input for one image. @throws Refusal if they are not known */
  dims(index: number): Shape {
    const dims = this.#known.dims(this.input(index));
    if (dims === undefined) throw new Refusal(`reads "${this.input(index)}", which nothing gives`);
    return dims;
  }

  /** Sizes of an output for one image. @throws Refusal if they are not known */
  outputDims(index: number): Shape {
    const name = this.node.outputs[index] ?? '';
    const dims = this.#known.dims(name);
    if (dims === undefined) throw new Refusal(`gives "${name}", whose sizes are not known`);
    return dims;
  }

  /** An input that does not depend on the images; null if it does or is left out. */
  constant(index: number): Constant | null {
    return this.#known.constant(this.node.inputs[index] ?? '') ?? null;
  }

  /** Numbers of an input. @throws Refusal if they depend on the images */
  numbers(index: number): readonly number[] {
    const constant = this.constant(index);
    if (constant === null) {
      throw new Refusal(`takes its input ${index + 1} from the images, wanted fixed numbers`);
    }
    return [...constant.numbers()];
  }

  /** A number among the attributes. */
  number(name: string, otherwise: number): number {
    const value = this.node.attributes.get(name);
    return typeof value === 'number' ? value : otherwise;
  }

  /** A text among the attributes. */
  text(name: string, otherwise: string): string {
    const value = this.node.attributes.get(name);
    return typeof value === 'string' ? value : otherwise;
  }

  /** A list among the attributes; null if there is none. */
  list(name: string): readonly number[] | null {
    const value = this.node.attributes.get(name);
    return Array.isArray(value) ? (value as readonly number[]) : null;
  }

  /** A list that is an attribute, or the input at `index`; null if it is neither. */
  listOr(name: string, index: number): readonly number[] | null {
    return this.list(name) ?? (this.has(index) ? this.numbers(index) : null);
  }

  /** A number that is an attribute, or the input at `index`. */
  numberOr(name: string, index: number, otherwise: number): number {
    const value = this.node.attributes.get(name);
    if (typeof value === 'number') return value;
    return this.has(index) ? (this.numbers(index)[0] ?? otherwise) : otherwise;
  }

  /** A tensor among the attributes; null if there is none. */
  tensor(name: string): Constant | null {
    const value = this.node.attributes.get(name);
    return typeof value === 'object' && value !== null && 'dims' in value ? value : null;
  }
}
