// Reasons to leave a face out: it is too small in the box, its lowercase is not lowercase, or it
// repeats another face.

import { fill } from './rasterise.mjs';
import { capitalHeight, faceScale, lowercaseHeight, narrowing, overflow } from './faces.mjs';

const leastCapitalRows = 12;
const leastLowercaseRows = 7.5;
const leastHeightRatio = 1.18; // capital over lowercase height; below it nobody tells s from S
const differentShapes = 'abdeghqr'; // letters whose capital has another shape, not only another size
const sameShape = 0.12; // share of ink that may differ between shapes stretched to one box
const duplicate = 0.16; // share of ink that may differ between faces, over all classes

/** Says why a face cannot be used, or undefined if it can. */
export function faceProblem(glyphs) {
  const scale = faceScale(glyphs);
  const [capital, lowercase] = [capitalHeight(glyphs), lowercaseHeight(glyphs)];
  if (capital * scale < leastCapitalRows)
    return `capitals only ${(capital * scale).toFixed(1)} px high`;
  if (lowercase * scale < leastLowercaseRows)
    return `lowercase only ${(lowercase * scale).toFixed(1)} px high`;
  if (capital / lowercase < leastHeightRatio)
    return `capitals only ${(capital / lowercase).toFixed(2)} x lowercase`;
  const capitals = [...differentShapes].filter((letter) => looksCapital(glyphs, letter));
  if (capitals.length > 2) return `lowercase ${capitals.join('')} are capitals`;
  const bad = [...glyphs].filter(
    ([, glyph]) => overflow(glyph, scale) > 2.5 || narrowing(glyph, scale) < 0.7,
  );
  if (bad.length > 2) return `${bad.map(([character]) => character).join('')} do not fit the box`;
  return undefined;
}

/** Share of ink in which two faces differ: sum |a - b| / sum max(a, b) over all their images
 *  (Uint8Array). */
export function difference(a, b) {
  let [apart, ink] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    apart += Math.abs(a[i] - b[i]);
    ink += Math.max(a[i], b[i]);
  }
  return apart / ink;
}

/** The accepted face that `images` nearly repeats ({name, images}), or undefined. */
export function findDuplicate(images, accepted) {
  return accepted.find((face) => difference(images, face.images) < duplicate);
}

function looksCapital(glyphs, letter) {
  const small = stretched(glyphs.get(letter));
  return difference(small, stretched(glyphs.get(letter.toUpperCase()))) < sameShape;
}

function stretched({ segments, left, right, top, bottom }) {
  const side = 24;
  const x = (value) => ((value - left) / (right - left)) * side;
  const y = (value) => ((top - value) / (top - bottom)) * side;
  return fill(
    segments.map(([x0, y0, x1, y1]) => [x(x0), y(y0), x(x1), y(y1)]),
    side,
    side,
  );
}
