// What the thread that reads Parquet is asked, and what it answers.
import type { ImageColumns } from './parquet-columns.js';

/** A row. */
export interface Row {
  /** Of its image, in memory of their own; null if there is none. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** The image's path, as written; null if there is none. */
  readonly name: string | null;
  readonly label: unknown;
}

/** One request at a time; the thread answers each, by its number. */
export type Request = { readonly id: number } & Question;

/** What is asked. */
export type Question =
  /** Leave the file in hand, and open this one. */
  | { readonly kind: 'open'; readonly path: string }
  /** Start with another row group. */
  | { readonly kind: 'group'; readonly rowStart: number; readonly rowEnd: number }
  /** Some more of its rows; none are left once none come. */
  | { readonly kind: 'more' };

/** A file, opened. */
export interface Opened {
  readonly columns: ImageColumns;
  /** Row groups in order: rows, and bytes of the columns that are read, uncompressed. */
  readonly groups: readonly { readonly rows: number; readonly bytes: number }[];
}

/** `id`: the request's; `bytes`: read from the file since the last answer. */
export type Answer = { readonly id: number; readonly bytes: number } & Content;

/** What is answered. */
export type Content =
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  /** Of the file's content, as the library says it. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** Of ours, or of the system's, ready to be shown. */
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string | undefined };

/** What the thread sends besides its answers, once, at its start: the number by which the system
 *  knows it; null where that cannot be asked. */
export interface ThreadNumber {
  readonly kind: 'thread';
  readonly number: string | null;
}
