// Rows of several profiles as one.
import type { ProfileRow } from '../../executors/executor.js';

/** Sums profile rows by op. */
export class ProfileSum {
  readonly #rows = new Map<string, ProfileRow>();

  add(rows: readonly ProfileRow[]): void {
    for (const row of rows) {
      const sum = this.#rows.get(row.op);
      this.#rows.set(row.op, sum === undefined ? row : addRows(sum, row));
    }
  }

  get(): readonly ProfileRow[] {
    return [...this.#rows.values()].sort((a, b) => b.timeMs - a.timeMs);
  }
}

function addRows(a: ProfileRow, b: ProfileRow): ProfileRow {
  const [calls, timeMs, flops] = [a.calls + b.calls, a.timeMs + b.timeMs, a.flops + b.flops];
  return { op: a.op, calls, timeMs, flops };
}
