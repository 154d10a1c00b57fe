// The tables of a store's index, of whatever format.
import type { PartName } from '../parts.js';
import type { StoreHeader } from './store-index.js';

/** Tables that stay in memory while a store is open; written before all others. */
export const residentTables = ['labels', 'places', 'crc32', 'lengths'] as const;

/** Where a table lies in the index. */
export interface TableSpan {
  /** Byte of the index at which it begins. */
  readonly at: number;
  readonly bytes: number;
}

/** What the JSON of an index says. */
export interface IndexLayout {
  readonly header: StoreHeader;
  /** By {@link tableName}; tables that this version does not know are among them. */
  readonly tables: ReadonlyMap<string, TableSpan>;
}

/** How {@link IndexLayout.tables} calls a part's table. */
export function tableName(part: PartName, table: string): string {
  return `${part} ${table}`;
}
