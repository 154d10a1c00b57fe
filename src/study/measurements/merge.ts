// Measurements of a part of a place's networks beside earlier ones of others.
import type { MeasuredPlace } from './types.js';

/** What was measured of a place, now and before: what is measured anew replaces what was. Earlier
 *  measurements are dropped where they were made otherwise: of another number of images, of other
 *  tasks, or by another executor.
 *  @param before of today's runs alone, see `validMeasurements` */
export function mergedPlace(before: MeasuredPlace | undefined, now: MeasuredPlace): MeasuredPlace {
  if (before === undefined || wayOf(before) !== wayOf(now)) return now;
  return {
    ...now,
    networks: { ...before.networks, ...now.networks },
    probes: merged(before.probes, now.probes, ({ base, target, n }) => [base, target, n]),
    similarities: merged(before.similarities, now.similarities, (each) => [
      ...[each.network, each.other, each.target, each.segment],
    ]),
    movements: merged(before.movements, now.movements, ({ network }) => [network]),
    resets: merged(before.resets, now.resets, ({ base, segment }) => [base, segment]),
  };
}

function wayOf({ imageLimit, executor, tasks }: MeasuredPlace): string {
  return JSON.stringify([imageLimit, executor, Object.entries(tasks).sort()]);
}

function merged<T>(
  before: readonly T[],
  now: readonly T[],
  keyOf: (each: T) => readonly (string | number)[],
): readonly T[] {
  const key = (each: T): string => JSON.stringify(keyOf(each));
  const known = new Set(now.map(key));
  return [...before.filter((each) => !known.has(key(each))), ...now];
}
