// The built-in data set as an image set.
import { createHash } from 'node:crypto';
import { GLYPHS, type GlyphPart, loadGlyphs } from '../glyphs/glyphs.js';
import { imageValues } from '../image-form.js';
import { type ImagePart, type ImageSet, noImages } from '../image-set.js';

/** Loads `glyphs`: u8 [1,28,28] records; its manifest hash covers class names, labels and pixels.
 *  @throws DataError if its file is damaged */
export function glyphSet(): ImageSet {
  const glyphs = loadGlyphs();
  const { channels, height, width } = glyphs;
  const hash = createHash('sha256').update(JSON.stringify([GLYPHS, height, glyphs.classes]));
  for (const { labels, images } of [glyphs.train, glyphs.val]) {
    hash.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength)).update(images);
  }
  const form = { channels, height, width };
  const recordBytes = imageValues(form);
  return {
    classes: glyphs.classes,
    form,
    manifestHash: hash.digest('hex'),
    train: imagePart(glyphs.train, recordBytes),
    val: imagePart(glyphs.val, recordBytes),
    test: noImages,
  };
}

function imagePart({ labels, images }: GlyphPart, recordBytes: number): ImagePart {
  const pixels = (index: number) => images.subarray(index * recordBytes, (index + 1) * recordBytes);
  return { count: labels.length, labels, pixels, read: (index, into) => into.set(pixels(index)) };
}
