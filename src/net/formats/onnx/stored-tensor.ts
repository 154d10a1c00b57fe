// Tensors as ONNX files hold them: inside the file, raw or number by number, or in files beside it,
// of which only the bytes of one tensor are read at a time.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { type TensorProto, TensorProto_DataLocation as Location } from 'onnx-buf';
import { TensorProto_DataType as Type } from 'onnx-buf';
import { DataError } from '../../../base/errors.js';
import { elementCount, type Shape } from '../../../tensor/tensor.js';
import { computed, type Constant, type ConstantKind } from './constant.js';

/** How the elements of one type are stored. */
interface Stored {
  readonly kind: ConstantKind;
  readonly bytes: number;
  /** @param view all elements, little-endian   @param at the place of one in bytes */
  readonly read: (view: DataView, at: number) => number;
}

const stored: { readonly [type: number]: Stored } = {
  [Type.FLOAT]: { kind: 'f32', bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  [Type.DOUBLE]: { kind: 'f64', bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  [Type.FLOAT16]: { kind: 'f32', bytes: 2, read: (view, at) => halfOf(view.getUint16(at, true)) },
  [Type.BFLOAT16]: { kind: 'f32', bytes: 2, read: (view, at) => brainOf(view.getUint16(at, true)) },
  [Type.INT8]: { kind: 'int', bytes: 1, read: (view, at) => view.getInt8(at) },
  [Type.UINT8]: { kind: 'int', bytes: 1, read: (view, at) => view.getUint8(at) },
  [Type.INT16]: { kind: 'int', bytes: 2, read: (view, at) => view.getInt16(at, true) },
  [Type.UINT16]: { kind: 'int', bytes: 2, read: (view, at) => view.getUint16(at, true) },
  [Type.INT32]: { kind: 'int', bytes: 4, read: (view, at) => view.getInt32(at, true) },
  [Type.UINT32]: { kind: 'int', bytes: 4, read: (view, at) => view.getUint32(at, true) },
  [Type.INT64]: { kind: 'int', bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  [Type.UINT64]: { kind: 'int', bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  [Type.BOOL]: { kind: 'bool', bytes: 1, read: (view, at) => Number(view.getUint8(at) !== 0) },
};

/** The kind of constants that a type of ONNX becomes; null for texts, float8 and other types that
 *  no classifier needs. */
export function kindOfType(type: number): ConstantKind | null {
  return stored[type]?.kind ?? null;
}

/** The tensors of one ONNX file. */
export class TensorFiles {
  readonly #path: string;
  readonly #problems: Map<string, string>;

  /** @param path of the ONNX file   @param problems takes what is wrong with tensors, by the file
   *  or tensor that it is about: one sentence each */
  constructor(path: string, problems: Map<string, string>) {
    this.#path = path;
    this.#problems = problems;
  }

  /** A tensor as a constant. What is wrong with it is noted now; its numbers are read later. */
  constant(tensor: TensorProto): Constant {
    const dims = tensor.dims.map(Number);
    const type = stored[tensor.dataType];
    if (type === undefined) {
      this.#problems.set(
        tensor.name,
        `tensor "${tensor.name}" has the element type ${Type[tensor.dataType] ?? tensor.dataType}, which Selffer does not read`,
      );
      return computed('f32', dims, () => new Float64Array(elementCount(dims)));
    }
    const read =
      tensor.dataLocation === Location.EXTERNAL
        ? this.#external(tensor, dims, type)
        : this.#internal(tensor, dims, type);
    return computed(type.kind, dims, read, tensor.name);
  }

  /** Numbers that an attribute gives, a list or one. */
  written(kind: ConstantKind, value: number | readonly number[]): Constant {
    const values = [value].flat();
    const dims = typeof value === 'number' ? [] : [values.length];
    return computed(kind, dims, () => Float64Array.from(values));
  }

  #internal(tensor: TensorProto, dims: Shape, type: Stored): () => Float64Array {
    const count = elementCount(dims);
    const { rawData } = tensor;
    const typed = typedData(tensor);
    const found = rawData.length > 0 ? rawData.length / type.bytes : typed.length;
    if (found !== count) {
      this.#problems.set(
        tensor.name,
        `tensor "${tensor.name}" of the shape [${dims.join(',')}] has ${found} numbers, wanted ${count}`,
      );
    }
    if (rawData.length > 0) return () => decoded(rawData, type);
    return () => Float64Array.from(typed);
  }

  #external(tensor: TensorProto, dims: Shape, type: Stored): () => Float64Array {
    const said = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
    const location = said.get('location') ?? '';
    const offset = Number(said.get('offset') ?? 0);
    const length = elementCount(dims) * type.bytes;
    const file = join(dirname(this.#path), location);
    const problem = placeProblem(location) ?? sizeProblem(file, offset + length, tensor.name);
    if (problem !== null) this.#problems.set(location, problem);
    return () => decoded(bytesOf(file, offset, length), type);
  }
}

function decoded(bytes: Uint8Array, { bytes: size, read }: Stored): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Float64Array(Math.floor(bytes.length / size));
  for (let index = 0; index < numbers.length; index++) numbers[index] = read(view, index * size);
  return numbers;
}

/** Numbers that are written one by one; small types are stored as int32. */
function typedData(tensor: TensorProto): readonly number[] {
  const { dataType, floatData, doubleData, int32Data, int64Data, uint64Data } = tensor;
  if (dataType === Type.FLOAT) return floatData;
  if (dataType === Type.DOUBLE) return doubleData;
  if (dataType === Type.INT64) return int64Data.map(Number);
  if (dataType === Type.UINT64 || dataType === Type.UINT32) return uint64Data.map(Number);
  if (dataType === Type.FLOAT16) return int32Data.map(halfOf);
  if (dataType === Type.BFLOAT16) return int32Data.map(brainOf);
  return int32Data;
}

// What a downloaded file names must not make us read other files of the machine.
function placeProblem(location: string): string | null {
  const path = normalize(location);
  if (location !== '' && !isAbsolute(location) && path !== '..' && !path.startsWith(`..${sep}`)) {
    return null;
  }
  return `its weights are said to lie in "${location}", which is outside of its folder; wanted a file beside it`;
}

function sizeProblem(file: string, wanted: number, tensor: string): string | null {
  try {
    const { size } = statSync(file);
    return size >= wanted
      ? null
      : `${file} has ${size} bytes, wanted ${wanted} for the tensor "${tensor}": it was not copied whole, or belongs to another network`;
  } catch {
    return `its weights lie in ${file}, which is not there: copy both files, or export with external_data=False`;
  }
}

function bytesOf(file: string, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const handle = openSync(file, 'r');
  try {
    for (let done = 0; done < length;) {
      const count = readSync(handle, bytes, done, Math.min(length - done, 1 << 30), offset + done);
      if (count === 0) {
        throw new DataError(`${file}: found its end, wanted ${length} bytes from ${offset} on`);
      }
      done += count;
    }
  } finally {
    closeSync(handle);
  }
  return bytes;
}

const bits = new DataView(new ArrayBuffer(4));

function brainOf(value: number): number {
  bits.setUint32(0, value << 16);
  return bits.getFloat32(0);
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
function halfOf(value: number): number {
  const sign = (value & 0x8000) === 0 ? 1 : -1;
  const exponent = (value >> 10) & 0x1f;
  const fraction = value & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
