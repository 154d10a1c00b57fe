// The bytes of a file that should be an image: refused by the first of them if it is not one, so
// that a video or a backup among the images is never held in memory.
import { createHash } from 'node:crypto';
import { DataError } from '../../base/errors.js';
import { imageFormat } from '../images/image-format.js';

// More than any format needs to be recognised.
const HEAD_BYTES = 64;
// Notes and thumbnails are hashed all the same, without being held: data sets of version 0.1.0 are
// known by them.
const HASHED_BYTES = 2 ** 24;
// Beyond what 268 million pixels take in any of the formats.
const LARGEST_BYTES = 2 ** 30;

/** Collects a file piece by piece. */
export interface ImageCollector {
  /** Takes the next piece. @returns whether more of the file is wanted */
  take(piece: Uint8Array): boolean;
  /** The whole file.
   *  @throws DataError with a short reason if it cannot be an image; its `data` has the SHA-256 of
   *  the file, null if that is large */
  bytes(): Buffer;
}

/** Begins a file. */
export function imageCollector(): ImageCollector {
  const own = createHash('sha256');
  let pieces: Buffer[] = [];
  let length = 0;
  let isChecked = false;
  let refusal: DataError | null = null;
  let digest: string | null = null;
  const refuse = (error: DataError | null) => {
    refusal = error;
    if (error === null) return;
    for (const piece of pieces) own.update(piece);
    pieces = [];
  };
  const check = () => {
    isChecked = true;
    refuse(refusalOf(Buffer.concat(pieces).subarray(0, HEAD_BYTES), length));
  };
  return {
    take: (piece) => {
      length += piece.length;
      if (refusal === null) pieces.push(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
      else if (length <= HASHED_BYTES) own.update(piece);
      if (!isChecked && length >= HEAD_BYTES) check();
      else if (refusal === null && length > LARGEST_BYTES) refuse(tooLarge());
      return refusal === null || length < HASHED_BYTES;
    },
    bytes: () => {
      if (!isChecked) check();
      if (refusal !== null) {
        if (length <= HASHED_BYTES) digest ??= own.digest('hex');
        throw withHash(refusal, digest);
      }
      const [only] = pieces;
      const whole = pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
      pieces = [whole];
      return whole;
    },
  };
}

/** An open file, as `fs.open` gives it. */
interface OpenFile {
  read(into: Uint8Array, at: number, length: number, from: number): Promise<{ bytesRead: number }>;
  readFile(): Promise<Buffer>;
  createReadStream(options: { readonly autoClose: boolean }): AsyncIterable<Buffer>;
}

/** Reads a file if it begins as an image does.
 *  @param size its bytes   @throws DataError with a short reason if it cannot be an image */
export async function readImage(file: OpenFile, size: number): Promise<Buffer> {
  const head = new Uint8Array(HEAD_BYTES);
  const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
  const refusal = refusalOf(head.subarray(0, bytesRead), size);
  if (refusal === null) return file.readFile();
  if (size > HASHED_BYTES) throw withHash(refusal, null);
  const hash = createHash('sha256');
  for await (const piece of file.createReadStream({ autoClose: false })) hash.update(piece);
  throw withHash(refusal, hash.digest('hex'));
}

/** Why a file cannot be an image, by its first bytes and its size; null if it can. */
function refusalOf(head: Uint8Array, size: number): DataError | null {
  try {
    imageFormat(head);
    return size > LARGEST_BYTES ? tooLarge() : null;
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
}

/** Refuses a file that was left behind among images, whatever it holds; its hash is known all the
 *  same. @throws DataError in any case */
export async function refuseLeftBehind(reading: Promise<Uint8Array>, by: string): Promise<never> {
  const sha256 = await reading.then(
    (bytes) => createHash('sha256').update(bytes).digest('hex'),
    (error: unknown) => (error instanceof DataError ? (error.data['sha256'] ?? null) : null),
  );
  throw withHash(new DataError(`left behind by ${by}`), sha256 as string | null);
}

function withHash({ message }: DataError, sha256: string | null): DataError {
  return new DataError(message, { data: { sha256 } });
}

function tooLarge(): DataError {
  return new DataError('an image file of more than 1 GiB');
}
