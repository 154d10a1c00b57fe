// live.json is believed only of the run that holds the folder.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { thisProcess } from '../../base/process-owner.js';
import { livePath, readLive, removeLive, writeLive } from './live-file.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-live-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const numbers = {
  startedAt: '2026-11-27T17:00:00.000Z',
  secondsLeft: 12.5,
  imagesPerSecond: null,
  residentBytes: 4096,
};

test('what a run writes is read back, of no other process, and goes', () => {
  const own = thisProcess();
  expect(readLive(directory, own)).toBeNull();
  writeLive(directory, numbers);
  expect(readLive(directory, own)).toEqual(numbers);
  expect(readLive(directory, { ...own, pid: own.pid + 1 })).toBeNull();
  expect(readLive(directory, { ...own, host: 'another' })).toBeNull();
  removeLive(directory);
  expect(existsSync(livePath(directory))).toBe(false);
  removeLive(directory);
});

test.each(['', '{', '[]', '{"schema":"selffer.live/2"}', '{"schema":"selffer.live/1","pid":"x"}'])(
  'a damaged one (%s) says nothing',
  (content) => {
    writeFileSync(livePath(directory), content);
    expect(readLive(directory, thisProcess())).toBeNull();
  },
);

test('nor does a folder in its place', () => {
  mkdirSync(livePath(directory));
  expect(readLive(directory, thisProcess())).toBeNull();
});
