// From the JSON of a store's index to its header and to where each table lies.
import { byPart, partNames } from '../parts.js';
import { type IndexLayout, residentTables, tableName, type TableSpan } from './index-tables.js';
import { oldLayout } from './old-layout.js';
import { type StoreHeader, total } from './store-index.js';

/** A table as the JSON of format 3 lists it. */
export type ListedTable = readonly [part: string, name: string, bytes: number];

/** Schema of the JSON of format 3. */
export const SCHEMA = 'selffer.images/3';

/** Reads an index's JSON; null if it is not that of an index `indexLength` bytes long.
 *  @param json its bytes, spaces at the end included */
export function indexLayout(format: number, json: Buffer, indexLength: number): IndexLayout | null {
  try {
    const parsed = JSON.parse(json.toString()) as object;
    const layout =
      format < 3
        ? oldLayout(format, parsed, json.length, indexLength)
        : newLayout(parsed, json.length);
    if (layout === null) return null;
    let end = json.length;
    for (const { at, bytes } of layout.tables.values()) end = Math.max(end, at + bytes);
    return end === indexLength && fitsCounts(layout) ? layout : null;
  } catch {
    return null; // damaged: the checksum says so
  }
}

function newLayout(parsed: object, jsonLength: number): IndexLayout | null {
  const {
    schema,
    tables: listed,
    ...header
  } = parsed as StoreHeader & {
    readonly schema?: unknown;
    readonly tables?: readonly ListedTable[];
  };
  if (schema !== SCHEMA || !Array.isArray(listed) || !hasFacts(header)) return null;
  const tables = new Map<string, TableSpan>();
  let at = jsonLength;
  for (const [part, table, bytes] of listed as readonly ListedTable[]) {
    if (!Number.isInteger(bytes) || bytes < 0) return null;
    tables.set(`${part} ${table}`, { at, bytes });
    at += bytes;
  }
  const none = header.classes.map(() => 0);
  const counts = byPart((part) => header.counts[part] ?? none);
  return { header: { ...header, counts }, tables };
}

// What the pixels are read by; everything else of a header is only shown.
function hasFacts({ classes, counts, form }: Partial<StoreHeader>): boolean {
  const sides = [form?.channels, form?.height, form?.width];
  return Array.isArray(classes) && counts !== undefined && sides.every(Number.isInteger);
}

function fitsCounts({ header, tables }: IndexLayout): boolean {
  return partNames.every((part) => {
    const images = total(header.counts[part]);
    return residentTables.every((table) => {
      const span = tables.get(tableName(part, table));
      const isNeeded = images > 0 && (table === 'labels' || table === 'places');
      if (span === undefined) return !isNeeded;
      return span.bytes === 4 * images && span.at % 4 === 0;
    });
  });
}

/** Bytes of the index, JSON included, that hold all resident tables. */
export function residentBytes({ tables }: IndexLayout, jsonLength: number): number {
  let end = jsonLength;
  for (const part of partNames) {
    for (const table of residentTables) {
      const span = tables.get(tableName(part, table));
      if (span !== undefined) end = Math.max(end, span.at + span.bytes);
    }
  }
  return end;
}
