import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../base/errors.js';
import { decodeGlyphs, glyphsFile, loadGlyphs, type GlyphPart } from './glyphs.js';

const glyphs = loadGlyphs();
const parts = { train: glyphs.train, val: glyphs.val };
const imageBytes = 28 * 28;

function imageOf(part: GlyphPart, index: number): Uint8Array {
  return part.images.subarray(index * imageBytes, (index + 1) * imageBytes);
}

/** Images of the part whose content fails a check, as "class, face". */
function imagesThat(part: GlyphPart, isBad: (image: Uint8Array) => boolean): string[] {
  const bad: string[] = [];
  part.labels.forEach((label, i) => {
    const face = part.faces[i % part.faces.length];
    if (isBad(imageOf(part, i))) bad.push(`${glyphs.classes[label] ?? '?'}, ${face?.name ?? '?'}`);
  });
  return bad;
}

describe('the built-in data set glyphs', () => {
  it('is one file of at most 6 MB', () => {
    expect(statSync(glyphsFile).size).toBeLessThanOrEqual(6e6);
  });

  it('has at least 52 distinct classes in byte order, with folder-like names', () => {
    expect(glyphs.classes.length).toBeGreaterThanOrEqual(52);
    expect(new Set(glyphs.classes).size).toBe(glyphs.classes.length);
    expect([...glyphs.classes].sort()).toEqual(glyphs.classes);
    for (const name of glyphs.classes)
      expect(name).toMatch(/^(digit-[0-9]|lower-[a-z]|upper-[A-Z])$/);
  });

  it('has at least 160 faces a class, at least 40 of them for validation', () => {
    expect(glyphs.train.faces.length + glyphs.val.faces.length).toBeGreaterThanOrEqual(160);
    expect(glyphs.val.faces.length).toBeGreaterThanOrEqual(40);
    const names = [...glyphs.train.faces, ...glyphs.val.faces].map((face) => face.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has no family in both parts', () => {
    const train = new Set(glyphs.train.faces.map((face) => face.family));
    expect(glyphs.val.faces.filter((face) => train.has(face.family))).toEqual([]);
  });

  it('has every style in both parts', () => {
    const styles = ['display', 'handwriting', 'mono', 'sans', 'serif', 'slab'];
    for (const part of Object.values(parts)) {
      expect([...new Set(part.faces.map((face) => face.style))].sort()).toEqual(styles);
    }
  });

  it('orders images by class, then face', () => {
    for (const part of Object.values(parts)) {
      const numFaces = part.faces.length;
      expect(part.images.length).toBe(glyphs.classes.length * numFaces * imageBytes);
      expect(part.labels.length).toBe(glyphs.classes.length * numFaces);
      expect(part.labels.every((label, i) => label === Math.floor(i / numFaces))).toBe(true);
    }
  });

  it.each(Object.entries(parts))('has ink and paper in every image of %s', (_, part) => {
    const lacksInk = (image: Uint8Array) => image.filter((pixel) => pixel >= 64).length < 8;
    const lacksPaper = (image: Uint8Array) => image.filter((pixel) => pixel < 64).length < 150;
    expect(imagesThat(part, (image) => lacksInk(image) || lacksPaper(image))).toEqual([]);
  });

  it('shows no two classes of a face by the same image', () => {
    for (const part of Object.values(parts)) {
      const seen = new Set<string>();
      part.labels.forEach((_, i) => {
        const digest = createHash('sha256').update(imageOf(part, i)).digest('hex');
        seen.add(`${i % part.faces.length} ${digest}`);
      });
      expect(seen.size).toBe(part.labels.length);
    }
  });

  it('draws capitals higher than their lowercase: C over c, S over s', () => {
    const top = (image: Uint8Array) => Math.floor(image.findIndex((pixel) => pixel >= 64) / 28);
    for (const part of Object.values(parts)) {
      for (const letter of ['c', 's', 'v', 'x', 'z']) {
        const lower = glyphs.classes.indexOf(`lower-${letter}`) * part.faces.length;
        const upper = glyphs.classes.indexOf(`upper-${letter.toUpperCase()}`) * part.faces.length;
        const higher = part.faces.filter(
          (_, face) => top(imageOf(part, upper + face)) < top(imageOf(part, lower + face)),
        );
        expect(higher.length, letter).toBeGreaterThanOrEqual(0.95 * part.faces.length);
      }
    }
  });
});

describe('decodeGlyphs', () => {
  const pack = (header: unknown, pixels: Uint8Array) => {
    const text = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return brotliCompressSync(Buffer.concat([length, text, pixels]));
  };
  const face = (name: string, part: string) => ({ name, family: name, style: 'sans', part });
  const header = {
    format: 'selffer.glyphs/1',
    height: 28,
    width: 28,
    classes: ['lower-a', 'lower-b'],
    faces: [face('x', 'train'), face('y', 'val'), face('z', 'train')],
  };

  it('deals the images out to the parts', () => {
    const pixels = Uint8Array.from({ length: 6 * imageBytes }, (_, i) =>
      Math.floor(i / imageBytes),
    );
    const { train, val } = decodeGlyphs(pack(header, pixels));
    const values = (part: GlyphPart) => [...part.labels].map((_, i) => imageOf(part, i)[5]);
    expect(values(train)).toEqual([0, 2, 3, 5]);
    expect([...train.labels]).toEqual([0, 0, 1, 1]);
    expect(train.faces.map(({ name }) => name)).toEqual(['x', 'z']);
    expect(values(val)).toEqual([1, 4]);
    expect(val.faces).toEqual([{ name: 'y', family: 'y', style: 'sans' }]);
  });

  it('refuses damaged, foreign and short files', () => {
    const damaged = readFileSync(glyphsFile).subarray(0, 1000);
    expect(() => decodeGlyphs(damaged)).toThrow(DataError);
    const foreign = pack({ ...header, format: 'other/1' }, new Uint8Array(6 * imageBytes));
    expect(() => decodeGlyphs(foreign)).toThrow(/other\/1 .* selffer.glyphs\/1 .* expected/);
    expect(() => decodeGlyphs(pack(header, new Uint8Array(7)))).toThrow(
      /7 bytes of pixels, 4704 expected/,
    );
    expect(() => loadGlyphs('/nowhere/glyphs.bin')).toThrow(/cannot read \/nowhere/);
  });
});
