// The mean image that networks subtract from their input.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { contentHash } from '../../base/canonical-json.js';
import { cacheDirectory } from '../../base/cache-directory.js';
import { eachConcurrently } from '../each-concurrently.js';
import { imageValues } from '../image-form.js';
import type { ImageSet, Task } from '../image-set.js';

/** Mean over a task's training images, whole and uncropped: mean = (1/N) * sum of pixels, summed in
 *  float64 (exactly, so in any order). Of sets that are read from disk each time it is kept in the
 *  cache: one pass, not one for every gang.
 *  @returns f32 [C,H,W] in pixel values, 0..255
 *  @throws DataError (rejects) naming store and image if one cannot be read */
export async function meanImage(
  set: ImageSet,
  task: Task,
  cache: string = cacheDirectory(),
): Promise<Float32Array> {
  if (set.contentKey === undefined) return computeMean(set, task);
  const kept = join(cache, 'means', `${meanKey(set.contentKey, task)}.f32`);
  const known = readMean(kept, imageValues(set.form));
  if (known !== null) return known;
  const mean = await computeMean(set, task);
  try {
    mkdirSync(dirname(kept), { recursive: true });
    writeFileAtomic(kept, new Uint8Array(mean.buffer));
  } catch {
    // A cache that cannot be written costs the next gang another pass, no more.
  }
  return mean;
}

function meanKey(contentKey: string, { classes, train, selection }: Task): string {
  // Only where images are kept aside: what earlier versions have kept is found again.
  const aside = selection === undefined ? {} : { selection: { ...selection } };
  return contentHash({ mean: 1, store: contentKey, classes, images: train.length, ...aside });
}

function readMean(path: string, pixels: number): Float32Array | null {
  try {
    const bytes = readFileSync(path);
    return bytes.length === 4 * pixels ? new Float32Array(new Uint8Array(bytes).buffer) : null;
  } catch {
    return null; // not there yet
  }
}

async function computeMean(set: ImageSet, task: Task): Promise<Float32Array> {
  const sums = new Float64Array(imageValues(set.form));
  if (set.isEncoded) await addEncoded(set, task, sums);
  else {
    const pixels = new Uint8Array(sums.length);
    for (const record of task.train) {
      void set.train.read(record, pixels); // decoded: done at once
      add(pixels, sums);
    }
  }
  return Float32Array.from(sums, (sum) => sum / task.train.length);
}

async function addEncoded(set: ImageSet, task: Task, sums: Float64Array): Promise<void> {
  async function* records(): AsyncGenerator<number> {
    yield* task.train;
  }
  const free: Uint8Array[] = [];
  await eachConcurrently(records(), 4, async (record) => {
    const pixels = free.pop() ?? new Uint8Array(sums.length);
    await set.train.read(record, pixels);
    add(pixels, sums);
    free.push(pixels);
  });
}

function add(pixels: Uint8Array, sums: Float64Array): void {
  for (let at = 0; at < sums.length; at++) {
    sums[at] = (sums[at] as number) + (pixels[at] as number);
  }
}
