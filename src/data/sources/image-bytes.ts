// The bytes of a file that should be an image: refused by the first of them if it is not one, so
// that a video or a backup among the images is never held in memory.
import { DataError } from '../../base/errors.js';
import { imageFormat } from '../images/image-format.js';

// More than any format needs to be recognised.
const HEAD_BYTES = 64;
// Beyond what 268 million pixels take in any of the formats.
const LARGEST_BYTES = 2 ** 30;

/** Collects a file piece by piece. */
export interface ImageCollector {
  /** Takes the next piece. @returns whether more of the file is wanted */
  take(piece: Uint8Array): boolean;
  /** The whole file. @throws DataError with a short reason if it cannot be an image */
  bytes(): Buffer;
}

/** Begins a file. */
export function imageCollector(): ImageCollector {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let isChecked = false;
  let refusal: unknown = null;
  const refuse = (error: unknown) => {
    refusal = error;
    pieces = [];
  };
  const check = () => {
    isChecked = true;
    try {
      refuseForeign(Buffer.concat(pieces).subarray(0, HEAD_BYTES), length);
    } catch (error) {
      refuse(error);
    }
  };
  return {
    take: (piece) => {
      if (refusal !== null) return false;
      pieces.push(piece);
      length += piece.length;
      if (!isChecked && length >= HEAD_BYTES) check();
      else if (length > LARGEST_BYTES) refuse(tooLarge());
      return refusal === null;
    },
    bytes: () => {
      if (!isChecked) check();
      if (refusal !== null) throw refusal;
      const [only] = pieces;
      const whole = pieces.length === 1 && only instanceof Buffer ? only : Buffer.concat(pieces);
      pieces = [whole];
      return whole;
    },
  };
}

/** @param head the first bytes of a file, 64 or all of them   @param size bytes of the file
 *  @throws DataError with a short reason unless they are those of an image of bearable size */
export function refuseForeign(head: Uint8Array, size: number): void {
  imageFormat(head);
  if (size > LARGEST_BYTES) throw tooLarge();
}

function tooLarge(): DataError {
  return new DataError('an image file of more than 1 GiB');
}
