// The numbers that a figure draws, as CSV (RFC 4180).
import { type CsvCell, csvText } from '../base/csv.js';
import type { VegaLiteSpec } from './spec.js';

type Row = Readonly<Record<string, unknown>>;

/** Columns that say how a mark looks or is read aloud. */
const looks = new Set(['words', 'description', 'label', 'fill', 'stroke', 'ink', 'letter', 'text']);

/** What a unit of the specification draws. */
interface Drawn {
  readonly rows: readonly Row[];
  /** Its marks are read aloud, each of them. */
  readonly isSpoken: boolean;
  /** Title of the panel that it is in; empty for none. */
  readonly panel: string;
}

/** What the figure's marks stand for: the rows that are read aloud, else the largest set of rows;
 *  lines end with CR LF. Panels, and the studies of marks that are not this one's, have columns of
 *  their own. Marks stand beside each other where they would hide each other: `n` tells what they
 *  are of, and `x`, where they stand, is left out. */
export function figureCsv(spec: VegaLiteSpec): string {
  const all: Drawn[] = [];
  collect(spec, { rows: [], panel: '' }, all);
  const spoken = all.filter(({ isSpoken }) => isSpoken);
  const largest = all.toSorted((a, b) => b.rows.length - a.rows.length).slice(0, 1);
  const chosen = spoken.length > 0 ? spoken : largest;
  const hasPanels = new Set(chosen.map(({ panel }) => panel)).size > 1;
  const rows = unique(
    chosen.flatMap(({ rows: own, panel }) =>
      own.map((row) => (hasPanels ? { panel, ...row } : row)),
    ),
  );
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const columns = [...names].filter(
    (column) => !looks.has(column) && !(column === 'x' && names.has('n')),
  );
  return csvText([columns, ...rows.map((row) => columns.map((column) => cellOf(row[column])))]);
}

/** What a unit has from those around it. */
type Around = Pick<Drawn, 'rows' | 'panel'>;

function collect(value: unknown, around: Around, found: Drawn[]): void {
  if (typeof value !== 'object' || value === null) return;
  const { data, title, mark, encoding, layer, spec, ...rest } = value as {
    readonly data?: { readonly values?: readonly Row[] };
    readonly title?: unknown;
    readonly mark?: unknown;
    readonly encoding?: { readonly description?: { readonly field?: string } };
    readonly layer?: unknown;
    readonly spec?: unknown;
  };
  const here = { rows: data?.values ?? around.rows, panel: titleOf(title) ?? around.panel };
  if (mark !== undefined) {
    found.push({ ...here, isSpoken: encoding?.description?.field !== undefined });
  }
  const inner = [layer, spec, ...['concat', 'hconcat', 'vconcat'].map((key) => rest[key as never])];
  for (const each of inner.flat()) collect(each, here, found);
}

function titleOf(title: unknown): string | null {
  const text = typeof title === 'object' && title !== null && 'text' in title ? title.text : title;
  return typeof text === 'string' ? text : null;
}

// Several layers draw the same rows.
function unique(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

function cellOf(value: unknown): CsvCell {
  return value === null || value === undefined ? null : String(value);
}
