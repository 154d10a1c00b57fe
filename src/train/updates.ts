// Gradients and the solver's updates of one network.
import { PlanError } from '../base/errors.js';
import type { ProgramBuilder } from '../program/builder.js';
import { differentiate } from '../program/differentiate.js';
import type { ValueId } from '../program/types.js';
import type { Schedule } from './job.js';
import { isLearning, type ParameterValue, tensorName, velocitySlot } from './parameter.js';

/** Adds what makes the loss fall: gradients of the learning parameters of network `network`, and
 *  their next values. @throws PlanError naming a parameter that the loss does not depend on */
export function addUpdates(
  builder: ProgramBuilder,
  { momentum, weightDecay }: Schedule,
  network: number,
  loss: ValueId,
  blobs: readonly ParameterValue[],
): void {
  const learning = blobs.filter(({ parameter }) => isLearning(parameter));
  const gradients = differentiate(
    builder,
    loss,
    learning.map(({ value }) => value),
  );
  learning.forEach(({ parameter, value }, i) => {
    const { slot, blob } = parameter;
    const gradient = gradients[i] ?? null;
    if (gradient === null) {
      throw new PlanError(`the loss does not depend on ${tensorName(parameter)}: it cannot learn`);
    }
    const v = builder.slot(velocitySlot(parameter), { dtype: 'f32', shape: blob.shape }, slot);
    const params = { lrMult: blob.lrMult, momentum, weightDecay: weightDecay * blob.decayMult };
    const [w2, v2] = builder.emit('sgd_update', params, [value, v, gradient]);
    builder.setNext(slot, w2 as ValueId, network);
    builder.setNext(velocitySlot(parameter), v2 as ValueId, network);
  });
}
