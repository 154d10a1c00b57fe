// Planes to pixels, for what wants images the way sharp does.

/** u8 [channels,pixels] as u8 [pixels,channels]. */
export function interleaved(planes: Uint8Array, channels: number): Uint8Array {
  const pixels = planes.length / channels;
  const out = new Uint8Array(planes.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < pixels; at++) {
      out[at * channels + channel] = planes[channel * pixels + at] as number;
    }
  }
  return out;
}
