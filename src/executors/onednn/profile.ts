// Where the time of runs goes, by kind of step; "reorder" counts layout changes.
import type { ProfileRow } from '../executor.js';

/** Sums times by kind. */
export class Profile {
  #rows = new Map<string, { calls: number; timeMs: number }>();

  /** Adds one step. */
  add(kind: string, timeMs: number): void {
    const row = this.#rows.get(kind) ?? { calls: 0, timeMs: 0 };
    this.#rows.set(kind, { calls: row.calls + 1, timeMs: row.timeMs + timeMs });
  }

  /** Rows since the last call, the largest first. */
  take(): readonly ProfileRow[] {
    const rows = [...this.#rows].map(([op, row]) => ({ op, ...row }));
    this.#rows = new Map();
    return rows.sort((a, b) => b.timeMs - a.timeMs);
  }
}
