import { afterEach, expect, test, vi } from 'vitest';
import { fetchDisplay, fetchText } from './fetch-display.js';

const progress = (at: number) =>
  ({ kind: 'progress', file: 'a.zip', at, bytes: 200 * 2 ** 20 }) as const;

afterEach(() => vi.restoreAllMocks());

test('bytes, share, rate and time left', () => {
  const samples = [
    { seconds: 10, at: 40 * 2 ** 20 },
    { seconds: 15, at: 60 * 2 ** 20 },
  ];
  expect(fetchText(progress(60 * 2 ** 20), samples)).toBe(
    'a.zip: 60.0 MiB of 200 MiB (30 %) | 4.0 MiB/s | 35 s left',
  );
  expect(fetchText(progress(0), samples.slice(0, 1))).toBe('a.zip: 0 KiB of 200 MiB (0 %)');
});

test('the rate is that of the last ten seconds of one start of the file; remarks come at once', () => {
  let lines = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((lines += String(text)), true));
  let seconds = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => seconds * 1000);
  const display = fetchDisplay();
  // Fast, then 1 MiB/s.
  for (; seconds <= 30; seconds += 0.5) {
    display.on(progress((seconds < 15 ? 8 * seconds : 120 + (seconds - 15)) * 2 ** 20));
  }
  expect(lines.split('\n').filter((line) => line !== '')).toEqual([
    expect.stringContaining('80.0 MiB of 200 MiB (40 %) | 8.0 MiB/s'),
    expect.stringContaining('| 4.3 MiB/s'),
    expect.stringContaining('135 MiB of 200 MiB (67 %) | 1.0 MiB/s | 1 min 5 s left'),
  ]);
  lines = '';
  display.on({ kind: 'remark', text: 'the connection broke off' });
  expect(lines).toContain('the connection broke off\n');
  display.on(progress(0));
  for (seconds += 20; lines.split('\n').length < 3; seconds += 1) {
    display.on(progress((seconds - 30) * 2 ** 20));
  }
  expect(lines.split('\n')[1]).not.toContain('-');
  display.close();
});
