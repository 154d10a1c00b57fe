// One round of bench/pack in a process of its own, so that peak memory is that round's. Arguments: bare|pack SIZE RECORDS OUT SOURCE...
import { closeSync, openSync, rmSync } from 'node:fs';
import sharp from 'sharp';
import { prepareDecoder } from '../../src/data/decode.js';
import { packImages } from '../../src/data/pack/pack-images.js';
import { resolveSources } from '../../src/data/resolve-source.js';

const [what = '', sizeText = '', records = '', out = '', ...source] = process.argv.slice(2);
const size = Number(sizeText);

async function bare(): Promise<{ files: number; seconds: number }> {
  prepareDecoder();
  const encoded: Uint8Array[] = [];
  for (const each of await resolveSources(source, process.cwd())) {
    for await (const entry of each.entries(() => undefined)) {
      if (entry.kind === 'file') encoded.push(await entry.read());
    }
  }
  const started = performance.now();
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < encoded.length; at = next++) {
      const image = sharp(encoded[at]).resize(size, size, { fit: 'fill', kernel: 'lanczos3' });
      await (
        records === 'raw' ? image.raw() : image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      ).toBuffer();
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return { files: encoded.length, seconds: (performance.now() - started) / 1000 };
}

async function pack(): Promise<{ files: number; seconds: number }> {
  const started = performance.now();
  let files = 0;
  await packImages(
    {
      ...{ source, baseDirectory: process.cwd(), out, size, resize: 'warp', isStrict: false },
      records: records === 'jpeg' ? 'jpeg' : 'raw',
    },
    (progress) => (files = progress.files),
  );
  const seconds = (performance.now() - started) / 1000;
  rmSync(`${out}.report.json`);
  closeSync(openSync(out, 'r')); // the store is there
  return { files, seconds };
}

const result = what === 'bare' ? await bare() : await pack();
const peakMiB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ ...result, peakMiB }));
