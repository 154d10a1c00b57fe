// How far packing is: files, rate and time left, on standard error.
import type { PackProgress } from '../data/pack/pack-images.js';
import { remark } from './output.js';
import { formatDuration } from './quantities.js';

/** Progress of a pack until closed: one line that is written over on a terminal, elsewhere a line every ten seconds. */
export function packDisplay(): { on: (progress: PackProgress) => void; close: () => void } {
  const { isTTY } = process.stderr;
  const every = isTTY ? 0.2 : 10;
  let start: { seconds: number; progress: PackProgress } | null = null;
  let last = now();
  let isShown = false;
  return {
    on: (progress) => {
      const seconds = now();
      // What an earlier process has done tells nothing about the rate.
      if (progress.files < progress.resumed) return;
      start ??= { seconds, progress };
      if (seconds - last < every) return;
      last = seconds;
      const text = packText(start.progress, progress, seconds - start.seconds);
      if (isTTY) process.stderr.write(`\r${text}\u001b[K`);
      else remark(text);
      isShown = true;
    },
    close: () => {
      if (isShown && isTTY) process.stderr.write('\r\u001b[K');
    },
  };
}

/** "packing: 12,000 files (41 %), 3 left out | 850 images/s | 3 min 20 s left". Rate and time left are those since `start`. */
export function packText(start: PackProgress, at: PackProgress, seconds: number): string {
  const rate = (at.files - start.files) / seconds;
  const left = ((1 - at.fraction) * seconds) / (at.fraction - start.fraction);
  const skipped = at.skipped > 0 ? `, ${at.skipped} left out` : '';
  const parts = [
    `packing: ${at.files.toLocaleString('en-US')} files (${Math.floor(100 * at.fraction)} %)${skipped}`,
    rate > 0 && seconds > 0 ? `${Math.round(rate).toLocaleString('en-US')} images/s` : '',
    Number.isFinite(left) && left >= 0 ? `${formatDuration(left)} left` : '',
  ];
  return parts.filter((part) => part !== '').join(' | ');
}

function now(): number {
  return performance.now() / 1000;
}
