// Which scalars a program reads: those of its ops.
import { opRules } from './ops/table.js';
import type { Node } from './types.js';

/** Names of the scalars that ops read from each run, each once, sorted. */
export function scalarsOf(nodes: readonly Pick<Node, 'op'>[]): readonly string[] {
  return [...new Set(nodes.flatMap(({ op }) => opRules[op].scalars ?? []))].sort();
}
