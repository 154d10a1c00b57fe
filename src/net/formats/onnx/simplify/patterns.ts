// Operators that exporters spell out as arithmetic, found again: HardSwish, SiLU, GELU,
// HardSigmoid, layer normalisation.
import { elementCount } from '../../../../tensor/tensor.js';
import { scalarOf } from '../constant.js';
import type { Attribute, Node } from '../graph.js';
import type { GraphView } from './graph-view.js';

/** One node in place of several that end with `node`; null if they are not the pattern. */
export type Pattern = (node: Node, view: GraphView) => Node | null;

/** All patterns, the simpler ones first: later ones find what they made. */
export const patterns: readonly Pattern[] = [hardSigmoid, gated, layerNorm];

function replacement(
  { name, outputs, scopes }: Node,
  op: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Node {
  const entries = new Map(Object.entries(attributes));
  return { op, domain: '', name, inputs, outputs, scopes, attributes: entries };
}

/** Equal up to the rounding of float32. */
function isNear(found: number | null, wanted: number): boolean {
  return found !== null && Math.abs(found - wanted) <= 1e-4 * Math.abs(wanted);
}

/** x and c of x + c, c a number; null if `value` is no such sum. */
function shifted(value: string, view: GraphView): readonly [x: string, c: number] | null {
  const node = view.alone(value, 'Add');
  if (node === null) return null;
  const [a = '', b = ''] = node.inputs;
  const [left, right] = [scalarOf(view.constant(a)), scalarOf(view.constant(b))];
  if (right !== null && left === null) return [a, right];
  return left !== null && right === null ? [b, left] : null;
}

/** x of clip(x + 3, 0, 6). */
function clippedAround3(value: string, view: GraphView): string | null {
  const node = view.alone(value, 'Clip');
  if (node === null) return null;
  const reading = view.reading(node);
  if (reading.numberOr('min', 1, NaN) !== 0 || reading.numberOr('max', 2, NaN) !== 6) return null;
  const sum = shifted(node.inputs[0] ?? '', view);
  return sum !== null && isNear(sum[1], 3) ? sum[0] : null;
}

/** clip(x + 3, 0, 6) / 6. */
function hardSigmoid(node: Node, view: GraphView): Node | null {
  const product = view.product(node);
  if (product === null || product.factors.length !== 1 || !isNear(product.scale, 1 / 6))
    return null;
  const x = clippedAround3(product.factors[0] as string, view);
  if (x === null) return null;
  return replacement(node, 'HardSigmoid', [x], { alpha: 1 / 6, beta: 0.5 });
}

/** x times a gate that is a function of x: SiLU, HardSwish, GELU. */
function gated(node: Node, view: GraphView): Node | null {
  const product = view.product(node);
  if (product === null || product.factors.length !== 2) return null;
  const [first, second] = product.factors as readonly [string, string];
  return gatedBy(node, first, second, view) ?? gatedBy(node, second, first, view);

  function gatedBy(at: Node, x: string, gate: string, graph: GraphView): Node | null {
    const scale = product?.scale ?? 1;
    const sigmoid = graph.alone(gate, 'Sigmoid');
    if (sigmoid?.inputs[0] === x && scale === 1) return replacement(at, 'Silu', [x]);
    if (isHardSigmoidOf(gate, x, graph) && scale === 1) return replacement(at, 'HardSwish', [x]);
    if (isNear(scale, 1 / 6) && clippedAround3(gate, graph) === x) {
      return replacement(at, 'HardSwish', [x]);
    }
    if (isNear(scale, 0.5) && isErfGate(gate, x, graph)) return replacement(at, 'Gelu', [x]);
    return null;
  }
}

function isHardSigmoidOf(gate: string, x: string, view: GraphView): boolean {
  const node = view.alone(gate, 'HardSigmoid');
  if (node?.inputs[0] !== x) return false;
  const reading = view.reading(node);
  return isNear(reading.number('alpha', 0.2), 1 / 6) && reading.number('beta', 0.5) === 0.5;
}

/** 1 + erf(x / sqrt 2). */
function isErfGate(gate: string, x: string, view: GraphView): boolean {
  const sum = shifted(gate, view);
  const erf = sum !== null && isNear(sum[1], 1) ? view.alone(sum[0], 'Erf') : null;
  const inside = erf === null ? undefined : view.producer(erf.inputs[0] ?? '');
  const product = inside === undefined ? null : view.product(inside);
  return (
    product !== null &&
    product.factors.length === 1 &&
    product.factors[0] === x &&
    isNear(product.scale, Math.SQRT1_2)
  );
}

/** d / sqrt(mean(d^2) + epsilon) with d = x - mean(x), the means over the last axes. */
function layerNorm(node: Node, view: GraphView): Node | null {
  if (node.op !== 'Div') return null;
  const [difference = '', root = ''] = node.inputs;
  const sub = view.producer(difference);
  const [x = '', mean = ''] = sub?.op === 'Sub' ? sub.inputs : [];
  const axis = lastAxes(mean, x, view);
  const sqrt = view.alone(root, 'Sqrt');
  const sum = sqrt === null ? null : shifted(sqrt.inputs[0] ?? '', view);
  if (axis === null || sum === null) return null;
  const square = view.alone(sum[0], 'ReduceMean')?.inputs[0] ?? '';
  if (lastAxes(sum[0], square, view) !== axis || !isSquareOf(square, difference, view)) return null;
  return replacement(node, 'LayerNormalization', [x], { axis, epsilon: sum[1] });
}

function isSquareOf(square: string, of: string, view: GraphView): boolean {
  const node = view.producer(square);
  if (node?.op === 'Mul') return node.inputs.every((input) => input === of);
  const [base = '', exponent = ''] = node?.op === 'Pow' ? node.inputs : [];
  return base === of && scalarOf(view.constant(exponent)) === 2;
}

/** The first of the last axes over which `value` is the mean of x, with the axes kept. */
function lastAxes(value: string, x: string, view: GraphView): number | null {
  const node = view.producer(value);
  const rank = view.dims(x)?.length ?? 0;
  if (node?.op !== 'ReduceMean' || node.inputs[0] !== x) return null;
  const reading = view.reading(node);
  const axes = (reading.listOr('axes', 1) ?? []).map((axis) => (axis < 0 ? axis + rank : axis));
  const first = rank - axes.length;
  const isLast = axes.length > 0 && axes.toSorted((a, b) => a - b).every((a, i) => a === first + i);
  const keeps = reading.number('keepdims', 1) === 1;
  return isLast && keeps && elementCount(view.dims(x) ?? []) > 0 ? first : null;
}
