// What is asked of holding out, and what came of it.
import { listed } from '../classes/splits.js';

/** What share of each class's training images is held out for validation, and by which draw. */
export interface HoldOut {
  /** 0..1, without both. */
  readonly share: number;
  readonly seed: number;
}

/** What was held out, as the store's header says it. */
export interface HeldOut extends HoldOut {
  /** Training images that are validation images now. */
  readonly images: number;
  /** Images that stay beside one they look like. */
  readonly together: number;
  /** Classes whose images all look alike. */
  readonly alike: readonly string[];
}

/** How many of a class's `count` training images are held out: the share, rounded, at least one and
 *  never all; none of a class without images. */
export function heldOf(count: number, share: number): number {
  return Math.max(0, Math.min(count - 1, Math.max(1, Math.round(share * count))));
}

/** What was held out, in a sentence. */
export function heldOutText({ share, seed, images, together, alike }: HeldOut): string {
  const alikeText =
    alike.length === 0 ? '' : `; all images of ${listed(alike)} look alike and are on both sides`;
  const togetherText = together === 0 ? '' : `; ${together} that look alike were kept together`;
  return `${images} training images are held out for validation (${share} of each class, seed ${seed}${togetherText}${alikeText})`;
}
