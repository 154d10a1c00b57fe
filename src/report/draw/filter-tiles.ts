// First-layer filters as a picture: every filter a small tile, stretched to its own range, as
// Krizhevsky et al. 2012 drew them.
import sharp from 'sharp';
import { DataError } from '../../base/errors.js';
import type { HostTensor } from '../../tensor/tensor.js';

/** Interleaved RGB bytes. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Largest width of the picture, px. */
const widest = 660;

/** Tiles of a convolution's weights f32[O, I, k, k] in a near-square grid. I = 3: colours (red,
 *  green, blue as the images are stored); otherwise grey, each of the I channels a tile. Each
 *  filter is stretched so that its least weight is black and its greatest white, over all its
 *  channels; one that is constant is mid-grey. Enlarged by a whole factor, 1 + factor / 4 px
 *  between.
 *  @param gap colour between tiles
 *  @throws DataError if the tensor has not four dimensions */
export function tileFilters({ shape, data }: HostTensor, gap: readonly number[]): Pixels {
  const [outputs = 0, inputs = 0, rows = 0, columns = 0] = shape;
  if (shape.length !== 4)
    throw new DataError(`filters of shape [${shape.join(', ')}]: wanted 4 dimensions`);
  const isColour = inputs === 3;
  const tiles = isColour ? outputs : outputs * inputs;
  const across = Math.ceil(Math.sqrt(tiles * 1.6));
  const down = Math.ceil(tiles / across);
  const factor = Math.max(1, Math.min(12, Math.floor(widest / (across * (columns + 0.25)))));
  const space = 1 + Math.floor(factor / 4);
  const width = across * (columns * factor + space) + space;
  const height = down * (rows * factor + space) + space;
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0; i < pixels.length; i++) pixels[i] = gap[i % 3] ?? 0;
  const area = rows * columns;
  for (let tile = 0; tile < tiles; tile++) {
    const output = isColour ? tile : Math.floor(tile / inputs);
    const filter = data.subarray(output * inputs * area, (output + 1) * inputs * area);
    const level = stretch(filter);
    const left = space + (tile % across) * (columns * factor + space);
    const top = space + Math.floor(tile / across) * (rows * factor + space);
    for (let y = 0; y < rows * factor; y++) {
      for (let x = 0; x < columns * factor; x++) {
        const at = Math.floor(y / factor) * columns + Math.floor(x / factor);
        for (let channel = 0; channel < 3; channel++) {
          const input = isColour ? channel : tile % inputs;
          pixels[3 * ((top + y) * width + left + x) + channel] = level(
            filter[input * area + at] as number,
          );
        }
      }
    }
  }
  return { width, height, data: pixels };
}

function stretch(filter: HostTensor['data']): (value: number) => number {
  let [low, high] = [Infinity, -Infinity];
  for (const value of filter) {
    low = Math.min(low, Number(value));
    high = Math.max(high, Number(value));
  }
  return (value) => (high > low ? Math.round((255 * (value - low)) / (high - low)) : 128);
}

/** The pixels as a PNG file. */
export async function encodePng({ width, height, data }: Pixels): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
