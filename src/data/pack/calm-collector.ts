// Packing makes few small objects and many buffers of hundreds of kilobytes outside of the heap; V8 then takes the small heap for a
// full one again and again, and its collector's threads take the cores from decoding.
import { setFlagsFromString } from 'node:v8';

// Until the next full collection what is old may grow to four times its size. V8 reads this at each collection.
const CALM = '--heap-growing-percent=300';
const USUAL = '--heap-growing-percent=0';

/** Makes V8 collect the old generation less often until the function that it returns is called. Process-wide. */
export function calmCollector(): () => void {
  setFlagsFromString(CALM);
  return () => setFlagsFromString(USUAL);
}
