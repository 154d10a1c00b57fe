// measurements.json of a study's folder: read through one checking door, written whole, equal
// measurements as equal bytes.
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import {
  type Check,
  count,
  listOf,
  mapOf,
  number,
  objectOf,
  oneOf,
  orNull,
  text,
} from '../../base/checks.js';
import { RunStoreError } from '../../base/errors.js';
import { checked, parseJson, readText } from '../../base/json-file.js';
import { formatJson } from '../results/json.js';
import { roundNumbers } from '../results/round.js';
import type {
  MeasuredNetwork,
  MeasuredPlace,
  Measurements,
  Movement,
  Probe,
  Reset,
  Similarity,
} from './types.js';

const SCHEMA = 'selffer.measurements/1';

/** What is done about a file that cannot be read. */
const HINT = 'Remove it and measure again: selffer measure DIR.';

/** What a place must be, in a file and from a worker. */
export const placeCheck: Check<MeasuredPlace> = objectOf<MeasuredPlace>({
  imageLimit: count,
  executor: objectOf<MeasuredPlace['executor']>({
    name: text,
    version: text,
    instructionSet: text,
    threads: count,
  }),
  networks: mapOf(objectOf<MeasuredNetwork>({ identity: text, weights: text })),
  tasks: mapOf(text),
  probes: listOf(
    objectOf<Probe>({
      base: text,
      target: text,
      n: count,
      accuracy: number,
      low: number,
      high: number,
      images: count,
      trainImages: count,
      features: count,
      penalty: number,
    }),
  ),
  similarities: listOf(
    objectOf<Similarity>({
      network: text,
      other: text,
      target: text,
      segment: count,
      alignment: orNull(number),
      images: count,
    }),
  ),
  movements: listOf(
    objectOf<Movement>({
      network: text,
      source: text,
      layers: mapOf(orNull(number)),
      segments: listOf(objectOf({ segment: count, distance: orNull(number) })),
    }),
  ),
  resets: listOf(
    objectOf<Reset>({
      base: text,
      segment: count,
      baseAccuracy: number,
      initialAccuracy: number,
      redrawnAccuracy: number,
      images: count,
    }),
  ),
});

const measurementsCheck: Check<Measurements> = objectOf<Measurements>({
  schema: oneOf(SCHEMA),
  places: mapOf(placeCheck),
});

/** Where measurements.json of a study's folder lies. */
export function measurementsPath(directory: string): string {
  return join(directory, 'measurements.json');
}

/** measurements.json of a study's folder; null if there is none.
 *  @throws RunStoreError if it is damaged or of another version */
export function readMeasurements(directory: string): Measurements | null {
  const path = measurementsPath(directory);
  const content = readText(path, HINT);
  if (content === null) return null;
  const value = parseJson(path, content, HINT);
  const schema = (value as { readonly schema?: unknown } | null)?.schema;
  if (typeof schema === 'string' && schema !== SCHEMA) {
    throw new RunStoreError(`${path}: found schema ${JSON.stringify(schema)}, wanted ${SCHEMA}`, {
      hint: 'It is of another version of Selffer. Measure again: selffer measure DIR.',
    });
  }
  return checked(path, value, measurementsCheck, HINT);
}

/** Writes measurements.json, places in the order of their names. */
export function writeMeasurements(directory: string, places: Measurements['places']): void {
  writeFileAtomic(measurementsPath(directory), measurementsText(places));
}

/** Text of measurements.json. */
export function measurementsText(places: Measurements['places']): string {
  const ordered = Object.entries(places).sort(([a], [b]) => order.compare(a, b));
  const measurements: Measurements = { schema: SCHEMA, places: Object.fromEntries(ordered) };
  return formatJson(roundNumbers(measurements));
}

const order = new Intl.Collator('en', { numeric: true });
