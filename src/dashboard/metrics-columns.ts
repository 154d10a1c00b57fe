// The tests of one network as columns of numbers: a million of them take 32 MB, as objects several
// times that.
import type { MetricsLine } from '../runs/metrics.js';
import { MetricsTail } from '../runs/metrics-tail.js';

/** What a line's numbers are called here; NaN stands for null. */
const columns = {
  iteration: (line) => line.iteration,
  accuracy: (line) => line.testAccuracy,
  loss: (line) => line.testLoss ?? Number.NaN,
  trainLoss: (line) => line.trainLoss ?? Number.NaN,
} as const satisfies Readonly<Record<string, (line: MetricsLine) => number>>;

/** Name of a column. */
export type Column = keyof typeof columns;

const names = Object.keys(columns) as readonly Column[];
const FIRST_ROOM = 16;

/** Follows a network's metrics.jsonl. */
export class MetricsColumns {
  length = 0;
  readonly #tail: MetricsTail;
  #values = allocate(FIRST_ROOM);

  constructor(path: string) {
    this.#tail = new MetricsTail(path);
  }

  /** Reads what was added; true if anything has changed. A file that cannot be read is as one that
   *  is not there. */
  look(): boolean {
    const news = this.#news();
    if (news === null) return false;
    if (!news.isMore) this.length = 0;
    this.#makeRoom(this.length + news.lines.length);
    for (const line of news.lines) {
      for (const name of names) this.#values[name][this.length] = columns[name](line);
      this.length++;
    }
    return true;
  }

  /** A column so far; not to be kept: it is written on. */
  column(name: Column): Float64Array {
    return this.#values[name].subarray(0, this.length);
  }

  #news(): ReturnType<MetricsTail['look']> {
    try {
      return this.#tail.look();
    } catch {
      return null;
    }
  }

  #makeRoom(length: number): void {
    const room = this.#values.iteration.length;
    if (length <= room) return;
    // Grown by more than what is needed now, read whole by no more.
    const larger = allocate(this.length === 0 ? length : Math.max(length, 2 * room));
    for (const name of names) larger[name].set(this.column(name));
    this.#values = larger;
  }
}

function allocate(length: number): Record<Column, Float64Array> {
  const rows = names.map((name) => [name, new Float64Array(length)] as const);
  return Object.fromEntries(rows) as Record<Column, Float64Array>;
}
