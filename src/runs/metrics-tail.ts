// Follows a metrics.jsonl that grows: a look costs a question to the system, and reading what was
// added.
import { type Stats, statSync } from 'node:fs';
import { type MetricsLine, readMetricsFrom } from './metrics.js';

/** What a look at the file has found. */
export interface MetricsNews {
  /** Whether these lines follow those that were found before; otherwise they are all there are: the
   *  file is another one, as after a resume, or has gone. */
  readonly isMore: boolean;
  readonly lines: readonly MetricsLine[];
}

/** A view of one file. It knows nothing before the first {@link MetricsTail.look}. */
export class MetricsTail {
  /** Whole lines so far that are not of metrics; they are left out. */
  damagedLines = 0;
  readonly #path: string;
  #stamp: string | null = null;
  #inode = 0;
  #end = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** The whole lines that were added since the last look; null if nothing has changed.
   *  @throws the system's error if the file is there and cannot be read */
  look(): MetricsNews | null {
    const stats = statsOf(this.#path);
    if (stats === null) {
      if (this.#stamp === null) return null;
      this.damagedLines = 0;
      [this.#stamp, this.#inode, this.#end] = [null, 0, 0];
      return { isMore: false, lines: [] };
    }
    const stamp = `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
    if (stamp === this.#stamp) return null;
    // Cut on resume, it is another file.
    const isMore = stats.ino === this.#inode && stats.size >= this.#end;
    const { lines, damaged, end } = readMetricsFrom(this.#path, isMore ? this.#end : 0);
    this.damagedLines = (isMore ? this.damagedLines : 0) + damaged;
    [this.#stamp, this.#inode, this.#end] = [stamp, stats.ino, end];
    return { isMore, lines };
  }
}

// A file that cannot be asked about, such as one below another file, is not there.
function statsOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
