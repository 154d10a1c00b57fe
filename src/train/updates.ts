// Gradients and the solver's updates of one network.
import { PlanError } from '../base/errors.js';
import type { ProgramBuilder } from '../program/builder.js';
import { differentiate } from '../program/differentiate.js';
import type { ValueId } from '../program/types.js';
import { solverRule } from '../program/solvers/table.js';
import type { Schedule } from './job.js';
import { variesRate } from './learning-rate.js';
import { isLearning, type ParameterValue, stateSlot, tensorName } from './parameter.js';

/** How a network learns. */
interface UpdatePlan {
  readonly schedule: Schedule;
  /** Name of the scalar that is its learning rate; undefined: the usual one. */
  readonly rate: string | undefined;
}

/** Adds what makes the loss fall: gradients of the learning parameters of network `network`, and
 *  their next values. @throws PlanError naming a parameter that the loss does not depend on */
export function addUpdates(
  builder: ProgramBuilder,
  { schedule, rate }: UpdatePlan,
  network: number,
  loss: ValueId,
  blobs: readonly ParameterValue[],
): void {
  const { solver } = schedule;
  const rule = solverRule(solver);
  const learning = blobs.filter(({ parameter }) => isLearning(parameter));
  const found = differentiate(
    builder,
    loss,
    learning.map(({ value }) => value),
  );
  const gradients = learning.map(({ parameter }, i) => {
    const gradient = found[i] ?? null;
    if (gradient !== null) return gradient;
    throw new PlanError(`the loss does not depend on ${tensorName(parameter)}: it cannot learn`);
  });
  const taken = clipped(builder, schedule, gradients);
  const varies = variesRate(schedule) ? ({ variesRate: true } as const) : {};
  learning.forEach(({ parameter, value }, i) => {
    const { slot, blob, solverState } = parameter;
    const { lrMult, decayMult } = blob;
    const own = rate === undefined ? {} : { rate };
    const type = { dtype: 'f32', shape: blob.shape } as const;
    const state = solverState.map((name) => builder.slot(stateSlot(parameter, name), type, slot));
    const next = rule.update(
      builder,
      solver,
      { lrMult, decayMult, ...varies, ...own },
      { weight: value, gradient: taken[i] as ValueId, state },
    );
    builder.setNext(slot, next.weight, network);
    solverState.forEach((name, at) =>
      builder.setNext(stateSlot(parameter, name), next.state[at] as ValueId, network),
    );
  });
}

/** The gradients as the solver takes them. Decay comes after clipping, as in Caffe. */
function clipped(
  builder: ProgramBuilder,
  { clipNorm }: Schedule,
  gradients: readonly ValueId[],
): readonly ValueId[] {
  if (clipNorm === undefined || gradients.length === 0) return gradients;
  const factor = builder.apply('clip_factor', { limit: clipNorm }, gradients);
  return gradients.map((gradient) => builder.apply('scale_by', {}, [gradient, factor]));
}
