// Numbers of an ONNX file that do not depend on the images: weights, axes, shapes. They are read
// when somebody asks for them, so a file of gigabytes costs no memory while it is checked.
import { elementCount, type Shape } from '../../../tensor/tensor.js';

/** What a constant holds. `f32` stands for every kind of float but float64: it is rounded to
 *  float32. Integers beyond 2^53 keep their size, not their last digits. */
export type ConstantKind = 'f32' | 'f64' | 'int' | 'bool';

/** A constant of a file, or one computed from such. */
export interface Constant {
  readonly kind: ConstantKind;
  readonly dims: Shape;
  /** Its elements in row-major order; do not change them.
   *  @throws FileError, DataError if its file cannot be read */
  readonly numbers: () => Float64Array;
  /** Name of the tensor of the file that it is, bit for bit; null if it was computed. */
  readonly stored: string | null;
}

// Small constants are asked for again and again while a graph is folded.
const KEPT = 65_536;

/** A constant whose numbers are computed when they are wanted. */
export function computed(
  kind: ConstantKind,
  dims: Shape,
  compute: () => Float64Array,
  stored: string | null = null,
): Constant {
  let kept: Float64Array | null = null;
  const numbers = (): Float64Array => {
    if (kept !== null) return kept;
    const data = rounded(kind, compute());
    if (data.length <= KEPT) kept = data;
    return data;
  };
  return { kind, dims, numbers, stored };
}

/** Whole numbers as a constant: a list, or a scalar. */
export function integers(values: readonly number[], dims: Shape = [values.length]): Constant {
  return computed('int', dims, () => Float64Array.from(values));
}

/** The only element of a constant that has one; null if it has more or fewer. */
export function scalarOf(constant: Constant | null): number | null {
  if (constant === null || elementCount(constant.dims) !== 1) return null;
  return constant.numbers()[0] ?? null;
}

// Arithmetic in float64 on float32 numbers, rounded once, is what float32 hardware gives.
function rounded(kind: ConstantKind, data: Float64Array): Float64Array {
  return kind === 'f32' ? Float64Array.from(new Float32Array(data)) : data;
}
