// A run's answers.bin: which images of its last test a network got right, a bit an image, and of
// which class each image is. All numbers little-endian:
//   "SELFFER ANSWERS1" (16 bytes); identity of the run and hash of its list of images, 32 bytes
//   each; u32 images, u32 runs of labels; each run as u32 label, u32 images in a row that have it;
//   the bits, image i in bit i mod 8 of byte floor(i / 8), the rest of the last byte 0;
//   SHA-256 of all before it (32 bytes).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../base/atomic-file.js';
import { RunStoreError } from '../base/errors.js';
import { systemError } from '../base/system-error.js';

/** So many images in a row of one label. */
export interface LabelRun {
  readonly label: number;
  readonly images: number;
}

/** Right and wrong answers to the images of one test, in the order of the task's validation
 *  images. */
export interface Answers {
  /** Hash of what decides which images these are, and in which order: only answers that agree in
   *  it can be compared image by image. 64 hex digits. */
  readonly imagesHash: string;
  readonly images: number;
  readonly labels: readonly LabelRun[];
  /** Bit i of it (see above) is 1 if image i was answered right. */
  readonly bits: Uint8Array;
}

const MAGIC = 'SELFFER ANSWERS1';
const HASH_BYTES = 32;
const COUNTS_AT = MAGIC.length + 2 * HASH_BYTES;
const RUNS_AT = COUNTS_AT + 8;
const HINT =
  'Remove the file: the study keeps its numbers, and loses what rests on single images of this network.';

/** Answers from one number an image: 1 right, 0 wrong.
 *  @param labels i32, as many */
export function packAnswers(
  imagesHash: string,
  labels: Int32Array,
  correct: ArrayLike<number>,
): Answers {
  const images = labels.length;
  const bits = new Uint8Array(Math.ceil(images / 8));
  for (let i = 0; i < images; i++) {
    if (correct[i] === 1) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  }
  const runs: { label: number; images: number }[] = [];
  for (const label of labels) {
    const last = runs.at(-1);
    if (last?.label === label) last.images += 1;
    else runs.push({ label, images: 1 });
  }
  return { imagesHash, images, labels: runs, bits };
}

/** Writes the answers of the run `identity` (64 hex digits) whole or not at all. */
export function writeAnswers(path: string, identity: string, answers: Answers): void {
  const { images, labels, bits } = answers;
  const head = Buffer.alloc(RUNS_AT + 8 * labels.length);
  head.write(MAGIC, 0, 'latin1');
  Buffer.from(hashOf(identity), 'hex').copy(head, MAGIC.length);
  Buffer.from(answers.imagesHash, 'hex').copy(head, MAGIC.length + HASH_BYTES);
  head.writeUInt32LE(images, COUNTS_AT);
  head.writeUInt32LE(labels.length, COUNTS_AT + 4);
  labels.forEach((run, at) => {
    head.writeUInt32LE(run.label, RUNS_AT + 8 * at);
    head.writeUInt32LE(run.images, RUNS_AT + 8 * at + 4);
  });
  const sum = createHash('sha256').update(head).update(bits).digest();
  writeFileAtomic(path, head, bits, sum);
}

/** The answers of the run `identity`; null if there are none, or they are of another run.
 *  @throws RunStoreError if the file is damaged */
export function readAnswers(path: string, identity: string): Answers | null {
  const file = bytesOf(path);
  if (file === null) return null;
  const body = file.subarray(0, Math.max(0, file.length - HASH_BYTES));
  if (file.length < RUNS_AT + HASH_BYTES || file.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new RunStoreError(`${path}: found something else, wanted answers of a test`, {
      hint: HINT,
    });
  }
  if (!createHash('sha256').update(body).digest().equals(file.subarray(body.length))) {
    throw damaged(path, 'was cut off or changed since it was written');
  }
  const hash = (at: number): string => file.toString('hex', at, at + HASH_BYTES);
  if (hash(MAGIC.length) !== hashOf(identity)) return null;
  const images = file.readUInt32LE(COUNTS_AT);
  const runs = file.readUInt32LE(COUNTS_AT + 4);
  const bitsAt = RUNS_AT + 8 * runs;
  if (body.length !== bitsAt + Math.ceil(images / 8)) {
    throw damaged(path, `does not hold what it says: ${images} images, ${runs} runs of labels`);
  }
  const labels = Array.from({ length: runs }, (_, run) => ({
    label: file.readUInt32LE(RUNS_AT + 8 * run),
    images: file.readUInt32LE(RUNS_AT + 8 * run + 4),
  }));
  const labelled = labels.reduce((sum, run) => sum + run.images, 0);
  if (labelled !== images) throw damaged(path, `has labels of ${labelled} of ${images} images`);
  const imagesHash = hash(MAGIC.length + HASH_BYTES);
  return { imagesHash, images, labels, bits: new Uint8Array(body.subarray(bitsAt)) };
}

// Identities are hashes; whatever else stands for one is hashed, so that it fits.
function hashOf(identity: string): string {
  if (/^[0-9a-f]{64}$/.test(identity)) return identity;
  return createHash('sha256').update(identity).digest('hex');
}

function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EISDIR') throw damaged(path, 'is a folder, wanted a file', cause);
    throw systemError(cause, path) ?? cause;
  }
}

function damaged(path: string, problem: string, cause?: unknown): RunStoreError {
  return new RunStoreError(`${path}: ${problem}`, { cause, hint: HINT });
}
