// Reverse-mode differentiation: adds backward ops for the asked values only; nothing is propagated
// below the lowest of them.
import { assert } from '../base/errors.js';
import type { Draft, ProgramBuilder } from './builder.js';
import type { Application, Emitter, OpRule } from './ops/rule.js';
import type { OpName } from './ops/params.js';
import { opRules } from './ops/table.js';
import type { ValueId } from './types.js';

/** Gradients of a loss by `parameters`, as new values of the builder, in their order; null where
 *  the loss does not depend on one.
 *  @param loss output 0 of a `softmax_cross_entropy`, whose own gradient is 1 */
export function differentiate(
  builder: ProgramBuilder,
  loss: ValueId,
  parameters: readonly ValueId[],
): readonly (ValueId | null)[] {
  const path = pathTo(builder.nodes, parameters, loss);
  const root = path.at(-1);
  if (!root) return parameters.map(() => null);
  assert(
    root.op === 'softmax_cross_entropy' && root.outputs[0] === loss,
    `value ${loss} is not a loss`,
  );

  const gradients = new Map<ValueId, ValueId>();
  const depends = new Set<ValueId>([...parameters, ...path.flatMap((node) => node.outputs)]);
  for (const node of path.toReversed()) {
    const outputGradients = node.outputs.map((value) => gradients.get(value) ?? null);
    if (node !== root && outputGradients.every((gradient) => gradient === null)) continue;
    const wanted = node.inputs.map((value) => depends.has(value));
    applyRule(builder, node, outputGradients, wanted).forEach((gradient, index) => {
      if (gradient === null || !wanted[index]) return;
      const input = node.inputs[index] as ValueId;
      const before = gradients.get(input);
      gradients.set(
        input,
        before === undefined ? gradient : builder.apply('add', {}, [before, gradient]),
      );
    });
  }
  return parameters.map((value) => gradients.get(value) ?? null);
}

/** Nodes that the loss depends on and that depend on a parameter, in build order. */
function pathTo(
  nodes: readonly Draft[],
  parameters: readonly ValueId[],
  loss: ValueId,
): readonly Draft[] {
  const dependent = new Set<ValueId>(parameters);
  const forward = nodes.filter((node) => {
    const depends = node.inputs.some((value) => dependent.has(value));
    if (depends) node.outputs.forEach((value) => dependent.add(value));
    return depends;
  });
  const needed = new Set<ValueId>([loss]);
  const backward = forward.toReversed().filter((node) => {
    const isNeeded = node.outputs.some((value) => needed.has(value));
    if (isNeeded) node.inputs.forEach((value) => needed.add(value));
    return isNeeded;
  });
  return backward.toReversed();
}

function applyRule<K extends OpName>(
  emitter: Emitter,
  node: Draft<K>,
  outputGradients: readonly (ValueId | null)[],
  wanted: readonly boolean[],
): readonly (ValueId | null)[] {
  const rule = opRules[node.op] as OpRule<K>;
  assert(rule.gradient, `op ${node.op} has no gradient but lies between a parameter and the loss`);
  const application: Application<K> = {
    params: node.params,
    inputs: node.inputs,
    outputs: node.outputs,
    outputGradients,
    wanted,
  };
  return rule.gradient(emitter, application);
}
