// Cutting a window out of one image, mirrored if wanted.
import type { Extent, ImageForm } from '../image-form.js';

/** A window [top, top+height) x [left, left+width) of an image, and where it goes. It must lie
 *  inside the image. */
export interface Crop {
  /** u8 [C,H,W], `form` is its shape. */
  readonly pixels: Uint8Array;
  readonly form: ImageForm;
  readonly top: number;
  readonly left: number;
  readonly window: Extent;
  /** Columns right to left. */
  readonly isMirrored: boolean;
  /** u8, receives [C,height,width] from `at` on. */
  readonly out: Uint8Array;
  readonly at: number;
}

/** Copies a window's pixels: out[at + (c*height + y)*width + x] = pixels[(c*H + top+y)*W + left+x],
 *  mirrored: left + width-1-x. */
export function copyCrop({ pixels, form, top, left, window, isMirrored, out, at }: Crop): void {
  const { channels, height: H, width: W } = form;
  const { height, width } = window;
  if (width === W && height === H && !isMirrored) {
    out.set(pixels, at);
    return;
  }
  let to = at;
  for (let channel = 0; channel < channels; channel++) {
    for (let row = top; row < top + height; row++, to += width) {
      const from = (channel * H + row) * W + left;
      if (isMirrored) copyMirrored(pixels, from, width, out, to);
      else if (width >= COPIED_ROW) out.set(pixels.subarray(from, from + width), to);
      else for (let x = 0; x < width; x++) out[to + x] = pixels[from + x] as number;
    }
  }
}

// Rows from which the engine's own copy and reversal, with a view for each call, are faster than a
// loop over bytes.
const COPIED_ROW = 32;
const REVERSED_ROW = 128;

function copyMirrored(
  pixels: Uint8Array,
  from: number,
  width: number,
  out: Uint8Array,
  to: number,
): void {
  if (width >= REVERSED_ROW) {
    out.set(pixels.subarray(from, from + width), to);
    out.subarray(to, to + width).reverse();
    return;
  }
  for (let x = 0; x < width; x++) out[to + x] = pixels[from + width - 1 - x] as number;
}

/** As {@link copyCrop}, for a window that may reach over the image's edges: 0 there. */
export function copyPadded(crop: Crop): void {
  const { form, top, left, window, isMirrored, pixels, out, at } = crop;
  const { channels, height: H, width: W } = form;
  const { height, width } = window;
  out.fill(0, at, at + channels * height * width);
  const [firstX, lastX] = [Math.max(0, -left), Math.min(width, W - left)];
  for (let channel = 0; channel < channels; channel++) {
    for (let y = Math.max(0, -top); y < Math.min(height, H - top); y++) {
      const from = (channel * H + top + y) * W + left;
      const to = at + (channel * height + y) * width;
      for (let x = firstX; x < lastX; x++) {
        out[to + (isMirrored ? width - 1 - x : x)] = pixels[from + x] as number;
      }
    }
  }
}
