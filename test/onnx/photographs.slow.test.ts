// Real weights on real photographs: what a network of ImageNet knows of Tiny ImageNet's images.
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import sharp from 'sharp';
import tar from 'tar-stream';
import { expect, test } from 'vitest';
import { ourLogits, theirLogits } from '../../bench/onnx/logits.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { readOnnx } from '../../src/net/formats/onnx/read-onnx.js';
import { f32 } from '../../src/tensor/tensor.js';

const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));
const model = `${shared}models/efficientnet-lite0-imagenet-legacy17.onnx`;
const shard = `${shared}data/tiny-imagenet-100-0of5.tar.gz`;
const synsets = `${shared}reference/ilsvrc12/synsets.txt`;
const isThere = [model, shard, synsets].every(existsSync);

const SIZE = 224;
const IMAGES_A_CLASS = 8;

interface Photograph {
  readonly synset: string;
  readonly bytes: Buffer;
}

/** The first validation images of each class, by name. */
async function photographs(): Promise<readonly Photograph[]> {
  const found = new Map<string, Photograph[]>();
  const entries = createReadStream(shard).pipe(createGunzip()).pipe(tar.extract());
  for await (const entry of entries) {
    const [, synset] = /^val\/(n\d+)\/.*\.JPEG$/.exec(entry.header.name) ?? [];
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (synset === undefined) continue;
    const own = found.get(synset) ?? [];
    found.set(synset, own);
    if (own.length < IMAGES_A_CLASS) own.push({ synset, bytes: Buffer.concat(chunks) });
  }
  return [...found.values()].flat();
}

/** (x - 127) / 128 of the image at the network's size, planes of red, green, blue. */
async function prepared(bytes: Buffer): Promise<Float32Array> {
  const pixels = await sharp(bytes)
    .toColourspace('srgb')
    .removeAlpha()
    .resize(SIZE, SIZE, { kernel: 'cubic', fit: 'fill' })
    .raw()
    .toBuffer();
  const area = SIZE * SIZE;
  return Float32Array.from({ length: 3 * area }, (_, at) => {
    const value = pixels[3 * (at % area) + Math.floor(at / area)] as number;
    return (value - 127) / 128;
  });
}

/** Classes by falling logit, for each image. */
function ranked(logits: readonly number[], classes: number): readonly (readonly number[])[] {
  return Array.from({ length: logits.length / classes }, (_, image) => {
    const own = logits.slice(image * classes, (image + 1) * classes);
    return own.map((_, at) => at).sort((a, b) => (own[b] as number) - (own[a] as number));
  });
}

test.skipIf(!isThere)(
  'EfficientNet-Lite0 knows photographs as well as its reference: top-1 0.375, top-5 0.681 of 160',
  async () => {
    const images = await photographs();
    expect(images).toHaveLength(20 * IMAGES_A_CLASS);
    const order = readFileSync(synsets, 'utf8').trim().split(/\s+/);
    const read = readOnnx(model, { height: SIZE, width: SIZE, channels: 3 });
    const executor = createOnednnExecutor();
    let [first, five, asTheirs] = [0, 0, 0];
    for (let at = 0; at < images.length; at += 16) {
      const batch = images.slice(at, at + 16);
      const pixels = await Promise.all(batch.map(({ bytes }) => prepared(bytes)));
      const flat = Float32Array.from(pixels.flatMap((each) => [...each]));
      const tensor = f32([batch.length, 3, SIZE, SIZE], flat);
      const ours = ranked(await ourLogits(executor, read, tensor), read.classes);
      const theirs = ranked((await theirLogits(model, read, tensor)).logits, read.classes);
      batch.forEach(({ synset }, image) => {
        const label = order.indexOf(synset);
        const ranks = ours[image] ?? [];
        if (ranks[0] === label) first++;
        if (ranks.slice(0, 5).includes(label)) five++;
        if (ranks[0] === theirs[image]?.[0]) asTheirs++;
      });
    }
    console.log(`top-1 ${first}, top-5 ${five}, as onnxruntime ${asTheirs} of ${images.length}`);
    expect(asTheirs).toBe(images.length);
    // Other images of the same classes were taken for the reference: two standard errors.
    expect(first / images.length).toBeGreaterThan(0.375 - 0.077);
    expect(five / images.length).toBeGreaterThan(0.681 - 0.074);
  },
);
