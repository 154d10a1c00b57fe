// Two sets whose relation is known: letters beside the same letters under each other's names, or
// beside noise that has nothing to do with letters.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillUniform, streamKey } from '../../src/base/random-stream.js';
import { GLYPH_SIDE, type GlyphPart, loadGlyphs } from '../../src/data/glyphs/glyphs.js';

/** Classes of each set. */
export const CLASSES = 20;

const SIZE = GLYPH_SIDE ** 2;

interface Labelled {
  readonly images: Uint8Array;
  readonly labels: readonly number[];
}

/** Writes three IDX sets and returns their folders: `letters`, lower-case glyphs; `renamed`, the
 *  same images, each class under the label of the next one; `noise`, as many classes of images of
 *  white noise, each half its class's pattern and half its own. */
export function writeKnownTruthSets(folder: string) {
  const { classes, train, val } = loadGlyphs();
  const first = classes.indexOf('lower-a');
  const letters = (part: GlyphPart) => pickClasses(part, first);
  const renamed = ({ images, labels }: Labelled) => ({
    images,
    labels: labels.map((label) => (label + 1) % CLASSES),
  });
  const parts = { train: letters(train), t10k: letters(val) };
  const renamedParts = { train: renamed(parts.train), t10k: renamed(parts.t10k) };
  const noiseParts = {
    train: noiseLike(parts.train, 'train'),
    t10k: noiseLike(parts.t10k, 'val'),
  };
  return {
    letters: writeSet(join(folder, 'letters'), parts),
    renamed: writeSet(join(folder, 'renamed'), renamedParts),
    noise: writeSet(join(folder, 'noise'), noiseParts),
  };
}

function pickClasses({ images, labels }: GlyphPart, first: number): Labelled {
  const taken = [...labels.keys()].filter((i) => {
    const label = labels[i] ?? -1;
    return label >= first && label < first + CLASSES;
  });
  const picked = new Uint8Array(taken.length * SIZE);
  taken.forEach((from, to) => {
    picked.set(images.subarray(from * SIZE, (from + 1) * SIZE), to * SIZE);
  });
  return { images: picked, labels: taken.map((i) => (labels[i] ?? 0) - first) };
}

function noiseLike({ labels }: Labelled, part: string): Labelled {
  const patterns = new Float32Array(CLASSES * SIZE);
  fillUniform(patterns, streamKey(['known-truth', 'patterns']), 0, 1);
  const own = new Float32Array(labels.length * SIZE);
  fillUniform(own, streamKey(['known-truth', part]), 0, 1);
  const images = Uint8Array.from(own, (value, i) => {
    const label = labels[Math.floor(i / SIZE)] ?? 0;
    return Math.floor(128 * (value + (patterns[label * SIZE + (i % SIZE)] ?? 0)));
  });
  return { images, labels };
}

function writeSet(folder: string, parts: Readonly<Record<'train' | 't10k', Labelled>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [part, { images, labels }] of Object.entries(parts)) {
    const sizes = [labels.length, GLYPH_SIDE, GLYPH_SIDE];
    const name = (what: string, order: number) => `${part}-${what}-idx${order}-ubyte`;
    writeFileSync(
      join(folder, name('images', 3)),
      Buffer.concat([header(3, sizes), Buffer.from(images)]),
    );
    writeFileSync(
      join(folder, name('labels', 1)),
      Buffer.concat([header(1, [labels.length]), Buffer.from(labels)]),
    );
  }
  return folder;
}

// 0, 0, unsigned bytes, order; sizes as 32-bit big-endian numbers.
function header(order: number, sizes: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * sizes.length);
  bytes.writeUInt16BE(0x08 * 256 + order, 2);
  sizes.forEach((size, i) => bytes.writeUInt32BE(size, 4 + 4 * i));
  return bytes;
}
