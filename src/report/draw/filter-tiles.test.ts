import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodePng, tileFilters } from './filter-tiles.js';

const tensor = (shape: readonly number[], values: readonly number[]) =>
  ({ dtype: 'f32', shape, data: Float32Array.from(values) }) as const;
const gap = [1, 2, 3];

describe('tiles of filters', () => {
  // Two filters of three channels, one pixel each: stretched by themselves, so that size does not
  // matter, only shape.
  const colour = tensor([2, 3, 1, 1], [-1, 0, 1, 10, 30, 20]);

  it('are colours, each filter stretched to its own range', () => {
    const { width, height, data } = tileFilters(colour, gap);
    const at = (x: number, y: number) => [
      ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
    ];
    // Two tiles side by side, 12 px each, 4 px apart.
    expect([width, height]).toEqual([2 * 16 + 4, 16 + 4]);
    expect(at(0, 0)).toEqual(gap);
    expect(at(4, 4)).toEqual([0, 128, 255]);
    expect(at(15, 15)).toEqual([0, 128, 255]);
    expect(at(16, 15)).toEqual(gap);
    expect(at(20, 4)).toEqual([0, 255, 128]);
  });

  it('are grey where images are not RGB, one tile a channel', () => {
    const { width, data } = tileFilters(tensor([1, 2, 1, 2], [0, 1, 2, 4]), gap);
    const levels = new Set<number>();
    for (let x = 0; x < width; x++) levels.add(data[3 * (6 * width + x)] as number);
    expect([...levels].sort((a, b) => a - b)).toEqual([0, 1, 64, 128, 255]);
  });

  it('of a constant filter are mid-grey', () => {
    const { width, data } = tileFilters(tensor([1, 1, 1, 1], [7]), gap);
    expect(data[3 * (6 * width + 6)]).toBe(128);
  });

  it('become a PNG that reads back as the same pixels', async () => {
    const pixels = tileFilters(colour, gap);
    const { data, info } = await sharp(await encodePng(pixels))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([pixels.width, pixels.height]);
    expect(Buffer.compare(data, Buffer.from(pixels.data))).toBe(0);
  });

  it('want four dimensions', () => {
    expect(() => tileFilters(tensor([2, 2], [1, 2, 3, 4]), gap)).toThrow(/wanted 4 dimensions/);
  });
});
