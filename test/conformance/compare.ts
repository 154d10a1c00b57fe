// Comparison of one output with the reference. Shapes and dtypes first; NaN equals nothing; a
// reference that is nearly all zeros says nothing.
import { formatType, type HostTensor, sameShape } from '../../src/tensor/tensor.js';
import { type Limit, u } from './problem.js';

/** What is wrong with `found`, or null. `sums`: the S of {@link Limit}, only read where the limit
 *  needs it. */
export function compareOutput(
  found: HostTensor | undefined,
  reference: HostTensor,
  limit: Limit,
  sums: HostTensor | undefined,
  maxZeros: number,
): string | null {
  if (!found) return 'is missing';
  if (found.dtype !== reference.dtype || !sameShape(found.shape, reference.shape)) {
    return `is ${formatType(found)}, wanted ${formatType(reference)}`;
  }
  if (found.data.length !== reference.data.length) {
    return `has ${found.data.length} elements, wanted ${reference.data.length}`;
  }
  const zeros = countZeros(reference);
  if (zeros > maxZeros * reference.data.length) {
    return `is mistrusted: ${zeros} of ${reference.data.length} reference elements are 0`;
  }
  return worstElement(found, reference, allowedError(limit, reference, sums));
}

function countZeros({ data }: HostTensor): number {
  let count = 0;
  for (const value of data) if (value === 0) count++;
  return count;
}

function allowedError(
  limit: Limit,
  reference: HostTensor,
  sums: HostTensor | undefined,
): (at: number) => number {
  const element = (tensor: HostTensor | undefined, at: number): number =>
    Math.abs(tensor?.data[at] ?? NaN);
  const largest = (tensor: HostTensor | undefined): number =>
    tensor ? new Float64Array(tensor.data).reduce((a, b) => Math.max(a, Math.abs(b)), 0) : NaN;
  switch (limit.type) {
    case 'exact':
      return () => 0;
    case 'absolute':
      return () => limit.bound;
    case 'sum':
      return (at) => limit.factor * u * element(sums, at);
    case 'relative':
      return (at) => limit.factor * u * element(reference, at);
    case 'maxSum':
    case 'norm': {
      const bound = limit.factor * u * largest(limit.type === 'norm' ? reference : sums);
      return () => bound;
    }
  }
}

function worstElement(
  found: HostTensor,
  reference: HostTensor,
  allowed: (at: number) => number,
): string | null {
  let count = 0;
  let worst = -1;
  let worstExcess = -1;
  for (let at = 0; at < reference.data.length; at++) {
    const error = Math.abs((found.data[at] as number) - (reference.data[at] as number));
    if (error <= allowed(at)) continue;
    count++;
    const excess = Number.isNaN(error) ? Infinity : error;
    if (excess > worstExcess) [worst, worstExcess] = [at, excess];
  }
  if (count === 0) return null;
  const index = indexOf(worst, reference.shape).join(',');
  return (
    `is wrong in ${count} of ${reference.data.length} elements; worst [${index}]: found ${found.data[worst]}, ` +
    `reference ${reference.data[worst]}, error ${worstExcess.toExponential(2)}, allowed ${allowed(worst).toExponential(2)}`
  );
}

function indexOf(at: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (const size of shape.toReversed()) {
    index.unshift(at % size);
    at = Math.floor(at / size);
  }
  return index;
}
