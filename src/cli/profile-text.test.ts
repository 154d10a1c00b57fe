import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GangUsage } from '../train/job.js';
import { profileText } from './profile-text.js';
import { type GangEntry, sumOf, UsageLog, writeProfile } from './usage-log.js';

const usage = (scale: number, peak: number | null): GangUsage => ({
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
        { op: 'convolution', calls: 4, timeMs: 6000 * scale },
        { op: 'reorder', calls: 2, timeMs: 1000 * scale },
      ],
      flops: 400e9 * scale,
    },
    test: { rows: [], flops: 1 },
    peak: peak === null ? null : { flopsPerSecond: peak, size: 1024 },
  },
});
const gang = (name: string, scale: number, peak: number | null): GangEntry => ({
  gang: name,
  ...usage(scale, peak),
});

test('a table tells ops, reorders, waiting and the share of the peak', () => {
  const text = profileText([gang('split0/A/base', 1, 100e9)]);
  expect(text).toMatch(/convolution +4 +6\.00 s +60\.0 %/);
  expect(text).toMatch(/reorder +2 +1\.00 s +10\.0 %/);
  expect(text).toMatch(/between the ops of training +1\.00 s +10\.0 %/);
  expect(text).toMatch(/waiting for data +1\.00 s +10\.0 %/);
  // 400 GFLOP in 8 s.
  expect(text).toMatch(/50\.0 GFLOP\/s: 50\.0 % of 100,/);
  expect(text).toMatch(/1\.100 times/);
  expect(text).not.toMatch(/all gangs/);
});

test('the sum weighs peaks with time, and has none where one gang has none', () => {
  const sum = sumOf([gang('a', 1, 100e9), gang('b', 3, 200e9)]);
  expect(sum.seconds.total).toBe(40);
  expect(sum.train.rows[0]).toEqual({ op: 'convolution', calls: 8, timeMs: 24000 });
  expect(sum.peakFlops).toBe(8 * 100e9 + 24 * 200e9);
  expect(sumOf([gang('a', 1, 100e9), gang('b', 1, null)]).peakFlops).toBeNull();
  expect(profileText([gang('a', 1, null)])).toMatch(/tells no times/);
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
