// Opens the faces of one family (an installed @fontsource package) and draws their glyphs.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import opentype from 'opentype.js';
import { fill, flatten } from './rasterise.mjs';

/** Height and width of an image in pixels. */
export const size = 28;
const baseline = 21; // rows above the line on which the letters stand; 7 stay for descenders
const capitalRows = 18;
const widest = 26;

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
const figures = [...'0123456789'];

/** Reads package.json, metadata.json and the licence of a family. */
export function readFamily(folder, id) {
  const home = path.join(folder, id);
  const metadata = JSON.parse(readFileSync(path.join(home, 'metadata.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
  return { home, id, version, name: metadata.family, licence: metadata.license };
}

/** Opens one face ("400-normal") of a family; undefined if the family has none such. */
export function openFace(family, style) {
  const file = path.join(family.home, 'files', `${family.id}-latin-${style}.woff`);
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  return opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/**
 * Outlines of all letters and figures as {segments, left, right, top, bottom} in font units, y up.
 * A string instead says why the face cannot be used: a glyph is missing, empty or the replacement
 * box. / */
export function outlines(font) {
  const missing = JSON.stringify(font.glyphs.get(0).path.commands);
  const result = new Map();
  for (const character of [...letters, ...figures]) {
    const glyph = font.charToGlyph(character);
    if (glyph.index === 0) return `has no glyph for ${character}`;
    const { commands } = glyph.path;
    const segments = flatten(commands);
    if (segments.length === 0) return `has an empty glyph for ${character}`;
    if (JSON.stringify(commands) === missing) return `shows the replacement box for ${character}`;
    const xs = segments.flatMap(([x0, , x1]) => [x0, x1]);
    const ys = segments.flatMap(([, y0, , y1]) => [y0, y1]);
    const box = {
      left: Math.min(...xs),
      right: Math.max(...xs),
      top: Math.max(...ys),
      bottom: Math.min(...ys),
    };
    result.set(character, { segments, ...box });
  }
  return result;
}

/**
 * Pixels per font unit, one number a face: its capitals are 18 pixels high, so that size tells c
 * from C in every face, unless its ascenders or descenders would then leave the box (long ones make
 * the whole face smaller). / */
export function faceScale(glyphs) {
  const tops = [...glyphs.values()].map((glyph) => glyph.top);
  const depths = [...'gpqy'].map((character) => -glyphs.get(character).bottom);
  return Math.min(
    capitalRows / capitalHeight(glyphs),
    baseline / quantile(tops, 0.9),
    (size - baseline) / Math.max(1, quantile(depths, 0.5)),
  );
}

/** Median height of flat-topped capitals in font units. */
export function capitalHeight(glyphs) {
  return quantile(
    [...'EFHLTZ'].map((character) => glyphs.get(character).top),
    0.5,
  );
}

/** Median height of lowercase letters without ascender in font units. */
export function lowercaseHeight(glyphs) {
  return quantile(
    [...'ceosuvxz'].map((character) => glyphs.get(character).top),
    0.5,
  );
}

/** Draws one glyph on the common baseline, centred, narrowed if it is wider than the box.
 *  Uint8Array [28 * 28]. */
export function draw(glyph, scale) {
  const scaleX = scale * narrowing(glyph, scale);
  const middle = (glyph.left + glyph.right) / 2;
  const toPixels = ([x0, y0, x1, y1]) => [
    size / 2 + (x0 - middle) * scaleX,
    baseline - y0 * scale,
    size / 2 + (x1 - middle) * scaleX,
    baseline - y1 * scale,
  ];
  return fill(glyph.segments.map(toPixels), size, size);
}

/** Factor (at most 1) by which a glyph is narrowed to fit the box. */
export function narrowing(glyph, scale) {
  return Math.min(1, widest / ((glyph.right - glyph.left) * scale));
}

/** Rows by which a glyph sticks out of the box above or below. */
export function overflow(glyph, scale) {
  return Math.max(0, glyph.top * scale - baseline, -glyph.bottom * scale - (size - baseline));
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))];
}
