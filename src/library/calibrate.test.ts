import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { writeMadeFolder } from '../../bench/page/made-folder.js';
import { gangFlops } from '../study/needs/cost.js';
import type { Plan } from '../study/plan/plan.js';
import type { Share } from '../study/store/calibration-file.js';
import { type Calibrating, calibrate, fastest, sharesOf } from './calibrate.js';
import { measuredRateOfAll } from './measured-rate.js';
import { shareOf } from './share.js';

const text = (cores: number, gangs: number): string =>
  sharesOf(cores, gangs)
    .map(({ workers, threads }) => `${workers}x${threads}`)
    .join(' ');

test.each([
  [2, 100, '1x2 2x1'],
  [16, 100, '1x16 2x8 4x4 8x2'],
  [64, 100, '1x64 2x32 4x16 8x8 16x4 32x2'],
  [96, 100, '1x96 2x48 4x24 8x12 12x8 16x6 32x3'],
  // No more workers than gangs.
  [64, 3, '1x64 2x32'],
  [64, 1, '1x64'],
  [1, 100, '1x1'],
])('%i cores and %i gangs: %s is tried', (cores, gangs, wanted) => {
  expect(text(cores, gangs)).toBe(wanted);
});

const tried = (workers: number, seconds: number) => {
  return { workers, threads: 64 / workers, flopsPerSecond: 1e12 / seconds, seconds };
};

test('of shares within 3 % of the fastest, the one of fewer workers is taken', () => {
  expect(fastest([tried(1, 400), tried(2, 205), tried(4, 200), tried(8, 260)])?.workers).toBe(2);
  expect(fastest([tried(1, 400), tried(2, 210), tried(4, 200)])?.workers).toBe(4);
  expect(fastest([])).toBe(null);
});

test('threads that are said and measured at once are refused', async () => {
  const asked = { workers: 'measure', threads: 2 } as const;
  await expect(shareOf({} as never, asked, () => {})).rejects.toThrow(/found --threads beside/);
});

// Timing takes seconds and cores; what is made of it is looked at here.
vi.mock('./measured-rate.js', () => ({ measuredRateOfAll: vi.fn() }));
const measured = vi.mocked(measuredRateOfAll);

describe('a calibration', () => {
  let directory: string;
  let plan: Plan;
  let request: Calibrating;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'selffer-calibrate-'));
    plan = writeMadeFolder(directory, { splits: 2, tests: 1, waiting: 108 });
    request = {
      ...{ plan, directory, todo: plan.networks, cores: 8, memoryBytes: 8 * 2 ** 30 },
      executor: { name: 'reference', info: { version: '1.2' } as never },
    };
  });
  afterEach(() => {
    measured.mockReset();
    rmSync(directory, { recursive: true });
  });
  const tried: Share[] = [];
  const run = (more: Partial<Calibrating> = {}) => {
    tried.length = 0;
    return calibrate({ ...request, ...more }, (share) => tried.push(share));
  };

  test('takes the way that ends the study first, and keeps it for this machine', async () => {
    // All workers together: the more of them the faster, up to 4.
    const rates: Readonly<Record<number, number>> = { 1: 1e9, 2: 1.8e9, 4: 3e9 };
    measured.mockImplementation(async (_plan, _gang, _name, { workers }) => rates[workers] ?? null);
    const found = await run();
    expect(tried).toEqual([
      { workers: 1, threads: 8 },
      { workers: 2, threads: 4 },
      { workers: 4, threads: 2 },
    ]);
    expect(found?.chosen).toEqual({ workers: 4, threads: 2 });
    // One worker after the other does all, at its rate.
    const all = gangFlops(plan.study.network, plan.networks);
    const alone = found?.tried[0]?.seconds ?? 0;
    expect(alone / (all / 1e9)).toBeGreaterThan(0.5);
    expect(alone / (all / 1e9)).toBeLessThan(2);
    // Two workers of 0.9e9 each: halves of the work, not all of it at 1.8e9 for each.
    expect((found?.tried[1]?.seconds ?? 0) / alone).toBeCloseTo(1 / 1.8, 1);

    measured.mockClear();
    expect(await run()).toEqual(found);
    expect(measured).not.toHaveBeenCalled();
    expect(await run({ cores: 4 })).not.toEqual(found);
    expect(measured).toHaveBeenCalled();
  });

  test('a worker has its share of the memory: smaller gangs where there are more', async () => {
    const sizes = new Map<number, number>();
    measured.mockImplementation(async (_plan, gang, _name, { workers }) => {
      sizes.set(workers, gang?.networks.length ?? 0);
      return 1e9;
    });
    // Gangs of transfers are large, those of bases are not.
    const todo = plan.networks.filter(({ treatment }) => treatment !== 'base');
    await run({ todo, memoryBytes: 2 ** 27 });
    expect(sizes.get(4)).toBeLessThan(sizes.get(1) ?? 0);
  });

  test('ways that could not be timed are left out; without any there is none', async () => {
    measured.mockImplementation(async (_plan, _gang, _name, { workers }) =>
      workers === 2 ? 1e9 : null,
    );
    expect((await run())?.tried.map(({ workers }) => workers)).toEqual([2]);
    rmSync(join(directory, 'calibration.json'));
    measured.mockResolvedValue(null);
    expect(await run()).toBeNull();
    writeFileSync(join(directory, 'calibration.json'), '{');
    await expect(run()).rejects.toThrow(/calibration\.json/);
  });
});
