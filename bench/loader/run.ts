// The loader alone: images a second from memory, from raw records on disk and from JPEG records, by
// number of threads, beside what a training step consumes and what memory can copy. And how records
// on disk are best got at.
// Usage: npm run bench:loader -- --data SHARD [--rounds N] [--seconds S] [--work DIR] [--out DIR]
// SHARD: photographs for the JPEG stores, such as one shard of Tiny ImageNet. Some 3 GB of stores
// are made in --work DIR, or found there from the last time; without it they are made in a
// temporary folder and removed. `--rounds 0` only makes them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { openImages } from '../../src/data/store/open-images.js';
import { packImages } from '../../src/data/pack/pack-images.js';
import { RECORDS_AT } from '../../src/data/store/store-format.js';
import type { ImageSet } from '../../src/data/image-set.js';
import { executorTable } from '../../src/executors/names.js';
import { describeEnvironment } from '../environment.js';
import { forgetFile } from '../file-cache.js';
import { writeMadeStore } from '../made-store.js';
import { median } from '../median.js';
import { type AccessResult, measureAccess } from './access.js';
import { imagesPerSecond } from './rate.js';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '0.4' },
    work: { type: 'string' },
    out: { type: 'string' },
  },
});

/** Sizes of the two parts of the benchmark: what tiny32 and caffenet are fed. */
const PARTS = [
  { size: 36, crop: 32, batch: 128, made: 250_000, accessed: { warm: 100_000, cold: 4000 } },
  { size: 256, crop: 227, batch: 32, made: 6000, accessed: { warm: 3000, cold: 1000 } },
] as const;

const environment = describeEnvironment('bench:loader', availableParallelism());
const work = resolve(options.work ?? mkdtempSync(join(tmpdir(), 'selffer-bench-loader-')));
mkdirSync(work, { recursive: true });
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);

/** One kind of store in one size, with the loaders' threads. */
interface Contender {
  readonly part: (typeof PARTS)[number];
  readonly name: string;
  readonly store: string;
  readonly set: ImageSet;
  readonly loaders: number;
  readonly isCold: boolean;
}

async function jpegStore(size: number): Promise<string | null> {
  if (options.data === undefined) return null;
  const out = join(work, `jpeg-${size}.store`);
  if (existsSync(out)) return out;
  const request = { source: [resolve(options.data)], baseDirectory: work, out, size };
  await packImages({ ...request, resize: 'warp', records: 'jpeg', isStrict: false });
  return out;
}

async function contenders(): Promise<Contender[]> {
  const all: Contender[] = [];
  for (const part of PARTS) {
    const raw = join(work, `raw-${part.size}.store`);
    const counts = { classes: 100, train: part.made, val: 100 };
    if (!existsSync(raw)) writeMadeStore({ path: raw, size: part.size, ...counts });
    const jpeg = await jpegStore(part.size);
    const kinds = [
      { name: 'raw, in memory', store: raw, set: openImages(raw), isCold: false },
      { name: 'raw, file cache', store: raw, set: openImages(raw, 0), isCold: false },
      { name: 'raw, from the disk', store: raw, set: openImages(raw, 0), isCold: true },
      ...(jpeg === null
        ? []
        : [{ name: 'JPEG', store: jpeg, set: openImages(jpeg), isCold: false }]),
    ];
    for (const kind of kinds) {
      for (const loaders of [0, 1, 2]) all.push({ part, ...kind, loaders });
    }
  }
  return all;
}

/** Bytes a second of plain copies between buffers that no cache holds. */
function copyRate(): number {
  const [from, to] = [Buffer.alloc(256 * 2 ** 20, 1), Buffer.alloc(256 * 2 ** 20, 2)];
  const started = performance.now();
  for (let turn = 0; turn < 4; turn++) to.set(from);
  return (1000 * 4 * from.length) / (performance.now() - started);
}

/** Images a second that base training steps consume, by precision; the engine needs a process of
 *  its own. */
function consumption(): { readonly fp32: number; readonly bf16: number | null } {
  const subject = fileURLToPath(new URL('../step/subject.js', import.meta.url));
  const env = { ...process.env, ...executorTable.onednn.environment(availableParallelism()) };
  const rate = (variant: string): number => {
    const input = `run tiny32 ${variant} 9\n`;
    const answer = execFileSync(process.execPath, [subject], { input, env, encoding: 'utf8' });
    const { timesMs, batch } = JSON.parse(answer) as { timesMs: number[]; batch: number };
    return (1000 * batch) / median(timesMs);
  };
  const fp32 = rate('fp32');
  try {
    return { fp32, bf16: rate('bf16') };
  } catch {
    return { fp32, bf16: null };
  }
}

const all = await contenders();
const rates = all.map((): number[] => []);
const copies: number[] = [];
const steps: ReturnType<typeof consumption>[] = [];
const access = PARTS.map((): AccessResult[][] => []);
try {
  for (let round = 0; round < rounds; round++) {
    steps.push(consumption());
    copies.push(copyRate());
    for (const [at, { part, store, set, loaders, isCold }] of all.entries()) {
      const beforeTiming = isCold ? { beforeTiming: () => void forgetFile(store) } : {};
      const request = { store, set, batch: part.batch, crop: part.crop, loaders, seconds };
      rates[at]?.push(await imagesPerSecond({ ...request, ...beforeTiming }));
    }
    for (const [at, { size, crop, accessed }] of PARTS.entries()) {
      const store = join(work, `raw-${size}.store`);
      access[at]?.push(measureAccess(store, RECORDS_AT, size, crop, accessed));
    }
  }
} finally {
  if (options.work === undefined) rmSync(work, { recursive: true });
}

if (rounds === 0) process.exit();
const step = {
  fp32: median(steps.map(({ fp32 }) => fp32)),
  bf16: steps.some(({ bf16 }) => bf16 === null)
    ? null
    : median(steps.map(({ bf16 }) => bf16 as number)),
};
const copy = median(copies);
console.log(
  `tiny32 b128 base step consumes ${step.fp32.toFixed(0)} images/s (fp32), ${step.bf16?.toFixed(0) ?? 'no'} (bf16); a plain copy moves ${(copy / 1e9).toFixed(1)} GB/s`,
);
const results = all.map(({ part, name, loaders }, at) => {
  const own = rates[at] ?? [];
  const rate = median(own);
  const crops = rate * 3 * part.crop ** 2;
  // Pair by pair: drift of the machine's speed cancels.
  const times = (of: 'fp32' | 'bf16') =>
    median(own.map((each, round) => each / (steps[round]?.[of] ?? Number.NaN)));
  const shareOfCopy = median(
    own.map((each, round) => (each * 3 * part.crop ** 2) / (copies[round] as number)),
  );
  console.log(
    `${part.size} px, crop ${part.crop}  ${name.padEnd(20)} ${loaders} threads  ${rate.toFixed(0).padStart(8)} images/s  ${(crops / 1e6).toFixed(0).padStart(6)} MB/s of crops (${(100 * shareOfCopy).toFixed(1)} % of a copy)` +
      (part.size === 36 ? `  ${times('fp32').toFixed(1)}x the fp32 step` : ''),
  );
  return {
    ...{ size: part.size, crop: part.crop, batch: part.batch, name, loaders, shareOfCopy },
    ...{ medianImagesPerSecond: rate, cropBytesPerSecond: crops, rounds: own },
    ...(part.size === 36 ? { timesFp32Step: times('fp32'), timesBf16Step: times('bf16') } : {}),
  };
});
const accessed = PARTS.flatMap(({ size }, at) => {
  const [first = []] = access[at] ?? [];
  return first.map(({ way, cache }, row) => {
    const own = (access[at] ?? []).map((round) => round[row]?.imagesPerSecond ?? Number.NaN);
    console.log(
      `${size} px  ${cache}  ${way.padEnd(24)} ${median(own).toFixed(0).padStart(8)} images/s`,
    );
    return { size, way, cache, medianImagesPerSecond: median(own), rounds: own };
  });
});
if (options.out !== undefined) {
  mkdirSync(options.out, { recursive: true });
  const versions = { sharp: sharp.versions.sharp, vips: sharp.versions.vips };
  const record = { environment: { ...environment, versions }, steps, copies, results, accessed };
  writeFileSync(join(options.out, 'result.json'), `${JSON.stringify(record, null, 1)}\n`);
}
