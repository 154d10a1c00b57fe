// Features as a matrix: a row an image.

/** A matrix in row-major order. */
export interface Rows {
  /** f32 or f64 [count, width], finite. */
  readonly values: Float32Array | Float64Array;
  readonly count: number;
  readonly width: number;
}

/** Rows with the number of the class that each belongs to. */
export interface LabelledRows {
  readonly rows: Rows;
  /** i32 [count], 0 .. classes - 1. */
  readonly labels: Int32Array;
  /** C >= 2. */
  readonly classes: number;
}

/** The rows of these numbers, in their order. @param indices integers below rows.count */
function pickRows(rows: Rows, indices: readonly number[]): Rows {
  const { values: from, width } = rows;
  const values = from.constructor === Float32Array ? Float32Array : Float64Array;
  const picked = new values(indices.length * width);
  indices.forEach((index, at) => {
    picked.set(from.subarray(index * width, (index + 1) * width), at * width);
  });
  return { values: picked, count: indices.length, width };
}

/** The same rows and labels of these numbers. */
export function pickLabelled(data: LabelledRows, indices: readonly number[]): LabelledRows {
  const labels = Int32Array.from(indices, (index) => data.labels[index] as number);
  return { rows: pickRows(data.rows, indices), labels, classes: data.classes };
}
