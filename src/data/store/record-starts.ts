// Where the records of packed stores begin: they lie one after another, in the order of their
// places.
import { type ByPart, partNames } from '../parts.js';
import { RECORDS_AT } from './store-format.js';
import type { PartIndex } from './store-index.js';

/** Byte of the file at which the record of each place begins; packed stores have no holes.
 *  @returns f64 [records of all parts] (byte positions are exact up to 2^53) */
export function recordStarts(parts: ByPart<PartIndex>): Float64Array {
  const count = partNames.reduce((sum, part) => sum + parts[part].places.length, 0);
  const starts = new Float64Array(count);
  for (const part of partNames) {
    const { places, records } = parts[part];
    for (let at = 0; at < places.length; at++) {
      starts[places[at] as number] = records?.lengths[at] ?? 0;
    }
  }
  let next = RECORDS_AT;
  for (let place = 0; place < count; place++) {
    const length = starts[place] as number;
    starts[place] = next;
    next += length;
  }
  return starts;
}
