// What a mark says to a pointer that rests on it and to a screen reader.
import type { Json } from '../base/canonical-json.js';
import type { Measure } from './axes.js';
import { countOf, formatAccuracy, formatInterval } from './format.js';

/** A mean with its interval and what is behind it. */
export interface DescribedPoint {
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly networks: number;
}

/** "AnB, n = 5: accuracy 0.578 [0.565, 0.590], 8 networks", or the same in percentage points. */
export function describePoint(what: string, measure: Measure, point: DescribedPoint): string {
  const { y, low, high, networks } = point;
  const value = measure === 'matched' ? formatInterval(y, low, high) : accuracyText(y, low, high);
  return `${what}: ${value}, ${countOf(networks)}`;
}

/** Encoding of a mark's words, from field `words` of its data. */
export const wordsEncoding: { readonly description: Json } = { description: { field: 'words' } };

function accuracyText(y: number, low: number | null, high: number | null): string {
  const value = `accuracy ${formatAccuracy(y)}`;
  if (low === null || high === null) return `${value} (no interval: fewer than 3 values)`;
  return `${value} [${formatAccuracy(low)}, ${formatAccuracy(high)}]`;
}
