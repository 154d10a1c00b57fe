// Element-wise functions other than ReLU.
import { activationProblems } from '../../program/ops/activation.js';
import type { ActivationParams } from '../../program/ops/params.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = f(x), with the numbers of f as ONNX names them; see the op `activation`. */
export interface ActivationLayer extends LayerBase, ActivationParams {
  readonly kind: 'activation';
}

/** See {@link ActivationLayer}. */
export const activation: LayerRule<ActivationLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: (layer) => activationProblems(layer),
  lower: ({ emitter }, layer, inputs) =>
    emitter.apply('activation', activationParams(layer), inputs),
};

/** The op's parameters, without numbers that are not given. */
function activationParams({ function: name, alpha, beta }: ActivationParams): ActivationParams {
  return {
    function: name,
    ...(alpha !== undefined && { alpha }),
    ...(beta !== undefined && { beta }),
  };
}
