// How far measuring is: a line that is written over on a terminal, elsewhere one every ten seconds.
import type { MeasureEvent } from '../measure/events.js';
import { remark } from './output.js';
import { formatDuration } from '../base/quantities.js';

const LINE_EVERY_SECONDS = 10;

/** Hears the events of one place after another. */
export interface MeasuringDisplay {
  on(place: number, event: MeasureEvent): void;
  close(): void;
}

/** A display for so many places, which are taken to be alike. */
export function measuringDisplay(places: number): MeasuringDisplay {
  const isTerminal = process.stderr.isTTY;
  const started = performance.now() / 1000;
  let last = -Infinity;
  return {
    on: (place, event) => {
      if (event.event !== 'measuring') return;
      const now = performance.now() / 1000;
      if (!isTerminal && now - last < LINE_EVERY_SECONDS) return;
      last = now;
      const line = measuringText(
        (place + event.done / event.of) / places,
        now - started,
        event.what,
      );
      if (isTerminal) process.stderr.write(`\r${line}\u001b[K`);
      else remark(line);
    },
    close: () => {
      if (isTerminal && last > -Infinity) process.stderr.write('\r\u001b[K');
    },
  };
}

// "42 % | probes of task B on split0/baseA | 3 min 20 s left".
function measuringText(fraction: number, seconds: number, what: string): string {
  const left =
    fraction > 0 ? ` | ${formatDuration((seconds * (1 - fraction)) / fraction)} left` : '';
  return `${Math.floor(100 * fraction)} % | ${what}${left}`;
}
