// Image sets as Parquet files, as the Hugging Face Hub has them: encoded images and labels in rows,
// read row group by row group.
import { setTimeout } from 'node:timers/promises';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import {
  asyncBufferFromFile,
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { DataError } from '../../base/errors.js';
import { imageFormat, isGreyImage, usualExtension } from '../images/image-format.js';
import type { Channels } from '../image-form.js';
import { neededParts } from '../parts.js';
import type { ImageSource, SourceEntry } from '../source.js';
import { CUT_OFF_HINT, refuseLfsPointer } from './byte-stream.js';
import { type ImageColumns, imageColumns } from './parquet-columns.js';
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

/** A file, opened. */
interface Table {
  readonly path: string;
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly columns: ImageColumns;
}

type Row = Readonly<Record<string, unknown>>;

async function openTable(path: string, onBytes: (bytes: number) => void): Promise<Table> {
  refuseLfsPointer(path);
  const whole = await asyncBufferFromFile(path);
  const file: AsyncBuffer = {
    byteLength: whole.byteLength,
    async slice(start, end) {
      const bytes = await whole.slice(start, end);
      onBytes(bytes.byteLength);
      return bytes;
    },
  };
  const metadata = await guarded(path, () => parquetMetadataAsync(file));
  return { path, file, metadata, columns: imageColumns(metadata, path) };
}

/** The rows of a file, those of one row group in memory at a time. */
async function* rowsOf({ path, file, metadata, columns }: Table): AsyncGenerator<Row> {
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const wanted = { file, metadata, compressors, rowStart, rowEnd, utf8: false };
    yield* await guarded(path, () =>
      parquetReadObjects({ ...wanted, columns: [columns.image, columns.label] }),
    );
    rowStart = rowEnd;
  }
}

// hyparquet reads columns and groups by promises of which it awaits one after another: what another
// one rejects with reaches nobody, and would end the process.
async function guarded<T>(path: string, read: () => Promise<T>): Promise<T> {
  let onStray: (reason: unknown) => void = () => undefined;
  const stray = new Promise<never>((_, reject) => {
    onStray = reject;
  });
  stray.catch(() => undefined);
  process.on('unhandledRejection', onStray);
  try {
    return await Promise.race([read(), stray]);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    // Others of the same read may fail a moment later.
    await setTimeout(STRAY_MS);
    throw new DataError(`${path}: not a whole Parquet file (${reason})`, {
      hint: CUT_OFF_HINT,
      cause,
    });
  } finally {
    process.off('unhandledRejection', onStray);
  }
}

const STRAY_MS = 20;

async function channelsOf({ path }: Shard): Promise<Channels> {
  const table = await openTable(path, () => undefined);
  let seen = 0;
  for await (const row of rowsOf(table)) {
    const { bytes } = imageCell(row[table.columns.image]);
    if (bytes !== null && !isGrey(bytes)) return 3;
    if (++seen === LOOKED_AT) break;
  }
  return seen > 0 ? 1 : 3;
}

function isGrey(bytes: Uint8Array): boolean {
  try {
    return isGreyImage(bytes);
  } catch {
    return true; // no image: it is left out and listed, and says nothing of the others
  }
}

async function* shardEntries(
  { path, part }: Shard,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  const table = await openTable(path, onBytes);
  const { image, label, classes } = table.columns;
  for (const each of neededParts) {
    for (const name of classes ?? []) yield { kind: 'class', part: each, class: name };
  }
  const shard = basename(path, '.parquet');
  let index = 0;
  for await (const row of rowsOf(table)) {
    const { bytes, name } = imageCell(row[image]);
    const number = String(index).padStart(6, '0');
    yield {
      kind: 'file',
      part,
      class: className(row[label], table, index),
      name: `${shard}/${number}${name === null ? extension(bytes) : `-${basename(name)}`}`,
      origin: path,
      size: bytes?.length ?? 0,
      read: () => (bytes === null ? refuseOutside(name) : Promise.resolve(bytes)),
    };
    index++;
  }
}

/** A cell of the image column: a struct of bytes and path, or the bytes alone. */
function imageCell(cell: unknown): { bytes: Uint8Array | null; name: string | null } {
  if (cell instanceof Uint8Array) return { bytes: cell, name: null };
  const { bytes, path } = (cell ?? {}) as { bytes?: unknown; path?: unknown };
  const name = path instanceof Uint8Array ? Buffer.from(path).toString() : path;
  return {
    bytes: bytes instanceof Uint8Array ? bytes : null,
    name: typeof name === 'string' && name !== '' ? name : null,
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

function className(cell: unknown, { path, columns }: Table, index: number): string {
  const { label, classes } = columns;
  const value = cell instanceof Uint8Array ? Buffer.from(cell).toString() : cell;
  const isName = classes === null && typeof value === 'string' && value !== '';
  if (isName) return value;
  const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : -1;
  const name = classes === null ? String(number) : classes[number];
  if (number >= 0 && name !== undefined) return name;
  const wanted = classes === null ? 'a number from 0 or a name' : `0 to ${classes.length - 1}`;
  throw new DataError(`${path}: row ${index} has ${label} ${String(value)}, wanted ${wanted}`, {
    hint: 'Splits whose labels are kept secret have -1: leave their file out, and take the validation split.',
  });
}
