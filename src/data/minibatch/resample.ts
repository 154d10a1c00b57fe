// A rectangle of an image brought to the size of a window: bilinear, and smoothed where it shrinks.
import type { Extent, ImageForm } from '../image-form.js';
import type { Place } from './augment.js';

/** What is resampled, and where it goes. */
interface Resampled {
  /** u8 [C,H,W], `form` is its shape. */
  readonly pixels: Uint8Array;
  readonly form: ImageForm;
  /** Inside the image. */
  readonly place: Place;
  readonly window: Extent;
  /** Columns right to left. */
  readonly isMirrored: boolean;
  /** u8, receives [C,height,width] from `at` on. */
  readonly out: Uint8Array;
  readonly at: number;
}

/** For each of `to` outputs: its first input and the weights of inputs from there on, `taps` for
 *  each. */
interface Taps {
  readonly taps: number;
  readonly starts: Int32Array;
  readonly weights: Float64Array;
}

const known = new Map<string, Taps>();

/** Triangle filter over `from` inputs, centres at half pixels, as wide as one output if that is
 *  more than one input (Pillow's and torchvision's bilinear with antialiasing). */
function tapsOf(from: number, to: number): Taps {
  const key = `${from} ${to}`;
  const made = known.get(key) ?? makeTaps(from, to);
  // Some hundred sizes occur; far more would be a leak.
  if (known.size > 4096) known.clear();
  known.set(key, made);
  return made;
}

function makeTaps(from: number, to: number): Taps {
  const scale = from / to;
  const reach = Math.max(1, scale);
  const taps = Math.min(from, 2 * Math.ceil(reach) + 1);
  const starts = new Int32Array(to);
  const weights = new Float64Array(to * taps);
  for (let o = 0; o < to; o++) {
    const centre = (o + 0.5) * scale;
    const start = Math.max(0, Math.min(from - taps, Math.floor(centre - reach + 0.5)));
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const weight = Math.max(0, 1 - Math.abs(start + k + 0.5 - centre) / reach);
      weights[o * taps + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < taps; k++) weights[o * taps + k] = (weights[o * taps + k] as number) / sum;
    starts[o] = start;
  }
  return { taps, starts, weights };
}

// Rows of the rectangle at the window's width; grows to the largest that was needed.
let rows = new Float64Array(0);

/** Fills the window, rows first, in float64, rounded once. */
export function resample({ pixels, form, place, window, isMirrored, out, at }: Resampled): void {
  const { channels, height: H, width: W } = form;
  const across = tapsOf(place.width, window.width);
  const down = tapsOf(place.height, window.height);
  if (rows.length < place.height * window.width) {
    rows = new Float64Array(place.height * window.width);
  }
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < place.height; y++) {
      const from = (channel * H + place.top + y) * W + place.left;
      shrinkRow(pixels, from, across, isMirrored, y * window.width);
    }
    mixRows(down, window, out, at + channel * window.height * window.width);
  }
}

function shrinkRow(
  pixels: Uint8Array,
  from: number,
  { taps, starts, weights }: Taps,
  isMirrored: boolean,
  to: number,
): void {
  const width = starts.length;
  for (let x = 0; x < width; x++) {
    const first = from + (starts[x] as number);
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      sum += (weights[x * taps + k] as number) * (pixels[first + k] as number);
    }
    rows[to + (isMirrored ? width - 1 - x : x)] = sum;
  }
}

function mixRows(
  { taps, starts, weights }: Taps,
  { height, width }: Extent,
  out: Uint8Array,
  at: number,
): void {
  for (let y = 0; y < height; y++) {
    const first = (starts[y] as number) * width;
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < taps; k++) {
        sum += (weights[y * taps + k] as number) * (rows[first + k * width + x] as number);
      }
      out[at + y * width + x] = Math.round(sum);
    }
  }
}
