// Arrow keys in the plan: which cell comes next.

/** A cell's place: table, row and column of the page's plan. */
export interface Place {
  readonly table: number;
  readonly row: number;
  readonly column: number;
}

/** Whether there is a cell to stand on. */
export type HasCell = (place: Place) => boolean;

/** Number of rows and columns of each table. */
export type Extents = readonly { readonly rows: number; readonly columns: number }[];

/** The place that a key leads to, over empty places, and from the edge of a table to the next one;
 *  null if the key does not lead anywhere. */
export function nextPlace(key: string, from: Place, extents: Extents, has: HasCell): Place | null {
  const own = extents[from.table];
  if (own === undefined) return null;
  switch (key) {
    case 'ArrowRight':
      return along(from, { row: 0, column: 1 }, own, has);
    case 'ArrowLeft':
      return along(from, { row: 0, column: -1 }, own, has);
    case 'ArrowDown':
      return nearestRow(from, 1, own, has) ?? inTable(from, 1, extents, has);
    case 'ArrowUp':
      return nearestRow(from, -1, own, has) ?? inTable(from, -1, extents, has);
    case 'Home':
      return along({ ...from, column: -1 }, { row: 0, column: 1 }, own, has);
    case 'End':
      return along({ ...from, column: own.columns }, { row: 0, column: -1 }, own, has);
    case 'PageDown':
      return inTable(from, 1, extents, has);
    case 'PageUp':
      return inTable(from, -1, extents, has);
    default:
      return null;
  }
}

type Extent = Extents[number];

function along(
  from: Place,
  step: { readonly row: number; readonly column: number },
  { rows, columns }: Extent,
  has: HasCell,
): Place | null {
  let { row, column } = from;
  for (;;) {
    [row, column] = [row + step.row, column + step.column];
    if (row < 0 || row >= rows || column < 0 || column >= columns) return null;
    const place = { ...from, row, column };
    if (has(place)) return place;
  }
}

// The next row that has any cell, in the nearest column.
function nearestRow(from: Place, step: 1 | -1, own: Extent, has: HasCell): Place | null {
  for (let row = from.row + step; row >= 0 && row < own.rows; row += step) {
    const place = nearestColumn({ ...from, row }, own, has);
    if (place !== null) return place;
  }
  return null;
}

// The place may lie beyond the last column: tables are not equally wide.
function nearestColumn(at: Place, { columns }: Extent, has: HasCell): Place | null {
  for (let away = 0; away <= Math.max(columns, at.column); away++) {
    for (const column of [at.column - away, at.column + away]) {
      const place = { ...at, column };
      if (column >= 0 && column < columns && has(place)) return place;
    }
  }
  return null;
}

// Into the next table: its first row from above, its last one from below.
function inTable(from: Place, step: 1 | -1, extents: Extents, has: HasCell): Place | null {
  const table = from.table + step;
  const extent = extents[table];
  if (extent === undefined) return null;
  const start = { ...from, table, row: step === 1 ? -1 : extent.rows };
  return nearestRow(start, step, extent, has) ?? inTable(start, step, extents, has);
}
