// How far packing is: files, rate, time left and final size, on standard error.
import type { PackProgress } from '../data/pack/request.js';
import { colours, remark } from './output.js';
import { formatDuration, formatSize } from '../base/quantities.js';

// From this share of the source on, the final size follows from what is written.
const ENOUGH = 0.05;

/** Progress of a pack until closed: one line that is written over on a terminal, elsewhere a line
 *  every ten seconds. Warns once if the rest will not fit into `free()` bytes. */
export function packDisplay(free: () => number): {
  on: (progress: PackProgress) => void;
  close: () => void;
} {
  const { isTTY } = process.stderr;
  const every = isTTY ? 0.2 : 10;
  let start: { seconds: number; progress: PackProgress } | null = null;
  let last = now();
  let isShown = false;
  let isSizeTold = false;
  const tellSize = (progress: PackProgress) => {
    isSizeTold = true;
    const needed = finalBytes(progress) - progress.storeBytes;
    const room = free();
    if (needed <= room) return;
    remark(
      `${isTTY ? '\r\u001b[K' : ''}${colours.yellow('warning')} about ${formatSize(needed)} more are needed, ${formatSize(room)} are free: make room, or stop and begin anew elsewhere`,
    );
  };
  return {
    on: (progress) => {
      const seconds = now();
      // What an earlier process has done tells nothing about the rate.
      if (progress.files < progress.resumed) return;
      start ??= { seconds, progress };
      if (!isSizeTold && progress.fraction >= ENOUGH) tellSize(progress);
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

/** "packing: 12,000 files (41 %), 3 left out | 850 images/s | 3 min 20 s left | about 1.2 GiB in
 *  the end". Rate and time left are those since `start`. */
export function packText(start: PackProgress, at: PackProgress, seconds: number): string {
  const rate = (at.files - start.files) / seconds;
  const left = ((1 - at.fraction) * seconds) / (at.fraction - start.fraction);
  const skipped = at.skipped > 0 ? `, ${at.skipped} left out` : '';
  const parts = [
    `packing: ${at.files.toLocaleString('en-US')} files (${Math.floor(100 * at.fraction)} %)${skipped}`,
    rate > 0 && seconds > 0 ? `${Math.round(rate).toLocaleString('en-US')} images/s` : '',
    Number.isFinite(left) && left >= 0 ? `${formatDuration(left)} left` : '',
    at.fraction >= ENOUGH ? `about ${formatSize(finalBytes(at))} in the end` : '',
  ];
  return parts.filter((part) => part !== '').join(' | ');
}

function finalBytes({ storeBytes, fraction }: PackProgress): number {
  return storeBytes / fraction;
}

function now(): number {
  return performance.now() / 1000;
}
