// `lr_policy` of a solver file and the numbers that it reads.
import type { Fields } from './fields.js';
import type { Issues } from './issues.js';
import type { Place } from './tokens.js';

/** How the rate goes where it does not fall in steps; formulas as Caffe's. */
export type CaffePolicy =
  | { readonly kind: 'exp'; readonly gamma: number }
  | { readonly kind: 'inv'; readonly gamma: number; readonly power: number }
  | { readonly kind: 'poly'; readonly power: number }
  | { readonly kind: 'sigmoid'; readonly gamma: number; readonly stepSize: number };

/** What a solver file says of the rate. lr(t) = learningRate * gamma^(number of steps <= t), or as
 *  the policy says. */
export interface CaffeRate {
  readonly gamma: number;
  /** Iterations at which the rate is multiplied by gamma, ascending, all before the last. */
  readonly steps: readonly number[];
  /** Null: steps. */
  readonly policy: CaffePolicy | null;
}

/** Falls of the rate that a study can have. */
const MOST_STEPS = 1000;

const START: Place = { line: 1, column: 1 };

/** Policy of Caffe -> the fields that it cannot do without. */
const needs: Readonly<Record<string, readonly string[]>> = {
  fixed: [],
  step: ['gamma', 'stepsize'],
  multistep: ['gamma'],
  exp: ['gamma'],
  inv: ['gamma', 'power'],
  poly: ['power'],
  sigmoid: ['gamma', 'stepsize'],
};

/** Reads `lr_policy` with what it needs; what is wrong goes to `issues`. */
export function readRate(fields: Fields, iterations: number, issues: Issues): CaffeRate {
  const policy = fields.text('lr_policy') ?? 'fixed';
  const place = fields.placeOf(START, 'lr_policy');
  fields.one('stepsize');
  const listed = listedSteps(fields, issues);
  const gamma = fields.number(['gamma'], 1);
  const power = fields.number(['power'], 0);
  const still = { gamma, steps: [], policy: null };
  const wanted = needs[policy];
  if (wanted === undefined) {
    const names = Object.keys(needs).join(', ');
    issues.add(place, `lr_policy: found ${policy}, wanted one of ${names}`);
    return still;
  }
  if (wanted.includes('gamma') && fields.all('gamma').length === 0) {
    issues.add(place, `lr_policy ${policy} wants a gamma: without one Caffe sets the rate to 0`);
  }
  if (wanted.includes('power') && fields.all('power').length === 0) {
    issues.add(place, `lr_policy ${policy} wants a power: without one the rate never changes`);
  }
  switch (policy) {
    case 'exp':
      return { gamma: 1, steps: [], policy: { kind: 'exp', gamma } };
    case 'inv':
      return { gamma: 1, steps: [], policy: { kind: 'inv', gamma, power } };
    case 'poly':
      return { gamma: 1, steps: [], policy: { kind: 'poly', power } };
    case 'sigmoid': {
      const stepSize = sizeOfSteps(fields, policy, issues) ?? 1;
      return { gamma: 1, steps: [], policy: { kind: 'sigmoid', gamma, stepSize } };
    }
    case 'fixed':
      return still;
    default: {
      // Caffe does not come to steps past the end.
      const steps =
        policy === 'multistep'
          ? listed.filter((step) => step < iterations)
          : evenSteps(fields, iterations, issues);
      if (steps.length > MOST_STEPS) {
        issues.add(place, `found ${steps.length} stepvalues, wanted at most ${MOST_STEPS}`);
      }
      return { gamma, steps, policy: null };
    }
  }
}

function sizeOfSteps(fields: Fields, policy: string, issues: Issues): number | null {
  const size = fields.number(['stepsize'], null);
  const place = fields.placeOf(START, 'stepsize', 'lr_policy');
  if (size !== null && Number.isInteger(size) && size >= 1) return size;
  const found = size === null ? '' : `found ${size}, `;
  issues.add(place, `stepsize: ${found}wanted an integer of at least 1 for lr_policy ${policy}`);
  return null;
}

function evenSteps(fields: Fields, iterations: number, issues: Issues): readonly number[] {
  const size = sizeOfSteps(fields, 'step', issues);
  if (size === null) return [];
  const count = Math.max(0, Math.ceil(iterations / size) - 1);
  if (count <= MOST_STEPS) return Array.from({ length: count }, (_, index) => (index + 1) * size);
  issues.add(
    fields.placeOf(START, 'stepsize', 'lr_policy'),
    `stepsize: found ${size}, with which the rate falls ${count} times, wanted at most ${MOST_STEPS}`,
  );
  return [];
}

function listedSteps(fields: Fields, issues: Issues): readonly number[] {
  const steps = fields.numbers('stepvalue');
  const isWrong = steps.some(
    (step, index) => !Number.isInteger(step) || step <= (steps[index - 1] ?? 0),
  );
  if (isWrong) {
    issues.add(
      fields.placeOf(START, 'stepvalue'),
      `stepvalue: found ${steps.slice(0, 8).join(', ')}, wanted ascending integers of at least 1`,
    );
  }
  return steps;
}
