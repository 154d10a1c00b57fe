// The little of MATLAB's files (version 5 to 7.2) that a devkit's meta.mat needs: numbers and texts
// in an array of structures.
// Source: MathWorks, MAT-File Format (level 5). There is no library for it on npm under a licence
// that fits ours.
import { inflateSync } from 'node:zlib';
import { DataError } from '../../base/errors.js';

/** A 1x1 number, a row of characters, or null for everything else (arrays, cells, nested
 *  structures). */
export type MatValue = number | string | null;

/** Data types of the format: bytes of one value and how it is read. */
const NUMBERS: Readonly<Record<number, readonly [bytes: number, read: NumberReader]>> = {
  1: [1, (view, at) => view.getInt8(at)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at, little) => view.getInt16(at, little)],
  4: [2, (view, at, little) => view.getUint16(at, little)],
  5: [4, (view, at, little) => view.getInt32(at, little)],
  6: [4, (view, at, little) => view.getUint32(at, little)],
  7: [4, (view, at, little) => view.getFloat32(at, little)],
  9: [8, (view, at, little) => view.getFloat64(at, little)],
  12: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  13: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
};
type NumberReader = (view: DataView, at: number, little: boolean) => number;

const [MATRIX, COMPRESSED, UTF8, UTF16] = [14, 15, 16, 17];
const [STRUCTURE, CHARACTERS, DOUBLE, LAST_NUMBER] = [2, 4, 6, 15];
const HEADER_BYTES = 128;

interface Element {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** The structures of the array `name` in a MAT-file, in order, each with its numbers and texts by
 *  field.
 *  @param where the file, for messages
 *  @throws DataError if this is not such a file, is damaged, or has no such array */
export function readMatStructures(
  bytes: Uint8Array,
  name: string,
  where: string,
): Record<string, MatValue>[] {
  const little = readHeader(bytes, where);
  try {
    for (const element of elements(bytes.subarray(HEADER_BYTES), little)) {
      const plain =
        element.type === COMPRESSED ? onlyElement(inflateSync(element.bytes), little) : element;
      const matrix = plain.type === MATRIX ? readMatrix(plain.bytes, little) : null;
      if (matrix?.name === name && matrix.kind === STRUCTURE) return readStructures(matrix, little);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`${where}: a damaged MATLAB file (${reason})`, {
      hint: 'Unpack or copy the devkit again.',
      cause,
    });
  }
  throw new DataError(`${where}: no array of structures "${name}" in this MATLAB file`);
}

/** Whether numbers are little-endian. */
function readHeader(bytes: Uint8Array, where: string): boolean {
  const order = String.fromCharCode(bytes[126] ?? 0, bytes[127] ?? 0);
  if (order !== 'IM' && order !== 'MI') throw new DataError(`${where}: not a MATLAB file`);
  const generation = order === 'IM' ? bytes[125] : bytes[124];
  if (generation !== 1) {
    throw new DataError(`${where}: a MATLAB file of version 7.3 or later, wanted 5 to 7.2`, {
      hint: 'In MATLAB: save(name, "-v7").',
    });
  }
  return order === 'IM';
}

// A tag of 8 bytes (type, length), the data, zeros up to a multiple of 8. Up to 4 bytes of data fit
// into the tag itself.
function* elements(bytes: Uint8Array, little: boolean): Generator<Element> {
  const view = viewOf(bytes);
  for (let at = 0; at + 8 <= bytes.length;) {
    const word = view.getUint32(at, little);
    const isSmall = word >>> 16 !== 0;
    const length = isSmall ? word >>> 16 : view.getUint32(at + 4, little);
    const start = at + (isSmall ? 4 : 8);
    if (start + length > bytes.length) throw new DataError('it ends too early');
    const type = isSmall ? word & 0xffff : word;
    yield { type, bytes: bytes.subarray(start, start + length) };
    if (isSmall) at += 8;
    else at = start + (type === COMPRESSED ? length : Math.ceil(length / 8) * 8);
  }
}

function onlyElement(bytes: Uint8Array, little: boolean): Element {
  return next(elements(bytes, little));
}

function next(rest: Generator<Element>): Element {
  const { value } = rest.next() as { value: Element | undefined };
  if (value === undefined) throw new DataError('it ends too early');
  return value;
}

interface Matrix {
  readonly kind: number;
  readonly count: number;
  readonly name: string;
  /** What follows flags, dimensions and name. */
  readonly rest: Generator<Element>;
}

function readMatrix(bytes: Uint8Array, little: boolean): Matrix {
  const rest = elements(bytes, little);
  const [flags = 0] = numbersOf(next(rest), little);
  const count = numbersOf(next(rest), little).reduce((product, length) => product * length, 1);
  const name = latin1(next(rest).bytes);
  return { kind: flags & 0xff, count, name, rest };
}

function readStructures({ count, rest }: Matrix, little: boolean): Record<string, MatValue>[] {
  const [width = 0] = numbersOf(next(rest), little);
  const names = latin1(next(rest).bytes);
  const fields: string[] = [];
  for (let at = 0; width > 0 && at < names.length; at += width) {
    fields.push(names.slice(at, at + width).replace(/\0.*$/s, ''));
  }
  return Array.from({ length: count }, () =>
    Object.fromEntries(fields.map((field) => [field, readValue(next(rest), little)])),
  );
}

function readValue(element: Element, little: boolean): MatValue {
  if (element.type !== MATRIX || element.bytes.length === 0) return null;
  const { kind, count, rest } = readMatrix(element.bytes, little);
  if (kind === CHARACTERS) return count === 0 ? '' : textOf(next(rest), little);
  if (kind < DOUBLE || kind > LAST_NUMBER || count !== 1) return null;
  return numbersOf(next(rest), little)[0] ?? null;
}

function textOf(element: Element, little: boolean): string {
  if (element.type === UTF8) return Buffer.from(element.bytes).toString('utf8');
  const units = numbersOf(element.type === UTF16 ? { ...element, type: 4 } : element, little);
  return units.map((unit) => String.fromCharCode(unit)).join('');
}

function numbersOf({ type, bytes }: Element, little: boolean): number[] {
  const format = NUMBERS[type];
  if (format === undefined) throw new DataError(`data type ${type} where numbers should be`);
  const [size, read] = format;
  const view = viewOf(bytes);
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, at) =>
    read(view, at * size, little),
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
