// Arithmetic of training a network, by count: multiplications and additions of its convolutions and
// inner products. Pooling, normalisation and the rest, a few per cent, are not counted.
import type { NetworkFacts } from './facts.js';

/** Floating point operations of one image. */
export interface NetworkFlops {
  /** Forward pass of the frozen layers below all that learn; networks of a gang with the same
   *  source share it. */
  readonly frozenForward: number;
  /** Forward pass of the other layers. */
  readonly forward: number;
  /** Gradients by weights of the layers that learn, and by inputs where something below learns. */
  readonly backward: number;
}

/** FLOPs of one training image; the layers named `frozen` do not learn. */
export function networkFlops(facts: NetworkFacts, frozen: ReadonlySet<string>): NetworkFlops {
  // Layers whose output depends on something that learns: gradients flow into them from above.
  const changing = new Set<string>();
  const sum = { frozenForward: 0, forward: 0, backward: 0 };
  for (const [name, { layer, forwardFlops, blobs }] of facts) {
    const isFrozen = frozen.has(name);
    const learns = !isFrozen && blobs.some(({ role }) => role === 'learned');
    const isAbove = layer.inputs.some((input) => changing.has(input));
    if (isFrozen && !isAbove) sum.frozenForward += forwardFlops;
    else sum.forward += forwardFlops;
    if (learns) sum.backward += forwardFlops;
    if (isAbove) sum.backward += forwardFlops;
    if (learns || isAbove) changing.add(name);
  }
  return sum;
}
