// What is asked of packing, and what it tells meanwhile.
import type { HoldOut } from '../hold-out/held-out.js';
import type { ThreeParts } from '../hold-out/three-parts.js';
import type { Channels } from '../image-form.js';
import type { Resize } from '../images/resize.js';
import type { ImageSource } from '../source.js';

/** What to pack, and how. */
export interface PackRequest {
  readonly source: readonly string[];
  /** What relative sources start from. */
  readonly baseDirectory: string;
  /** Path of the store. */
  readonly out: string;
  /** Height = width of the records, in pixels. */
  readonly size: number;
  readonly resize: Resize;
  readonly records: 'raw' | 'jpeg';
  /** Channels to bring all images to; left out: those that they have, of folders 3. */
  readonly channels?: Channels;
  /** Training images to hold out for validation. */
  readonly holdOut?: HoldOut;
  /** Division in three parts instead. */
  readonly threeParts?: ThreeParts;
  /** Stop at the first file that cannot be used. */
  readonly isStrict: boolean;
  /** Milliseconds between the moments from which an interrupted pack resumes; default 2000. */
  readonly syncEveryMs?: number;
  /** Told of the sources as soon as they are opened, what each was recognised as. */
  readonly onSources?: (sources: readonly ImageSource[]) => void;
  /** Aborted: packing ends between two files, keeps what is done, and throws the signal's
   *  reason. */
  readonly stop?: AbortSignal;
}

/** How far packing is. */
export interface PackProgress {
  /** Files of this and earlier processes. */
  readonly files: number;
  /** Those of earlier processes. */
  readonly resumed: number;
  readonly skipped: number;
  /** Share of the source, 0..1: of its files where they are known beforehand, else of its bytes. */
  readonly fraction: number;
  /** Bytes of the store so far. */
  readonly storeBytes: number;
}
