// What batch normalisation is called in both generations of oneDNN.
import type { BatchNormProblem, Role } from '../engine.js';
import { propKind } from './abi.js';

/** dnnl_normalization_flags_t of one generation, and how it differs otherwise. */
export interface NormalisationFlags {
  readonly useGlobalStats: number;
  readonly useScale: number;
  readonly useShift: number;
  readonly fuseRelu: number;
  /** Whether the backward pass wants the shift, on which nothing depends: 2.x does, 3.x refuses
   *  it. */
  readonly backwardTakesShift: boolean;
}

/** The arguments of a batch normalisation's descriptor. */
export interface BatchNormNumbers {
  readonly kind: number;
  readonly flags: number;
  readonly roles: readonly Role[];
  /** For messages. */
  readonly name: string;
}

/** Propagation kind, flags and memories of a problem. */
export function batchNormNumbers(
  problem: BatchNormProblem,
  bits: NormalisationFlags,
): BatchNormNumbers {
  const { direction, statistics, hasScale, hasShift, relu = false } = problem;
  const flags =
    (statistics === 'stored' ? bits.useGlobalStats : 0) |
    (hasScale ? bits.useScale : 0) |
    (hasShift ? bits.useShift : 0) |
    (relu ? bits.fuseRelu : 0);
  const name = `batch normalisation ${direction} ${statistics} ${problem.data.key}`;
  const both: readonly Role[] = ['src', 'mean', 'variance', ...when(hasScale, 'scale')];
  if (direction === 'forward') {
    const isTraining = statistics === 'minibatch' || problem.isForTraining;
    const kind = isTraining ? propKind.forwardTraining : propKind.forwardInference;
    return { kind, flags, name, roles: [...both, ...when(hasShift, 'shift'), 'dst'] };
  }
  const gradients = [...when(hasScale, 'diffScale'), ...when(hasShift, 'diffShift')];
  const kind = hasScale || hasShift ? propKind.backward : propKind.backwardData;
  const shift = when(hasShift && bits.backwardTakesShift, 'shift');
  return { kind, flags, name, roles: [...both, ...shift, 'diffDst', 'diffSrc', ...gradients] };
}

function when(condition: boolean, role: Role): readonly Role[] {
  return condition ? [role] : [];
}
