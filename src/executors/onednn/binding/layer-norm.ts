// What layer normalisation is called in both generations of oneDNN.
import type { LayerNormProblem, Role } from '../engine.js';
import { propKind } from './abi.js';

/** dnnl_normalization_flags_t of one generation. */
export interface LayerNormFlags {
  readonly useScale: number;
  readonly useShift: number;
}

/** The arguments of a layer normalisation's descriptor. */
export interface LayerNormNumbers {
  readonly kind: number;
  readonly flags: number;
  readonly roles: readonly Role[];
  /** For messages. */
  readonly name: string;
}

/** Propagation kind, flags and memories of a problem. */
export function layerNormNumbers(
  { direction, data, isScaled }: LayerNormProblem,
  bits: LayerNormFlags,
): LayerNormNumbers {
  const flags = isScaled ? bits.useScale | bits.useShift : 0;
  const name = `layer normalisation ${direction} ${data.key}`;
  if (direction === 'forward') {
    const roles: readonly Role[] = isScaled ? ['scale', 'shift'] : [];
    const kind = propKind.forwardTraining;
    return { kind, flags, name, roles: ['src', 'mean', 'variance', ...roles, 'dst'] };
  }
  const roles: readonly Role[] = isScaled ? ['scale', 'shift', 'diffScale', 'diffShift'] : [];
  return {
    ...{ flags, name, kind: isScaled ? propKind.backward : propKind.backwardData },
    roles: ['src', 'mean', 'variance', 'diffDst', 'diffSrc', ...roles],
  };
}
