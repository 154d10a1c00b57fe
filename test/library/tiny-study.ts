// A study that the reference executor trains in seconds: four colours as images of 8x8, a network
// of two weight layers made by a program.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { chain, layer, type Network, study, type Study } from '../../src/index.js';

/** One convolution, one classifier. */
export const tinyNetwork: Network = chain(
  { name: 'two-layers', channels: 3, crop: 8, scale: 1 / 128 },
  [layer.conv(1, 2, { kernel: 3 }), layer.relu(1), layer.classifier(2)],
);

/** Makes the images and the study. */
export async function tinyStudy(
  folder: string,
  { iterations, treatments }: { readonly iterations: number; readonly treatments: string[] },
): Promise<Study> {
  const images = join(folder, 'images');
  for (const [name, background] of Object.entries({ a: '#000', b: '#fff', c: '#f00', d: '#00f' })) {
    for (const [part, count] of [
      ['train', 4],
      ['val', 8],
    ] as const) {
      mkdirSync(join(images, part, name), { recursive: true });
      const picture = { create: { width: 8, height: 8, channels: 3 as const, background } };
      for (let at = 0; at < count; at++) {
        await sharp(picture)
          .png()
          .toFile(join(images, part, name, `${at}.png`));
      }
    }
  }
  return study({
    name: 'tiny',
    data: { source: images, size: 8, mirror: false },
    network: tinyNetwork,
    solver: { batch: 4, lr: 0.05, iterations, testEvery: 10 },
    treatments,
    layers: [1],
  });
}
