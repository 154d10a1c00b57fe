// Constants computed element by element.
import { elementCount } from '../../../../tensor/tensor.js';
import { computed, type Constant, type ConstantKind } from '../constant.js';
import type { Reading } from '../reading.js';
import { broadcast } from '../sizes.js';
import { kindOfType } from '../stored-tensor.js';
import type { Kernel } from './kernel.js';
import { Refusal } from '../refusal.js';
import { broadcastStrides, taken } from './strided.js';

const TRUTH: ConstantKind = 'bool';

/** f of each element. */
function unary(f: (x: number) => number, kind?: ConstantKind): Kernel {
  return (_, [x]) => {
    const { dims, numbers } = x as Constant;
    return [computed(kind ?? (x as Constant).kind, dims, () => numbers().map(f))];
  };
}

/** f of elements that meet by broadcasting. */
function binary(
  f: (a: number, b: number, isInteger: boolean) => number,
  kind?: ConstantKind,
): Kernel {
  return (_, inputs) => {
    const [a, ...others] = inputs as readonly Constant[];
    return [others.reduce((left, right) => combined(left, right, f, kind), a as Constant)];
  };
}

function combined(
  a: Constant,
  b: Constant,
  f: (a: number, b: number, isInteger: boolean) => number,
  kind: ConstantKind = a.kind,
): Constant {
  const dims = broadcast(a.dims, b.dims);
  return computed(kind, dims, () => {
    const left = taken(a.numbers(), dims, broadcastStrides(a.dims, dims));
    const right = taken(b.numbers(), dims, broadcastStrides(b.dims, dims));
    const isInteger = a.kind === 'int';
    return left.map((x, index) => f(x, right[index] as number, isInteger));
  });
}

/** Quotient as ONNX has it: integers are cut towards 0. */
function divided(a: number, b: number, isInteger: boolean): number {
  return isInteger ? Math.trunc(a / b) : a / b;
}

/** Remainder: of the divisor's sign, or with `fmod` of the dividend's. */
const remainder: Kernel = (reading, [a, b]) => {
  const isC = reading.number('fmod', 0) === 1;
  const f = (x: number, y: number): number => (isC ? x % y : x - y * Math.floor(x / y));
  return [combined(a as Constant, b as Constant, f)];
};

const power: Kernel = (_, [a, b]) => [combined(a as Constant, b as Constant, Math.pow)];

const where: Kernel = (_, inputs) => {
  const [condition, a, b] = inputs as readonly [Constant, Constant, Constant];
  const dims = broadcast(condition.dims, a.dims, b.dims);
  return [
    computed(a.kind, dims, () => {
      const [test, left, right] = [condition, a, b].map((each) =>
        taken(each.numbers(), dims, broadcastStrides(each.dims, dims)),
      ) as [Float64Array, Float64Array, Float64Array];
      return left.map((x, index) => (test[index] === 0 ? (right[index] as number) : x));
    }),
  ];
};

/** The same numbers as another kind: floats are cut towards 0. */
export function castTo(x: Constant, kind: ConstantKind): Constant {
  if (kind === x.kind) return x;
  const f = kind === 'bool' ? (v: number) => Number(v !== 0) : kind === 'int' ? Math.trunc : null;
  return computed(kind, x.dims, () => (f === null ? x.numbers() : x.numbers().map(f)));
}

const cast: Kernel = (reading, [x]) => {
  const kind = kindOfType(reading.number('to', 1));
  if (kind === null) throw new Refusal(`casts to the type ${reading.number('to', 1)}`);
  return [castTo(x as Constant, kind)];
};

const castLike: Kernel = (_, [x, like]) => [castTo(x as Constant, (like as Constant).kind)];

const clip: Kernel = (reading, inputs) => {
  const x = inputs[0] as Constant;
  const least = reading.numberOr('min', 1, -Infinity);
  const most = reading.numberOr('max', 2, Infinity);
  return [
    computed(x.kind, x.dims, () => x.numbers().map((v) => Math.min(Math.max(v, least), most))),
  ];
};

const softmax: Kernel = (reading: Reading, [x]) => {
  const { dims, kind, numbers } = x as Constant;
  const axis = reading.number('axis', -1);
  if (axis !== -1 && axis !== dims.length - 1) throw new Refusal('is a softmax of constants');
  const size = dims.at(-1) ?? 1;
  return [
    computed(kind, dims, () => {
      const data = numbers().slice();
      for (let row = 0; row < elementCount(dims); row += size) {
        const part = data.subarray(row, row + size);
        const most = part.reduce((a, b) => Math.max(a, b), -Infinity);
        const sum = part.reduce((total, v) => total + Math.exp(v - most), 0);
        part.forEach((v, index) => (part[index] = Math.exp(v - most) / sum));
      }
      return data;
    }),
  ];
};

/** Operators that compute element by element. */
export const arithmetic = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary(divided),
  Mod: remainder,
  Pow: power,
  Min: binary((a, b) => Math.min(a, b)),
  Max: binary((a, b) => Math.max(a, b)),
  Equal: binary((a, b) => Number(a === b), TRUTH),
  Less: binary((a, b) => Number(a < b), TRUTH),
  LessOrEqual: binary((a, b) => Number(a <= b), TRUTH),
  Greater: binary((a, b) => Number(a > b), TRUTH),
  GreaterOrEqual: binary((a, b) => Number(a >= b), TRUTH),
  And: binary((a, b) => Number(a !== 0 && b !== 0), TRUTH),
  Or: binary((a, b) => Number(a !== 0 || b !== 0), TRUTH),
  Xor: binary((a, b) => Number((a !== 0) !== (b !== 0)), TRUTH),
  Not: unary((x) => Number(x === 0), TRUTH),
  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Sign: unary(Math.sign),
  Sqrt: unary(Math.sqrt),
  Reciprocal: unary((x) => 1 / x),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sin: unary(Math.sin),
  Cos: unary(Math.cos),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  // Halves go to the even neighbour.
  Round: unary((x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))),
  Relu: unary((x) => Math.max(x, 0)),
  Sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  Tanh: unary(Math.tanh),
  Where: where,
  Cast: cast,
  CastLike: castLike,
  Clip: clip,
  Softmax: softmax,
} as const satisfies Readonly<Record<string, Kernel>>;
