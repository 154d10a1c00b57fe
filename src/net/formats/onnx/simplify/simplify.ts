// A folded graph with fewer nodes that computes the same.
import type { Known, Node } from '../graph.js';
import type { Folded } from '../fold/fold.js';
import { GraphView } from './graph-view.js';
import { withPads } from './pads.js';
import { patterns } from './patterns.js';

/** Nodes that are needed for a value, in order. */
export function neededFor(output: string, nodes: readonly Node[]): readonly Node[] {
  const needed = new Set([output]);
  const found = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((name) => needed.has(name))) return false;
    node.inputs.forEach((name) => needed.add(name));
    return true;
  });
  return found.reverse();
}

/** A graph whose patterns are single nodes: HardSwish, SiLU, GELU, layer normalisation that were
 *  spelled out, padding as part of what it is for. */
export function simplified({ nodes, opset, ...known }: Folded, output: string): readonly Node[] {
  const needed = neededFor(output, nodes);
  const view = new GraphView(needed, opset, known as Known, output);
  const result = needed.map((node) => {
    let current = node;
    for (const pattern of [...patterns, withPads]) {
      const made = pattern(current, view);
      if (made === null) continue;
      view.replace(current, made);
      current = made;
    }
    return current;
  });
  return neededFor(output, result);
}
