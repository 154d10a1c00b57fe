// The thread that reads Parquet, one file after another. Of a damaged file the library may make
// loops of thousands of millions of rounds, or rejections that reach nobody: here they end a
// thread, not the process.
import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { asyncBufferFromFile, type AsyncBuffer, type FileMetaData } from 'hyparquet';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { assert, SelfferError } from '../../base/errors.js';
import { systemError } from '../../base/system-error.js';
import { imageColumns } from './parquet-columns.js';
import type { Answer, Content, Opened, Request, Row, ThreadNumber } from './parquet-messages.js';

// Bytes of images in one answer; one image more may be in it.
const ANSWER_BYTES = 1 << 24;

type Cells = Readonly<Record<string, unknown>>;

/** A file and the rows of the group in hand. */
class OpenFile {
  readonly opened: Opened;
  readonly #file: AsyncBuffer;
  readonly #metadata: FileMetaData;
  #cells: readonly Cells[] = [];
  #given = 0;

  constructor(file: AsyncBuffer, metadata: FileMetaData, path: string) {
    this.#file = file;
    this.#metadata = metadata;
    const columns = imageColumns(metadata, path);
    this.opened = { columns, groups: metadata.row_groups.map(groupFacts) };
  }

  async startGroup(rowStart: number, rowEnd: number): Promise<void> {
    const { image, label } = this.opened.columns;
    this.#cells = []; // the group before is not kept while this one is read
    this.#given = 0;
    this.#cells = await parquetReadObjects({
      file: this.#file,
      metadata: this.#metadata,
      compressors,
      rowStart,
      rowEnd,
      utf8: false,
      columns: [image, label],
    });
  }

  more(): readonly Row[] {
    const { image, label } = this.opened.columns;
    const some: Row[] = [];
    let bytes = 0;
    while (this.#given < this.#cells.length && bytes < ANSWER_BYTES) {
      const cells = this.#cells[this.#given++] as Cells;
      const row = { ...imageCell(cells[image]), label: cells[label] };
      some.push(row);
      bytes += row.bytes?.length ?? 0;
    }
    return some;
  }
}

function groupFacts(group: FileMetaData['row_groups'][number]): Opened['groups'][number] {
  const sizes = group.columns.map(({ meta_data: meta }) => meta?.total_uncompressed_size ?? 0n);
  return {
    rows: Number(group.num_rows),
    bytes: sizes.reduce<number>((sum, size) => sum + Math.max(0, Number(size)), 0),
  };
}

/** A cell of the image column: a struct of bytes and path, or the bytes alone. The library's bytes
 *  are parts of whole pages: they would be sent with the page. */
function imageCell(cell: unknown): Omit<Row, 'label'> {
  if (cell instanceof Uint8Array) return { bytes: cell.slice(), name: null };
  const { bytes, path } = (cell ?? {}) as { bytes?: unknown; path?: unknown };
  const name = path instanceof Uint8Array ? Buffer.from(path).toString() : path;
  return {
    bytes: bytes instanceof Uint8Array ? bytes.slice() : null,
    name: typeof name === 'string' && name !== '' ? name : null,
  };
}

const port = parentPort;
assert(port, 'this file is a thread');
let bytes = 0;

function answer(id: number, content: Content): void {
  const rows = content.kind === 'rows' ? content.rows : [];
  const moved = rows.flatMap((row) => row.bytes?.buffer ?? []);
  port?.postMessage({ ...content, id, bytes } satisfies Answer, moved);
  bytes = 0;
}

// Others of the same request may fail a moment later: they are of no interest, and must not be
// taken for the next request's.
const STRAY_MS = 20;
let isFailing = false;

async function answerError(id: number, error: unknown): Promise<void> {
  if (isFailing) return;
  isFailing = true;
  await setTimeout(STRAY_MS);
  isFailing = false;
  const told = systemError(error) ?? error;
  if (told instanceof SelfferError) {
    answer(id, { kind: 'refused', message: told.message, hint: told.hint });
  } else {
    answer(id, { kind: 'broken', reason: told instanceof Error ? told.message : String(told) });
  }
}

async function openFile(path: string): Promise<OpenFile> {
  const whole = await asyncBufferFromFile(path);
  const file: AsyncBuffer = {
    byteLength: whole.byteLength,
    async slice(start, end) {
      const part = await whole.slice(start, end);
      bytes += part.byteLength;
      return part;
    },
  };
  return new OpenFile(file, await parquetMetadataAsync(file), path);
}

function ownNumber(): string | null {
  try {
    return basename(readlinkSync('/proc/thread-self'));
  } catch {
    return null;
  }
}

port.postMessage({ kind: 'thread', number: ownNumber() } satisfies ThreadNumber);
let inWork = 0;
// The library reads columns by promises of which it awaits one after another.
process.on('unhandledRejection', (reason) => void answerError(inWork, reason));
let file: OpenFile | null = null;

async function serve(request: Request): Promise<void> {
  inWork = request.id;
  if (request.kind === 'open') {
    file = null;
    file = await openFile(request.path);
    answer(request.id, { kind: 'opened', opened: file.opened });
    return;
  }
  assert(file, 'no file is open');
  if (request.kind === 'group') await file.startGroup(request.rowStart, request.rowEnd);
  answer(request.id, { kind: 'rows', rows: file.more() });
}

port.on('message', (request: Request) => {
  serve(request).catch((error: unknown) => answerError(request.id, error));
});
