// Softmax over the last axis, and its backward op.
import { expectSameTypes, type OpRule } from './rule.js';

/** y = e^x / sum of e^x over the last axis; x f32 [...,C] -> y f32 [...,C]. */
export const softmax: OpRule<'softmax'> = {
  shape: (_, inputs) => expectSameTypes('softmax', inputs, 1),
  gradient: (emitter, { outputs, outputGradients }) =>
    emitter.emit('softmax_backward', {}, [outputGradients[0] as number, outputs[0] as number]),
};

/** dx = y (dy - sum of dy y over the last axis); dy, y f32 [...,C] -> dx f32 [...,C]. */
export const softmaxBackward: OpRule<'softmax_backward'> = {
  shape: (_, inputs) => expectSameTypes('softmax_backward', inputs, 2),
  gradient: null,
};
