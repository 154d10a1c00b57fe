// Where the time of runs goes, by kind of step.
import type { ProfileRow } from './executor.js';

/** Sums calls, times and FLOPs by kind: an op's name, or an executor's own word ("reorder"). */
export class Profile {
  #rows = new Map<string, Omit<ProfileRow, 'op'>>();

  /** Adds one run of a step. */
  add(kind: string, timeMs: number, flops: number): void {
    this.addCalls(kind, { calls: 1, timeMs, flops });
  }

  /** Adds several runs of steps of one kind, their times and FLOPs together. */
  addCalls(kind: string, { calls, timeMs, flops }: Omit<ProfileRow, 'op'>): void {
    const row = this.#rows.get(kind) ?? { calls: 0, timeMs: 0, flops: 0 };
    this.#rows.set(kind, {
      calls: row.calls + calls,
      timeMs: row.timeMs + timeMs,
      flops: row.flops + flops,
    });
  }

  /** Rows since the last call, the largest time first. */
  take(): readonly ProfileRow[] {
    const rows = [...this.#rows].map(([op, row]) => ({ op, ...row }));
    this.#rows = new Map();
    return rows.sort((a, b) => b.timeMs - a.timeMs);
  }
}
