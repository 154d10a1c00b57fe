// The numbers that a figure draws, as CSV (RFC 4180).
import { type CsvCell, csvText } from '../base/csv.js';
import type { VegaLiteSpec } from './spec.js';

type Row = Readonly<Record<string, unknown>>;

/** Columns that say how a mark looks or is read aloud. */
const looks = new Set(['words', 'description', 'label', 'fill', 'stroke', 'ink', 'letter', 'text']);

/** What the figure's marks stand for: the rows that are read aloud, else the largest set of rows;
 *  lines end with CR LF. */
export function figureCsv(spec: VegaLiteSpec): string {
  const sets = new Set<readonly Row[]>();
  collect(spec, sets);
  const all = [...sets];
  const spoken = all.filter(([first]) => first !== undefined && isSpoken(first));
  const largest = all.toSorted((a, b) => b.length - a.length).slice(0, 1);
  const rows = unique((spoken.length > 0 ? spoken : largest).flat());
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (column) => !looks.has(column),
  );
  return csvText([columns, ...rows.map((row) => columns.map((column) => cellOf(row[column])))]);
}

const isSpoken = (row: Row): boolean => 'words' in row || 'description' in row;

function collect(value: unknown, sets: Set<readonly Row[]>): void {
  if (typeof value !== 'object' || value === null) return;
  const { data, ...rest } = value as { readonly data?: { readonly values?: unknown } };
  if (Array.isArray(data?.values)) sets.add(data.values as readonly Row[]);
  for (const each of Object.values(rest)) collect(each, sets);
}

// Several layers draw the same rows.
function unique(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

function cellOf(value: unknown): CsvCell {
  return value === null || value === undefined ? null : String(value);
}
