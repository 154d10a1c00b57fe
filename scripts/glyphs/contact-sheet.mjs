// A picture of a part of the data set for people: one row a face, one column a class.

import sharp from 'sharp';

/** Writes a PNG of the faces given ([{images: Uint8Array [classes * 28 * 28]}], one row each). */
export async function writeContactSheet(file, faces, columns, size) {
  const [width, height] = [columns * size, faces.length * size];
  const sheet = Buffer.alloc(width * height);
  faces.forEach(({ images }, row) => {
    for (let column = 0; column < columns; column++) {
      for (let y = 0; y < size; y++) {
        const from = (column * size + y) * size;
        sheet.set(images.subarray(from, from + size), (row * size + y) * width + column * size);
      }
    }
  });
  await sharp(sheet, { raw: { width, height, channels: 1 } })
    .png({ palette: true, colours: 16 })
    .toFile(file);
}
