// What an image looks like, in a few words of memory.
import { imageValues } from '../image-form.js';
import { decodeInto } from '../images/decode.js';
import { putRecord, type RecordForm, type Rendering } from '../images/record.js';
import { differenceHash, HASH_WORDS, LEAST_STRUCTURE } from '../info/difference-hash.js';

/** See {@link differenceHash}. */
export interface Look {
  /** Words of the hash, u32. */
  readonly hash: readonly number[];
  /** Whether it has enough structure to be compared. */
  readonly isJudged: boolean;
}

/** What the image of a record looks like. */
export async function lookOf(rendering: Rendering, form: RecordForm): Promise<Look> {
  const pixels = new Uint8Array(imageValues(form));
  if (form.records === 'jpeg') await decodeInto(rendering.data, form, pixels);
  else putRecord(rendering, form.channels, pixels);
  const hash = new Uint32Array(HASH_WORDS);
  const clear = differenceHash(pixels, form, hash, 0);
  return { hash: [...hash], isJudged: clear >= LEAST_STRUCTURE };
}
