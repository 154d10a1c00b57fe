import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LoopPeak } from '../executors/executor.js';
import type { GangProfile, GangUsage } from '../train/events.js';
import { profileText } from './profile-text.js';
import { type GangEntry, sumOf, UsageLog, writeProfile } from '../library/usage-log.js';

const LOOP: LoopPeak = { flopsPerSecond: 120e9, instruction: 'vfmadd231ps zmm' };

const usage = (scale: number, product: number | null, loop: LoopPeak = LOOP): GangUsage => ({
  seconds: {
    data: scale,
    training: 8 * scale,
    evaluation: scale,
    saving: 0,
    other: 0,
    total: 10 * scale,
  },
  loaders: 0,
  peakResidentBytes: scale * 2 ** 20,
  arenaBytes: 110,
  peakLiveBytes: 100,
  stateBytes: 5,
  profile: {
    train: {
      rows: [
        { op: 'convolution', calls: 4, timeMs: 6000 * scale, flops: 240e9 * scale },
        { op: 'reorder', calls: 2, timeMs: 1000 * scale, flops: 0 },
      ],
      flops: 400e9 * scale,
    },
    test: { rows: [], flops: 1 },
    peak: product === null ? null : { loop, product: { flopsPerSecond: product, size: 1024 } },
  },
});
const gang = (
  name: string,
  scale: number,
  product: number | null,
  loop: LoopPeak = LOOP,
): GangEntry => ({
  gang: name,
  ...usage(scale, product, loop),
});

test('a table tells ops, reorders, waiting and the share of the peak', () => {
  const text = profileText([gang('split0/A/base', 1, 100e9)]);
  expect(text).toMatch(/convolution +4 +6\.00 s +60\.0 % +40\.0 GFLOP\/s$/m);
  expect(text).toMatch(/reorder +2 +1\.00 s +10\.0 %$/m);
  expect(text).toMatch(/between the ops of training +1\.00 s +10\.0 %/);
  expect(text).toMatch(/waiting for data +1\.00 s +10\.0 %/);
  // 240 GFLOP in 8 s, by an algorithm that saved 400.
  expect(text).toMatch(/training 30\.0 GFLOP\/s, in place of 50\.0 by direct convolutions$/m);
  expect(text).toMatch(/= 25\.0 % of 120, a loop of vfmadd231ps zmm measured/);
  expect(text).toMatch(/= 30\.0 % of 100, the best matrix product measured/);
  expect(text).toMatch(/Winograd counted as run, its transforms left out/);
  expect(text).toMatch(/1\.100 times/);
  expect(text).not.toMatch(/all gangs/);
});

test('the sum weighs peaks with time, and has none where one gang has none', () => {
  const sum = sumOf([gang('a', 1, 100e9), gang('b', 3, 200e9)]);
  expect(sum.seconds.total).toBe(40);
  expect(sum.train.rows[0]).toEqual({
    ...{ op: 'convolution', calls: 8, timeMs: 24000, flops: 960e9 },
  });
  expect(sum.productFlops).toBe(8 * 100e9 + 24 * 200e9);
  expect(sum.loopFlops).toBe(8 * 120e9 + 24 * 120e9);
  const without = sumOf([gang('a', 1, 100e9), gang('b', 1, null)]);
  expect([without.productFlops, without.loopFlops]).toEqual([null, null]);
  expect(profileText([gang('a', 1, null)])).toMatch(/tells no times/);
});

test('where no loop was measured the text says why, and still gives the product', () => {
  const unavailable = 'there is none for linux on arm64';
  const gangs = [gang('a', 1, 100e9), gang('b', 1, 100e9, { unavailable })];
  expect(sumOf(gangs).loopFlops).toBeNull();
  const all = profileText(gangs).split('\n\n').at(-1);
  expect(all).toMatch(/a loop of multiply-adds, which was not measured: there is none for linux/);
  expect(all).toMatch(/= 30\.0 % of 100, the best matrix product/);
});

test('direct convolutions need no second figure, and large rates no powers of ten', () => {
  const direct = gang('a', 1, 1234e9);
  const { profile } = direct as { profile: GangProfile };
  const train = { ...profile.train, flops: 240e9 };
  const text = profileText([{ ...direct, profile: { ...profile, train } }]);
  expect(text).toMatch(/training 30\.0 GFLOP\/s$/m);
  expect(text).toMatch(/of 1234, the best/);
  expect(text).not.toMatch(/Winograd/);
});

test('events become profile.json', () => {
  const log = new UsageLog();
  expect(log.peakResidentBytes).toBeNull();
  log.on({ event: 'usage', gang: 'a', ...usage(1, 100e9) });
  log.on({ event: 'finished', gang: 'a' });
  log.on({ event: 'usage', gang: 'b', ...usage(3, 100e9) });
  expect(log.peakResidentBytes).toBe(3 * 2 ** 20);
  const directory = mkdtempSync(join(tmpdir(), 'selffer-profile-'));
  try {
    const info = {
      ...{ name: 'onednn', version: 'v', instructionSet: 'i', threads: 2 },
      precisions: ['fp32'] as const,
    };
    const path = writeProfile(directory, log.gangs, info, 1);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      schema: 'selffer.profile/1',
      gangs: [{ gang: 'a' }, { gang: 'b', seconds: { total: 30 } }],
      sum: { seconds: { total: 40 } },
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
