// The built-in data set `glyphs`: letters and figures of openly licensed type families, read from
// one compact file. Only reads; scripts/glyphs/ draws the file, assets/glyphs/README.md describes
// it.
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { DataError } from '../../base/errors.js';

/** Source and store path of the built-in data set. A folder of that name is "./glyphs". */
export const GLYPHS = 'glyphs';

/** Height = width of its images, in pixels. */
export const GLYPH_SIDE = 28;

/** Kind of letterform, chosen by hand for variety. */
export type GlyphStyle = 'serif' | 'sans' | 'mono' | 'slab' | 'display' | 'handwriting';

/** One face: a family in one weight and posture. */
export interface GlyphFace {
  /** Family, weight and posture, for example `lora 700-italic`. */
  readonly name: string;
  readonly family: string;
  readonly style: GlyphStyle;
}

/** One part of the data set, ordered by class, then face: image i shows class i / F (floor) in face
 *  i % F, F faces. */
export interface GlyphPart {
  /** u8 [N,1,28,28], 0 = paper, 255 = ink. */
  readonly images: Uint8Array;
  /** i32 [N], index into the classes. */
  readonly labels: Int32Array;
  /** The F faces in the order of the images of each class; no family of one part is in the
   *  other. */
  readonly faces: readonly GlyphFace[];
}

/** The whole data set. */
export interface Glyphs {
  /** Class names in byte order: `digit-1`, `lower-a`, `upper-A`. */
  readonly classes: readonly string[];
  readonly height: 28;
  readonly width: 28;
  readonly channels: 1;
  readonly train: GlyphPart;
  readonly val: GlyphPart;
}

/** The file's header. */
interface Header {
  readonly format: string;
  readonly height: number;
  readonly width: number;
  readonly classes: readonly string[];
  readonly faces: readonly (GlyphFace & { readonly part: 'train' | 'val' })[];
}

const format = 'selffer.glyphs/1';
const imageBytes = 28 * 28;

/** Where the data set lies; the same distance from src/data/glyphs/ and dist/data/glyphs/. */
export const glyphsFile = new URL('../../../assets/glyphs/glyphs.bin', import.meta.url);

/** Reads and unpacks the built-in data set (about 12 MB of pixels; the same arrays on every call,
 *  freshly made).
 *  @throws DataError if the file is missing or damaged */
export function loadGlyphs(file: URL | string = glyphsFile): Glyphs {
  let packed: Uint8Array;
  try {
    packed = readFileSync(file);
  } catch (cause) {
    throw new DataError(`glyphs: cannot read ${String(file)}`, { cause });
  }
  return decodeGlyphs(packed);
}

/** Unpacks Brotli of [header length, u32 little-endian][header, JSON][pixels u8 [classes, faces,
 *  28, 28]].
 *  @throws DataError if these are not such bytes */
export function decodeGlyphs(packed: Uint8Array): Glyphs {
  const { header, pixels } = unpack(packed);
  return {
    classes: header.classes,
    height: 28,
    width: 28,
    channels: 1,
    train: takePart(header, pixels, 'train'),
    val: takePart(header, pixels, 'val'),
  };
}

function unpack(packed: Uint8Array): { header: Header; pixels: Uint8Array } {
  let header: Header;
  let pixels: Uint8Array;
  try {
    const bytes = brotliDecompressSync(packed);
    const start = 4 + bytes.readUInt32LE(0);
    header = JSON.parse(bytes.toString('utf8', 4, start)) as Header;
    pixels = bytes.subarray(start);
  } catch (cause) {
    throw new DataError('glyphs: the file is damaged', { cause });
  }
  const found = `${header.format} with images of ${header.height}x${header.width}`;
  if (found !== `${format} with images of 28x28`) {
    throw new DataError(`glyphs: the file is ${found}, ${format} with images of 28x28 expected`);
  }
  const expected = header.classes.length * header.faces.length * imageBytes;
  if (pixels.length !== expected) {
    throw new DataError(
      `glyphs: the file has ${pixels.length} bytes of pixels, ${expected} expected`,
    );
  }
  return { header, pixels };
}

function takePart(header: Header, pixels: Uint8Array, part: 'train' | 'val'): GlyphPart {
  const numFaces = header.faces.length;
  const rows = header.faces.flatMap((face, row) => (face.part === part ? [row] : []));
  const images = new Uint8Array(header.classes.length * rows.length * imageBytes);
  const labels = new Int32Array(header.classes.length * rows.length);
  let image = 0;
  for (let label = 0; label < header.classes.length; label++) {
    for (const row of rows) {
      const from = (label * numFaces + row) * imageBytes;
      images.set(pixels.subarray(from, from + imageBytes), image * imageBytes);
      labels[image++] = label;
    }
  }
  const faces = header.faces
    .filter((face) => face.part === part)
    .map(({ name, family, style }) => ({ name, family, style }));
  return { images, labels, faces };
}
