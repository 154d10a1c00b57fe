import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { drawnWeights, smallNetwork, task } from '../../../test/train/forward.js';
import { RunStoreError } from '../../base/errors.js';
import { createReferenceExecutor } from '../../executors/reference/index.js';
import { writeSafetensors } from '../../tensor/safetensors.js';
import { computeFeatures, type FeatureJob, readFeatureJob, readFeatures } from './feature-job.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-features-'));
afterAll(() => rmSync(folder, { recursive: true }));
const weights = join(folder, 'weights.safetensors');
writeSafetensors(weights, drawnWeights(1));

let count = 0;
function jobOf(own: Partial<FeatureJob> = {}): FeatureJob {
  return {
    network: { ...smallNetwork, input: { ...smallNetwork.input, mean: [30] } },
    classes: 4,
    weights,
    task: { store: 'glyphs', classes: task.classes, imagesPerClass: 3 },
    part: 'train',
    ends: [3, 4],
    batch: 5,
    executor: 'reference',
    threads: 1,
    out: join(folder, `${count++}.safetensors`),
    ...own,
  };
}

async function seen(own: Partial<FeatureJob> = {}) {
  const job = jobOf(own);
  await computeFeatures(job, createReferenceExecutor());
  const features = await readFeatures(job.out);
  if (features === null) throw new Error('no features');
  return features;
}

test('a row an image of the part, in its order, whatever the batch', async () => {
  const features = await seen();
  expect([...features.labels]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
  expect(features.ends.get(3)?.shape).toEqual([12, 20]);
  expect(features.ends.get(4)?.shape).toEqual([12, 4]);
  const others = await seen({ batch: 12 });
  expect(others.ends.get(3)?.data).toEqual(features.ends.get(3)?.data);
  const val = await seen({ part: 'val' });
  expect(val.labels.length).toBe(task.val.length);
});

test('weights drawn anew: the same for the same stream, others for another', async () => {
  const rest = jobOf();
  const drawn = async (seed: number) => {
    const job = { ...rest, random: ['x', seed], out: join(folder, `r${count++}.safetensors`) };
    await computeFeatures(job, createReferenceExecutor());
    return (await readFeatures(job.out))?.ends.get(3)?.data;
  };
  expect(await drawn(1)).toEqual(await drawn(1));
  expect(await drawn(2)).not.toEqual(await drawn(1));
});

test('a job comes back from its file; a damaged one is named', () => {
  const path = join(folder, 'job.json');
  const job = jobOf();
  writeFileSync(path, JSON.stringify(job));
  expect(readFeatureJob(path)).toEqual(job);
  writeFileSync(path, JSON.stringify({ ...job, part: 'all' }));
  expect(() => readFeatureJob(path)).toThrow(RunStoreError);
  writeFileSync(path, '{');
  expect(() => readFeatureJob(path)).toThrow(RunStoreError);
});

test('features that are not there, or damaged, are none', async () => {
  const path = join(folder, 'damaged.safetensors');
  expect(await readFeatures(path)).toBeNull();
  writeFileSync(path, 'nonsense');
  expect(await readFeatures(path)).toBeNull();
});
