// The header of a safetensors file, checked as strictly as the original library does: offsets
// ascend without holes or overlaps, agree with dtype and shape, and cover the file to its last
// byte.
import { RunStoreError } from '../base/errors.js';

/** Element types that are read and written. */
export type StoredDType = 'F32' | 'F64' | 'I32' | 'I64' | 'U8';

/** One tensor's place in a file, in bytes from the file's start. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A checked header; tensors in the order of their data. */
export interface SafetensorsHeader {
  readonly tensors: readonly StoredTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

const BYTES: Readonly<Record<StoredDType, number>> = { F32: 4, F64: 8, I32: 4, I64: 8, U8: 1 };
// The original library's limit; a longer one is garbage read as a length.
const LONGEST_HEADER = 100_000_000;

/** Reads and checks the header of a file of `size` bytes through `read(at, length)`.
 *  @throws RunStoreError naming `path` and the first thing found wrong */
export function parseHeader(
  path: string,
  size: number,
  read: (at: number, length: number) => Uint8Array<ArrayBuffer>,
): SafetensorsHeader {
  const damaged = (found: string, cause?: unknown): never => {
    throw new RunStoreError(`${path}: not a whole safetensors file: ${found}`, { cause });
  };
  if (size < 8) damaged(`it has ${size} bytes, wanted at least 8`);
  const length = Number(new DataView(read(0, 8).buffer).getBigUint64(0, true));
  if (length > LONGEST_HEADER || 8 + length > size) {
    damaged(`its header should have ${length} bytes, the file has ${size}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(read(8, length)));
  } catch (cause) {
    damaged('its header is not JSON', cause);
  }
  if (!isRecord(json)) return damaged('its header is not a JSON object');
  const { __metadata__: metadata = {}, ...entries } = json;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    damaged('its __metadata__ is not a map of texts');
  }
  const tensors = Object.entries(entries)
    .map(([name, entry]) => tensorEntry(name, entry, 8 + length, damaged))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 8 + length;
  for (const tensor of tensors) {
    if (tensor.begin !== end) {
      damaged(`tensor "${tensor.name}" begins at byte ${tensor.begin}, wanted ${end}`);
    }
    end = tensor.end;
  }
  if (end !== size) damaged(`it has ${size} bytes, its header speaks of ${end}`);
  return { tensors, metadata: metadata as Record<string, string> };
}

function tensorEntry(
  name: string,
  entry: unknown,
  dataStart: number,
  damaged: (found: string) => never,
): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    return damaged(`the entry of tensor "${name}" is malformed`);
  }
  if (!Object.hasOwn(BYTES, dtype)) {
    return damaged(`tensor "${name}" is ${dtype}, wanted ${Object.keys(BYTES).join(', ')}`);
  }
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, axis) => product * axis, BYTES[dtype as StoredDType]);
  if (end - begin !== bytes) {
    damaged(
      `tensor "${name}" ${dtype}[${shape.join(',')}] has ${end - begin} bytes, wanted ${bytes}`,
    );
  }
  return {
    name,
    dtype: dtype as StoredDType,
    shape,
    begin: dataStart + begin,
    end: dataStart + end,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
