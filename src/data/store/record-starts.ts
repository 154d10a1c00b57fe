// Where the records of packed stores begin: they lie one after another, in the order of their
// places.
import { type PartIndex, RECORDS_AT } from './store-file.js';

/** Byte at which the record of each place begins; packed stores have no holes. */
export function recordStarts(parts: readonly PartIndex[]): Float64Array {
  const count = parts.reduce((sum, part) => sum + part.places.length, 0);
  const starts = new Float64Array(count);
  for (const { places, records } of parts) {
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
