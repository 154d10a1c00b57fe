// One round of bench/pack in a process of its own, so that peak memory is that round's. Arguments:
// bare|pack SIZE RECORDS OUT SOURCE...
import { closeSync, openSync, rmSync } from 'node:fs';
import sharp from 'sharp';
import { prepareDecoder } from '../../src/data/images/decode.js';
import { packImages } from '../../src/data/pack/pack-images.js';
import { resolveSources } from '../../src/data/prepare/resolve-source.js';

const [what = '', sizeText = '', records = '', out = '', ...source] = process.argv.slice(2);
const size = Number(sizeText);

interface Timed {
  readonly files: number;
  readonly seconds: number;
  /** Of all threads, user and system: says more than `seconds` where others use the cores too. */
  readonly cpuSeconds: number;
}

/** Starts both clocks. @returns what reads them */
function clocks(): (files: number) => Timed {
  const [started, before] = [performance.now(), process.cpuUsage()];
  return (files) => {
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - started) / 1000;
    return { files, seconds, cpuSeconds: (user + system) / 1e6 };
  };
}

async function bare(): Promise<Timed> {
  prepareDecoder();
  const encoded: Uint8Array[] = [];
  for (const each of await resolveSources(source, process.cwd())) {
    for await (const entry of each.entries(() => undefined)) {
      if (entry.kind === 'file') encoded.push(await entry.read());
    }
  }
  const read = clocks();
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
  return read(encoded.length);
}

async function pack(): Promise<Timed> {
  const read = clocks();
  let files = 0;
  await packImages(
    {
      ...{ source, baseDirectory: process.cwd(), out, size, resize: 'warp', isStrict: false },
      records: records === 'jpeg' ? 'jpeg' : 'raw',
    },
    (progress) => (files = progress.files),
  );
  const timed = read(files);
  rmSync(`${out}.report.json`);
  closeSync(openSync(out, 'r')); // the store is there
  return timed;
}

const result = what === 'bare' ? await bare() : await pack();
const peakMiB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ ...result, peakMiB }));
