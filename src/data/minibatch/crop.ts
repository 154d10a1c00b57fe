// Cutting a square window out of one image, mirrored if wanted.

/** Copies the window [top, top+crop) x [left, left+crop) of a u8 [channels,size,size] image to
 *  `out[at..]` as u8 [channels,crop,crop]; mirrored: columns right to left. The window must lie
 *  inside the image. */
export function copyCrop(
  pixels: Uint8Array,
  channels: number,
  size: number,
  top: number,
  left: number,
  crop: number,
  mirrored: boolean,
  out: Uint8Array,
  at: number,
): void {
  if (crop === size && !mirrored) {
    out.set(pixels, at);
    return;
  }
  let to = at;
  for (let channel = 0; channel < channels; channel++) {
    for (let row = top; row < top + crop; row++, to += crop) {
      const from = (channel * size + row) * size + left;
      if (mirrored) copyMirrored(pixels, from, crop, out, to);
      else if (crop >= COPIED_ROW) out.set(pixels.subarray(from, from + crop), to);
      else for (let x = 0; x < crop; x++) out[to + x] = pixels[from + x] as number;
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
  crop: number,
  out: Uint8Array,
  to: number,
): void {
  if (crop >= REVERSED_ROW) {
    out.set(pixels.subarray(from, from + crop), to);
    out.subarray(to, to + crop).reverse();
    return;
  }
  for (let x = 0; x < crop; x++) out[to + x] = pixels[from + crop - 1 - x] as number;
}
