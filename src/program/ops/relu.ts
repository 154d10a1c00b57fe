// Rectifier and its backward op.
import { expectSameTypes, type OpRule } from './rule.js';

/** y = max(x, 0); x f32 [...] -> y f32 [...]. */
export const relu: OpRule<'relu'> = {
  shape: (_, inputs) => expectSameTypes('relu', inputs, 1),
  // By the output, not the input: then a convolution can apply its ReLU in place.
  gradient: (emitter, { outputs, outputGradients }) =>
    emitter.emit('relu_backward', {}, [outputGradients[0] as number, outputs[0] as number]),
};

/** dx = dy where y > 0, else 0; dy, y f32 [...] -> dx f32 [...]. */
export const reluBackward: OpRule<'relu_backward'> = {
  shape: (_, inputs) => expectSameTypes('relu_backward', inputs, 2),
  gradient: null,
};
