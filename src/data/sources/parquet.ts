// Image sets as Parquet files, as the Hugging Face Hub has them: encoded images and labels in rows,
// read row group by row group.
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from '../../base/errors.js';
import { imageFormat, isGreyImage, usualExtension } from '../images/image-format.js';
import type { Channels } from '../image-form.js';
import { neededParts } from '../parts.js';
import type { ImageSource, SourceEntry } from '../source.js';
import type { ImageColumns } from './parquet-columns.js';
import { ParquetFile } from './parquet-file.js';
import type { Row } from './parquet-messages.js';
import { findShards, type Shard } from './parquet-files.js';

// How many images at the start of a set are looked at to see whether it is grey.
const LOOKED_AT = 100;

/** Opens a set of Parquet files (see {@link findShards}); null if `path` is none. Rows need an
 *  image column {bytes, path} and a label column (see {@link imageColumns}). The set is grey if its
 *  first 100 images are stored without colour (later colour images are then refused one by one),
 *  else RGB. Memory: a row group at a time.
 *  @throws DataError if files are missing, or the name of a single file does not say its part */
export function parquetSource(path: string): ImageSource | null {
  const shards = findShards(path);
  if (shards === null) return null;
  const stats = shards.map((shard) => statSync(shard.path));
  return {
    path,
    recognised: `${shards.length} Parquet ${shards.length === 1 ? 'file' : 'files'} of images`,
    bytes: stats.reduce((sum, { size }) => sum + size, 0),
    fingerprint: [
      'parquet',
      stats.map(({ size, mtimeMs }, at) => [basename((shards[at] as Shard).path), size, mtimeMs]),
    ],
    listing: null,
    channels: () => channelsOf(shards[0] as Shard),
    async *entries(onBytes) {
      for (const shard of shards) yield* shardEntries(shard, onBytes);
    },
  };
}

async function channelsOf({ path }: Shard): Promise<Channels> {
  const file = await ParquetFile.open(path, () => undefined);
  try {
    let seen = 0;
    for await (const row of file.rows()) {
      if (row.bytes !== null && !isGrey(row.bytes)) return 3;
      if (++seen === LOOKED_AT) break;
    }
    return seen > 0 ? 1 : 3;
  } finally {
    file.close();
  }
}

function isGrey(bytes: Uint8Array): boolean {
  try {
    return isGreyImage(bytes);
  } catch {
    return true; // no image: it is left out and listed, and says nothing of the others
  }
}

async function* shardEntries(
  shard: Shard,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  const file = await ParquetFile.open(shard.path, onBytes);
  try {
    for (const part of neededParts) {
      for (const name of file.opened.columns.classes ?? []) {
        yield { kind: 'class', part, class: name };
      }
    }
    let index = 0;
    for await (const row of file.rows()) yield rowEntry(shard, file.opened.columns, row, index++);
  } finally {
    file.close();
  }
}

function rowEntry(
  { path, part }: Shard,
  columns: ImageColumns,
  { bytes, name, label }: Row,
  index: number,
): SourceEntry {
  const number = String(index).padStart(6, '0');
  const end = name === null ? extension(bytes) : `-${basename(name)}`;
  return {
    kind: 'file',
    part,
    class: className(label, columns, `${path}: row ${index}`),
    name: `${basename(path, '.parquet')}/${number}${end}`,
    origin: path,
    size: bytes?.length ?? 0,
    read: () => (bytes === null ? refuseOutside(name) : Promise.resolve(bytes)),
  };
}

function refuseOutside(name: string | null): Promise<never> {
  const where = name === null ? '' : `, only a path: ${name}`;
  return Promise.reject(new DataError(`the row has no image${where}`));
}

// A name without one of these would be remarked upon as wrong.
function extension(bytes: Uint8Array | null): string {
  try {
    return bytes === null ? '' : `.${usualExtension(imageFormat(bytes))}`;
  } catch {
    return '';
  }
}

function className(cell: unknown, { label, classes }: ImageColumns, where: string): string {
  const value = cell instanceof Uint8Array ? Buffer.from(cell).toString() : cell;
  const isName = classes === null && typeof value === 'string' && value !== '';
  if (isName) return value;
  const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : -1;
  const name = classes === null ? String(number) : classes[number];
  if (number >= 0 && name !== undefined) return name;
  const wanted = classes === null ? 'a number from 0 or a name' : `0 to ${classes.length - 1}`;
  throw new DataError(`${where} has ${label} ${String(value)}, wanted ${wanted}`, {
    hint: 'Splits whose labels are kept secret have -1: leave their file out, and take the validation split.',
  });
}
