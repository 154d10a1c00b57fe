// The compact file: Brotli of [header length as uint32 LE][header, JSON in UTF-8][pixels, one byte
// each]. src/data/glyphs/glyphs.ts reads it; the layout is described in assets/glyphs/README.md.

import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** Packs header and pixels (class by class, face by face) into the file's bytes. */
export function pack(header, pixels) {
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const content = Buffer.concat([length, text, pixels]);
  return brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
}

/** Whether two files hold the same header and pixels, whatever their compression. */
export function sameContent(a, b) {
  return brotliDecompressSync(a).equals(brotliDecompressSync(b));
}
