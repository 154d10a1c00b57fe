// What of a graph cannot be taken, each with its place among the weight layers.
import { type FileIssue, ParseError } from '../../../base/errors.js';
import type { Graph, Node } from './graph.js';
import { modulePath, ownerOf } from './names.js';
import type { Refusal } from './refusal.js';

/** Collects the problems of one file's graph. */
export class GraphProblems {
  readonly #file: string;
  readonly #graph: Graph;
  readonly #issues: FileIssue[] = [];
  readonly #seen = new Set<Node>();

  constructor(file: string, graph: Graph) {
    this.#file = file;
    this.#graph = graph;
  }

  /** Notes why a node cannot be taken. */
  readonly add = (node: Node, { message, remedy }: Refusal): void => {
    if (this.#seen.has(node)) return;
    this.#seen.add(node);
    const name = [node.name, modulePath(node), node.outputs[0] ?? ''].find((each) => each !== '');
    const place = this.#place(node);
    const what = remedy === null ? '' : `; ${remedy}`;
    this.say(`node "${name}" (${node.op}${place}) ${message}${what}`);
  };

  /** Notes what is wrong with the whole. */
  say(message: string): void {
    this.#issues.push({ file: this.#file, message });
  }

  /** @throws ParseError with all problems, if there are any */
  throwIfAny(): void {
    if (this.#issues.length > 0) throw new ParseError(this.#issues);
  }

  /** The weight layers next to a node: below and above it. */
  #place(node: Node): string {
    const { nodes } = this.#graph;
    const below = reached(
      node,
      nodes.toReversed(),
      (each) => each.inputs,
      (each) => each.outputs,
    );
    const above = reached(
      node,
      nodes,
      (each) => each.outputs,
      (each) => each.inputs,
    );
    const [last, first] = [below, above].map((found) => this.#weightLayer(found)) as [
      string | null,
      string | null,
    ];
    if (last === null && first === null) return '';
    if (first === null) return `, after the last weight layer, ${last}`;
    return last === null
      ? `, before the first weight layer, ${first}`
      : `, between the weight layers ${last} and ${first}`;
  }

  #weightLayer(nodes: readonly Node[]): string | null {
    for (const node of nodes) {
      const weight = this.#graph.constants.get(node.inputs[1] ?? '') ?? null;
      if (weight === null || !['Conv', 'Gemm', 'MatMul'].includes(node.op)) continue;
      return ownerOf(weight) ?? (modulePath(node) || node.name || (weight.stored ?? ''));
    }
    return null;
  }
}

/** Nodes that can be reached from one in one direction, the nearest first. `nodes` stand in that
 *  direction's order. */
function reached(
  from: Node,
  nodes: readonly Node[],
  ahead: (node: Node) => readonly string[],
  behind: (node: Node) => readonly string[],
): readonly Node[] {
  const values = new Set(ahead(from));
  return nodes.filter((node) => {
    if (node === from || !behind(node).some((value) => value !== '' && values.has(value))) {
      return false;
    }
    ahead(node).forEach((value) => values.add(value));
    return true;
  });
}
