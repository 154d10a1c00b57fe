// Pictures of a data set: a row of images for each class, and the mean image.
import sharp from 'sharp';
import { DataError } from '../../base/errors.js';
import { type Extent, type ImageForm, imageValues } from '../image-form.js';
import type { ImageSet } from '../image-set.js';
import { interleaved } from '../images/interleaved.js';

const ROWS = 40;
const COLUMNS = 12;
const LARGEST_TILE = 96;
const GAP = 2;

/** A PNG with a row for each class (for 40 of them, evenly chosen, if there are more) in the order
 *  of their names: 12 training images, evenly chosen, of at most 96 pixels a side. */
export async function contactSheet(set: ImageSet): Promise<Buffer> {
  const rows = evenly(set.classes.length, ROWS);
  const byClass = recordsByClass(set);
  const tile = tileOf(set.form);
  const [right, down] = [tile.width + GAP, tile.height + GAP];
  const tiles = rows.flatMap((label, row) => {
    const records = byClass[label] as number[];
    return evenly(records.length, COLUMNS).map((pick, column) => ({
      record: records[pick] as number,
      ...{ left: GAP + column * right, top: GAP + row * down },
    }));
  });
  const composite = await Promise.all(
    tiles.map(async ({ record, left, top }) => {
      const pixels = await pixelsOf(set, record);
      const image = picture(pixels, set.form).resize({ ...tile, fit: 'fill' });
      return { input: await image.png().toBuffer(), left, top };
    }),
  );
  const [width, height] = [GAP + COLUMNS * right, GAP + Math.max(1, rows.length) * down];
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite(composite)
    .png()
    .toBuffer();
}

/** Height and width of a tile: the images', shrunk to at most 96 pixels a side. */
function tileOf({ height, width }: Extent): Extent {
  const shrink = Math.min(1, LARGEST_TILE / Math.max(height, width));
  const side = (pixels: number) => Math.max(1, Math.round(pixels * shrink));
  return { height: side(height), width: side(width) };
}

/** Pixels of a training image; white if it is damaged. */
async function pixelsOf(set: ImageSet, record: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(imageValues(set.form));
  try {
    await set.train.read(record, pixels);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    pixels.fill(255);
  }
  return pixels;
}

/** The mean image as a PNG, rounded. @param mean f64 [C,H,W], 0..255 */
export function meanPicture(mean: Float64Array, form: ImageForm): Promise<Buffer> {
  return picture(Uint8Array.from(mean, Math.round), form).png().toBuffer();
}

/** u8 [C,H,W] as an image; one or three channels. */
function picture(planes: Uint8Array, { channels, height, width }: ImageForm) {
  const raw = { width, height, channels: channels === 1 ? 1 : 3 } as const;
  return sharp(interleaved(planes, channels), { raw }).toColourspace('srgb');
}

function recordsByClass({ classes, train }: ImageSet): number[][] {
  const byClass = classes.map((): number[] => []);
  for (const [record, label] of train.labels.entries()) byClass[label]?.push(record);
  return byClass;
}

/** At most `most` of the numbers 0..count-1, ascending and evenly spaced. */
function evenly(count: number, most: number): number[] {
  const picks = Math.min(count, most);
  return Array.from({ length: picks }, (_, at) => Math.floor((at * count) / picks));
}
