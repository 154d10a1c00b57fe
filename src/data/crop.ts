// Cutting a square window out of one image, mirrored if wanted.

/** Copies the window [top, top+crop) x [left, left+crop) of a u8 [channels,size,size] image to `out[at..]` as u8
 *  [channels,crop,crop]; mirrored: columns right to left. The window must lie inside the image. */
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
    for (let row = top; row < top + crop; row++) {
      const from = (channel * size + row) * size + left;
      // Rows are short (28 to 227 bytes): a plain loop beats a call and a view for each.
      if (mirrored) {
        for (let x = from + crop - 1; x >= from; x--) out[to++] = pixels[x] as number;
      } else {
        for (let x = from; x < from + crop; x++) out[to++] = pixels[x] as number;
      }
    }
  }
}
