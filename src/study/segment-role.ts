// What a segment is to a network of a treatment: fresh, copied or random, frozen. Knows no network,
// so that figures may ask it in a browser.
import { type TreatmentKind, treatments } from './treatments.js';

/** A network as far as this depends on it. */
export interface Treated {
  readonly treatment: TreatmentKind;
  readonly n: number;
}

/** What a segment is when training begins. */
export interface SegmentRole {
  /** Whether it does not start fresh: copied from where the treatment says, or random if from
   *  nowhere. */
  readonly isSpecial: boolean;
  readonly isFrozen: boolean;
}

/** What segment `ordinal`, 1..`count`, is to a network. */
export function segmentRole(
  { treatment, n }: Treated,
  ordinal: number,
  count: number,
): SegmentRole {
  const { frozen, preserved, from } = treatments[treatment];
  if (from !== undefined) return { isSpecial: true, isFrozen: false };
  if (frozen === 'others') {
    const isSpecial = ordinal < count;
    return { isSpecial, isFrozen: isSpecial && ordinal !== n };
  }
  return { isSpecial: ordinal <= n + preserved, isFrozen: frozen === 'first' && ordinal <= n };
}
