// How far fetching is: bytes, rate and time left, on standard error.
import type { FetchEvent } from '../data/fetch/fetch-file.js';
import { colours, remark } from './output.js';
import { formatDuration, formatSize } from '../base/quantities.js';

type Progress = Extract<FetchEvent, { kind: 'progress' }>;

/** One moment of one file. */
interface Sample {
  readonly seconds: number;
  readonly at: number;
}

// The rate is that of the last seconds: the speed of a network changes.
const WINDOW_S = 10;
const SAMPLE_S = 0.2;

/** Progress and remarks of a fetch until closed: one line that is written over on a terminal,
 *  elsewhere a line every ten seconds. */
export function fetchDisplay(): { on: (event: FetchEvent) => void; close: () => void } {
  const { isTTY } = process.stderr;
  let file = '';
  let samples: Sample[] = [];
  let shown = isTTY ? -Infinity : now();
  const clear = (): void => {
    if (isTTY) process.stderr.write('\r\u001b[K');
  };
  const progress = (event: Progress): void => {
    const seconds = now();
    const last = samples.at(-1);
    // What was before a new start of the file says nothing of the rate.
    if (event.file !== file || event.at < (last?.at ?? 0)) samples = [];
    file = event.file;
    if (samples.length > 0 && last !== undefined && seconds - last.seconds < SAMPLE_S) return;
    samples = samples.filter((each) => seconds - each.seconds < WINDOW_S);
    samples.push({ seconds, at: event.at });
    if (!isTTY && seconds - shown < 10) return;
    shown = seconds;
    const text = fetchText(event, samples);
    if (isTTY) process.stderr.write(`\r${text}\u001b[K`);
    else remark(text);
  };
  return {
    on: (event) => {
      if (event.kind === 'progress') return progress(event);
      clear();
      remark(`${colours.yellow('remark')} ${event.text}`);
    },
    close: clear,
  };
}

function now(): number {
  return performance.now() / 1000;
}

/** "a.tar.gz: 81.2 MiB of 162 MiB (50 %) | 4.2 MiB/s | 20 s left". Rate and time left are those
 *  between the first sample and the last. */
export function fetchText({ file, at, bytes }: Progress, samples: readonly Sample[]): string {
  const [first, last] = [samples[0], samples.at(-1)];
  const seconds = first && last ? last.seconds - first.seconds : 0;
  const rate = first && last ? (last.at - first.at) / seconds : 0;
  const parts = [
    `${file}: ${formatSize(at)} of ${formatSize(bytes)} (${Math.floor((100 * at) / bytes)} %)`,
  ];
  if (seconds > 0 && rate > 0) {
    parts.push(`${formatSize(rate)}/s`, `${formatDuration((bytes - at) / rate)} left`);
  }
  return parts.join(' | ');
}
