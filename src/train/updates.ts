// Gradients and the solver's updates of one network.
import { PlanError } from '../base/errors.js';
import type { ProgramBuilder } from '../program/builder.js';
import { differentiate } from '../program/differentiate.js';
import type { ValueId } from '../program/types.js';
import { type Solver, solverRule } from '../program/solvers/table.js';
import { isLearning, type ParameterValue, stateSlot, tensorName } from './parameter.js';

/** Adds what makes the loss fall: gradients of the learning parameters of network `network`, and
 *  their next values. @throws PlanError naming a parameter that the loss does not depend on */
export function addUpdates(
  builder: ProgramBuilder,
  solver: Solver,
  network: number,
  loss: ValueId,
  blobs: readonly ParameterValue[],
): void {
  const rule = solverRule(solver);
  const learning = blobs.filter(({ parameter }) => isLearning(parameter));
  const gradients = differentiate(
    builder,
    loss,
    learning.map(({ value }) => value),
  );
  learning.forEach(({ parameter, value }, i) => {
    const { slot, blob, solverState } = parameter;
    const gradient = gradients[i] ?? null;
    if (gradient === null) {
      throw new PlanError(`the loss does not depend on ${tensorName(parameter)}: it cannot learn`);
    }
    const type = { dtype: 'f32', shape: blob.shape } as const;
    const state = solverState.map((name) => builder.slot(stateSlot(parameter, name), type, slot));
    const next = rule.update(builder, solver, blob, { weight: value, gradient, state });
    builder.setNext(slot, next.weight, network);
    solverState.forEach((name, at) =>
      builder.setNext(stateSlot(parameter, name), next.state[at] as ValueId, network),
    );
  });
}
