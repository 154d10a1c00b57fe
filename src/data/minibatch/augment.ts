// Training images cut otherwise than out of the stored image: with room around it, or a random part
// of it brought to the window's size.
import { type StreamKey, threefry4x32 } from '../../base/threefry.js';
import type { Extent } from '../image-form.js';

/** How training windows are cut; left out: at random, inside the stored image. */
export type Augmentation =
  /** Black pixels all around the image, then a window at random (torchvision's RandomCrop). */
  | { readonly kind: 'pad'; readonly pixels: number }
  /** A rectangle of random area and shape, resampled (torchvision's RandomResizedCrop). */
  | {
      readonly kind: 'resized-crop';
      /** Least and greatest share of the image's area. */
      readonly area: readonly [number, number];
      /** Least and greatest width by height. */
      readonly aspect: readonly [number, number];
    };

/** A rectangle of an image, in pixels; of `pad` it may begin outside. */
export interface Place {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** Draws of area and shape before the middle of the image is taken. */
const TRIES = 10;

/** Which rectangle of an image becomes a window. All draws are by (key, record, epoch), whatever
 *  minibatch the image falls in.
 *  @param draws the four numbers that window and mirror of usual crops are drawn from */
export function drawPlace(
  augmentation: Augmentation,
  image: Extent,
  window: Extent,
  draws: Uint32Array,
  {
    key,
    record,
    epoch,
  }: { readonly key: StreamKey; readonly record: number; readonly epoch: number },
): Place {
  if (augmentation.kind === 'pad') {
    const { pixels } = augmentation;
    const range = (side: number, size: number): number => side + 2 * pixels - size + 1;
    return {
      top: below(draws[0] as number, range(image.height, window.height)) - pixels,
      left: below(draws[1] as number, range(image.width, window.width)) - pixels,
      ...window,
    };
  }
  const { area, aspect } = augmentation;
  const words = new Uint32Array(4);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    threefry4x32(key, record, epoch, attempt, 0, words, 0);
    const [u, v, y, x] = [...words] as [number, number, number, number];
    const share = between(area[0], area[1], u);
    // Uniform in the logarithm: twice as wide is as likely as twice as high.
    const shape = Math.exp(between(Math.log(aspect[0]), Math.log(aspect[1]), v));
    const pixels = share * image.height * image.width;
    const width = Math.round(Math.sqrt(pixels * shape));
    const height = Math.round(Math.sqrt(pixels / shape));
    if (width < 1 || height < 1 || width > image.width || height > image.height) continue;
    const top = below(y, image.height - height + 1);
    return { top, left: below(x, image.width - width + 1), height, width };
  }
  return middle(image, aspect);
}

/** The largest rectangle in the middle of an image whose shape is within the limits. */
function middle(image: Extent, [least, most]: readonly [number, number]): Place {
  const shape = image.width / image.height;
  const width = shape > most ? Math.round(image.height * most) : image.width;
  const height = shape < least ? Math.round(image.width / least) : image.height;
  return {
    top: Math.floor((image.height - height) / 2),
    left: Math.floor((image.width - width) / 2),
    height,
    width,
  };
}

// Scaled, not reduced modulo: the bias of either is below count / 2^32.
function below(word: number, count: number): number {
  return Math.floor((word * count) / 2 ** 32);
}

function between(from: number, to: number, word: number): number {
  return from + ((to - from) * word) / 2 ** 32;
}
