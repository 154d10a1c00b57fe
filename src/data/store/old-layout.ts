// Stores of formats 1 and 2, which version 0.1 wrote. Format 1, decoded into the cache: JSON, then
// i32 labels and u32 places of train, then of val. Format 2, packed: after these u32 CRC-32 of
// train, then of val; u32 lengths of both; and one JSON array of the file names of both. Images
// were square, and there was no test part. Their checksum covers the index alone.
import { type Channels, square } from '../image-form.js';
import { neededParts } from '../parts.js';
import type { IndexLayout, TableSpan } from './index-tables.js';
import { type StoreHeader, total } from './store-index.js';

/** The JSON of both old formats. */
interface OldHeader extends Omit<StoreHeader, 'counts' | 'form'> {
  readonly schema?: unknown;
  readonly counts: { readonly train: readonly number[]; readonly val: readonly number[] };
  readonly channels: Channels;
  readonly size: number;
}

/** How {@link IndexLayout.tables} calls the names of format 2. */
export const OLD_NAMES = 'all names';

/** Header and tables of an index of format 1 or 2; null if the JSON is not that of one. */
export function oldLayout(
  format: number,
  parsed: object,
  jsonLength: number,
  indexLength: number,
): IndexLayout | null {
  const { schema, counts, channels, size, ...rest } = parsed as OldHeader;
  const isOurs = Array.isArray(counts?.train) && Array.isArray(counts?.val);
  if (schema !== 'selffer.images/1' || !isOurs || !Array.isArray(rest.classes)) return null;
  const tables = new Map<string, TableSpan>();
  let at = jsonLength;
  const add = (name: string, bytes: number) => {
    tables.set(name, { at, bytes });
    at += bytes;
  };
  for (const part of neededParts) {
    for (const table of ['labels', 'places']) add(`${part} ${table}`, 4 * total(counts[part]));
  }
  if (format === 2) {
    for (const table of ['crc32', 'lengths']) {
      for (const part of neededParts) add(`${part} ${table}`, 4 * total(counts[part]));
    }
    add(OLD_NAMES, indexLength - at);
  }
  const header: StoreHeader = {
    ...rest,
    counts: { ...counts, test: rest.classes.map(() => 0) },
    form: { channels, ...square(size) },
  };
  return { header, tables };
}
