// The real thing: one shard of Tiny ImageNet, from archive to minibatch.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { square } from './image-form.js';
import { streamKey } from '../base/random-stream.js';
import { meanImage } from './minibatch/mean-image.js';
import { loadTrainMinibatch } from './minibatch/minibatch.js';
import { naturalManMade } from './classes/natural-man-made.js';
import { randomHalves } from './classes/splits.js';
import { openStore, prepareStore } from './prepare/store.js';
import { makeTask } from './classes/task.js';

const folder = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const shard = 'tiny-imagenet-100-0of5.tar.gz';
const present = existsSync(join(folder, shard));
const cache = mkdtempSync(join(tmpdir(), 'selffer-tiny-imagenet-'));
afterAll(() => rmSync(cache, { recursive: true }));

describe.skipIf(!present)(
  `Tiny ImageNet (${present ? 'shard found' : 'skipped: no ../shared/data'})`,
  () => {
    test('shard 0 has 10,000 and 1,000 good images of 20 classes', async () => {
      const request = {
        source: 'tiny-imagenet-100-[0]of5.tar.gz',
        baseDirectory: folder,
        size: 64,
      };
      const info = await prepareStore({ ...request, cache });
      expect(info.skipped).toEqual([]);
      expect(info.counts.train).toEqual(Array(20).fill(500));
      expect(info.counts.val).toEqual(Array(20).fill(50));
      const set = openStore(info.path);
      const { A } = randomHalves(set.classes, 0);
      const task = makeTask(set, A, null);
      expect([task.train.length, task.val.length]).toEqual([5000, 500]);
      const mean = await meanImage(set, task);
      // Photographs: the mean lies in the middle of the range everywhere.
      expect(Math.min(...mean)).toBeGreaterThan(70);
      expect(Math.max(...mean)).toBeLessThan(160);
      const keys = { order: streamKey(['order']), augment: streamKey(['augment']) };
      const batch = await loadTrainMinibatch(
        task,
        { batch: 128, crop: square(56), mirror: true, keys },
        39,
      );
      expect(new Set(batch.labels)).toEqual(new Set(A.keys()));
      // Shard 0 is all animals; every id is one of ILSVRC2012's.
      expect(() => naturalManMade(set.classes)).toThrow('0 man-made and 20 natural');
    });
  },
);
