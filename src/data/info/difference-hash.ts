// A hash of what an image looks like: it hardly changes when an image is recompressed or made a
// little brighter.
import type { ImageForm } from '../image-form.js';

/** Cells of the grid an image is averaged to, in each direction. */
const GRID = 9;
const BITS = GRID * (GRID - 1);
/** u32 words of a hash: 72 bits of horizontal differences in three words, then 72 of vertical
 *  ones. */
export const HASH_WORDS = 6;
/** Of 144 differences of neighbouring cells; below, an image is a plain surface and looks like any
 *  other. */
export const LEAST_STRUCTURE = 0.5;
// Grey levels; a smaller difference may be noise of the compression.
const CLEAR_DIFFERENCE = 2;

/** Difference hash (dHash): the image's grey values, (R+G+B)/3, are averaged to 9x9 cells; a bit
 *  says whether a cell is darker than the one right of it (first 72 bits) or below it (last 72).
 *  @param pixels u8 [C,H,W], `form` is its shape
 *  @param into u32, the hash is written to into[at .. at+5]
 *  @returns share of the 144 differences of at least 2 grey levels: an image of few has too little
 *  structure to be compared */
export function differenceHash(
  pixels: Uint8Array,
  form: ImageForm,
  into: Uint32Array,
  at: number,
): number {
  const cells = greyCells(pixels, form);
  into.fill(0, at, at + HASH_WORDS);
  let clear = 0;
  let bit = 0;
  const compare = (a: number, b: number, word: number) => {
    const difference = (cells[b] as number) - (cells[a] as number);
    if (Math.abs(difference) >= CLEAR_DIFFERENCE) clear++;
    if (difference > 0) {
      const place = at + word + (bit >> 5);
      into[place] = (into[place] as number) | (1 << (bit & 31));
    }
    bit++;
  };
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID - 1; column++) {
      compare(row * GRID + column, row * GRID + column + 1, 0);
    }
  }
  bit = 0;
  for (let row = 0; row < GRID - 1; row++) {
    for (let column = 0; column < GRID; column++) {
      compare(row * GRID + column, (row + 1) * GRID + column, HASH_WORDS / 2);
    }
  }
  return clear / (2 * BITS);
}

/** Number of bits in which the hashes at `a` and `b` differ, 0..144. */
export function hashDistance(hashes: Uint32Array, a: number, b: number): number {
  let distance = 0;
  for (let word = 0; word < HASH_WORDS; word++) {
    distance += bitCount((hashes[a + word] as number) ^ (hashes[b + word] as number));
  }
  return distance;
}

function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** Mean grey value of each cell; cells of images smaller than the grid share pixels. */
function greyCells(pixels: Uint8Array, form: ImageForm): Float64Array {
  const cells = new Float64Array(GRID * GRID);
  const edge = (cell: number, side: number) => Math.floor((cell * side) / GRID);
  const span = (cell: number, side: number): [number, number] => [
    edge(cell, side),
    Math.max(edge(cell, side) + 1, edge(cell + 1, side)),
  ];
  const { height, width } = form;
  for (let row = 0; row < GRID; row++) {
    const [top, bottom] = span(row, height);
    for (let column = 0; column < GRID; column++) {
      const [left, right] = span(column, width);
      const box = { top, bottom, left, right };
      cells[row * GRID + column] = meanOf(pixels, form, box);
    }
  }
  return cells;
}

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

function meanOf(pixels: Uint8Array, { channels, height, width }: ImageForm, box: Box): number {
  let sum = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = box.top; y < box.bottom; y++) {
      const line = (channel * height + y) * width;
      for (let x = box.left; x < box.right; x++) sum += pixels[line + x] as number;
    }
  }
  return sum / (channels * (box.bottom - box.top) * (box.right - box.left));
}
