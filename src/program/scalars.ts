// Which scalars a program reads: those of its ops.
import type { OpName } from './ops/params.js';
import type { OpRule } from './ops/rule.js';
import { opRules } from './ops/table.js';
import type { Node } from './types.js';

/** Names of the scalars that ops read from each run, each once, sorted. */
export function scalarsOf(nodes: readonly Pick<Node, 'op' | 'params'>[]): readonly string[] {
  return [...new Set(nodes.flatMap(scalarsOfNode))].sort();
}

function scalarsOfNode<K extends OpName>({
  op,
  params,
}: Pick<Node<K>, 'op' | 'params'>): readonly string[] {
  return (opRules[op] as OpRule<K>).scalars?.(params) ?? [];
}
