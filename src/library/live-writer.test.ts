// What a run tells other processes while it works.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { thisProcess } from '../base/process-owner.js';
import { livePath, readLive } from '../study/store/live-file.js';
import { LiveWriter } from './live-writer.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-live-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

const step = (iteration: number, seconds: number) =>
  ({ event: 'step', gang: 'g', iteration, iterations: 100, images: 64, seconds }) as const;

test('rate, time left and memory, written anew every two seconds, gone at the end', () => {
  let seconds = 100;
  vi.spyOn(performance, 'now').mockImplementation(() => 1000 * seconds);
  const live = new LiveWriter(directory, [{ name: 'g', networks: ['a'], cost: 1 }]);
  const read = () => readLive(directory, thisProcess());
  live.on({ event: 'gang', gang: 'g', networks: ['a'], index: 0, gangs: 1 });
  expect(read()).toMatchObject({ secondsLeft: null, imagesPerSecond: null });
  live.on(step(10, 0.5));
  seconds += 1;
  live.on(step(20, 0.5));
  expect(read()).toMatchObject({ imagesPerSecond: null });
  seconds += 1;
  expect(read()?.gangs).toEqual([]);
  live.on(step(30, 0.25));
  expect(read()?.gangs).toEqual([{ networks: ['a'], iteration: 30 }]);
  // Two seconds for 20 of 100 iterations, 70 are left.
  expect(read()).toMatchObject({ imagesPerSecond: 256, secondsLeft: expect.closeTo(7) });
  if (process.platform === 'linux') expect(read()?.residentBytes).toBeGreaterThan(1e7);
  seconds += 2;
  live.on({ event: 'finished', gang: 'g' });
  expect(read()?.gangs).toEqual([]);
  live.close();
  expect(existsSync(livePath(directory))).toBe(false);
});

test('a folder that takes nothing ends no training', () => {
  rmSync(directory, { recursive: true });
  const live = new LiveWriter(directory, []);
  live.on(step(1, 1));
  live.close();
});
