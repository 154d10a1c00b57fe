// L-BFGS: minimises a smooth function of many variables from its gradient alone.
import { dot } from './dot.js';

/** f(x), and its gradient written to `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** How {@link minimise} goes on and when it ends. */
export interface LbfgsOptions {
  /** f64 [n], > 0: about the second derivative along each variable. Well-scaled variables need few
   *  iterations; a common factor does not matter. */
  readonly curvature: Float64Array;
  /** Ends when no |df/dx_i| is above it. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** Where {@link minimise} ended. */
export interface Minimum {
  readonly value: number;
  readonly iterations: number;
  /** False if the iterations ran out, or no step lowered f, before the gradient was small. */
  readonly hasConverged: boolean;
}

/** Steps whose gradient differences are kept. */
const memory = 10;

/** L-BFGS with the last 10 steps, started from a diagonal Hessian, and a line search that halves
 *  the step until f falls enough (Armijo, 1e-4). f should be convex and differentiable.
 *  @param x f64 [n], the start; becomes the minimum
 *  @source Liu & Nocedal 1989, Mathematical Programming 45:503. */
export function minimise(objective: Objective, x: Float64Array, options: LbfgsOptions): Minimum {
  const history: Step[] = [];
  let gradient: Float64Array = new Float64Array(x.length);
  let value = objective(x, gradient);
  for (let iteration = 0; iteration < options.maxIterations; iteration++) {
    if (largest(gradient) <= options.tolerance) {
      return { value, iterations: iteration, hasConverged: true };
    }
    const direction = descent(gradient, history, options.curvature);
    const next = lineSearch(objective, { x, value, gradient, direction });
    if (next === null) return { value, iterations: iteration, hasConverged: false };
    remember(history, { from: x, to: next.x, before: gradient, after: next.gradient });
    x.set(next.x);
    ({ value, gradient } = next);
  }
  const hasConverged = largest(gradient) <= options.tolerance;
  return { value, iterations: options.maxIterations, hasConverged };
}

interface Step {
  /** x' - x, g' - g and 1 / (their product). */
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  readonly weight: number;
}

interface Point {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly direction: Float64Array;
}

function lineSearch(objective: Objective, { x, value, gradient, direction }: Point) {
  const slope = dot(gradient, direction);
  // Near the minimum f falls by less than its own rounding.
  const rounding = 4 * Number.EPSILON * Math.abs(value);
  const next = new Float64Array(x.length);
  const nextGradient = new Float64Array(x.length);
  for (let size = 1; size > 1e-12; size /= 2) {
    for (let at = 0; at < x.length; at++) {
      next[at] = (x[at] as number) + size * (direction[at] as number);
    }
    const nextValue = objective(next, nextGradient);
    if (nextValue <= value + 1e-4 * size * slope + rounding) {
      return { x: next, value: nextValue, gradient: nextGradient };
    }
  }
  return null;
}

interface Move {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
}

function remember(history: Step[], { from, to, before, after }: Move): void {
  const moved = difference(to, from);
  const turned = difference(after, before);
  const product = dot(moved, turned);
  // Rounding only: the step says nothing about the curvature.
  if (product <= 1e-14 * dot(turned, turned)) return;
  history.push({ moved, turned, weight: 1 / product });
  if (history.length > memory) history.shift();
}

// -H g by the two-loop recursion, H starting from the diagonal.
function descent(
  gradient: Float64Array,
  history: readonly Step[],
  curvature: Float64Array,
): Float64Array {
  const out = Float64Array.from(gradient, (value) => -value);
  const factors = history.map(() => 0);
  for (let at = history.length - 1; at >= 0; at--) {
    const { moved, turned, weight } = history[at] as Step;
    const factor = weight * dot(moved, out);
    factors[at] = factor;
    addScaled(out, turned, -factor);
  }
  const scale = startingScale(history.at(-1), curvature);
  for (let at = 0; at < out.length; at++) {
    out[at] = ((out[at] as number) * scale) / (curvature[at] as number);
  }
  history.forEach(({ moved, turned, weight }, at) => {
    addScaled(out, moved, (factors[at] as number) - weight * dot(turned, out));
  });
  return out;
}

// s.y / y.D^-1.y: the last step's curvature in units of D.
function startingScale(last: Step | undefined, curvature: Float64Array): number {
  if (last === undefined) return 1;
  let weighted = 0;
  for (let at = 0; at < curvature.length; at++) {
    weighted += (last.turned[at] as number) ** 2 / (curvature[at] as number);
  }
  return 1 / (last.weight * weighted);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function difference(first: Float64Array, second: Float64Array): Float64Array {
  return first.map((value, at) => value - (second[at] as number));
}

function addScaled(into: Float64Array, from: Float64Array, factor: number): void {
  for (let at = 0; at < into.length; at++) {
    into[at] = (into[at] as number) + factor * (from[at] as number);
  }
}
