// Which measurements still speak of the runs that a folder has.
import { isJsonObject } from '../../base/canonical-json.js';
import type { RunRecord } from '../../runs/record.js';
import type { PlanEntry } from '../store/plan-file.js';
import type { MeasuredPlace, Measurements } from './types.js';

/** What of a plan's networks tells whether measurements are of them. */
export type MeasurableEntry = Pick<PlanEntry, 'name' | 'identity' | 'target' | 'content'>;

/** Measurements of today's runs, and a sentence for each place that has others. */
export interface ValidMeasurements {
  readonly measurements: Measurements;
  readonly stale: readonly string[];
}

// The folder that a run lies in: "split0-r1" of "split0-r1/A3B+".
function placeOf(name: string): string {
  return name.split('/').slice(0, -1).join('/');
}

/** The hash that identities have for each task of a place, by the task's name; tasks that no
 *  network is trained on are left out. */
export function taskHashes(
  networks: readonly MeasurableEntry[],
  place: string,
): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const { name, target, content } of networks) {
    const part = isJsonObject(content['target']) ? content['target']['part'] : undefined;
    if (placeOf(name) === place && typeof part === 'string') hashes.set(target, part);
  }
  return hashes;
}

/** Measurements without those of networks that were trained again since, or are no more, or of
 *  tasks that have changed.
 *  @param recordOf the record of a network's run; null if it has not ended */
export function validMeasurements(
  { schema, places }: Measurements,
  networks: readonly MeasurableEntry[],
  recordOf: (name: string) => Pick<RunRecord, 'identity' | 'weightsHash'> | null,
): ValidMeasurements {
  const identities = new Map(networks.map(({ name, identity }) => [name, identity]));
  const stale: string[] = [];
  const isNow = (name: string, measured: MeasuredPlace['networks'][string]): boolean => {
    const record = recordOf(name);
    return (
      record !== null &&
      record.identity === measured.identity &&
      identities.get(name) === measured.identity &&
      (record.weightsHash === undefined || record.weightsHash === measured.weights)
    );
  };
  const kept = Object.entries(places).map(([name, place]) => {
    const old = Object.entries(place.networks).filter(([network, each]) => !isNow(network, each));
    const hashes = taskHashes(networks, name);
    const changed = Object.keys(place.tasks).filter(
      (task) => hashes.get(task) !== place.tasks[task],
    );
    if (old.length === 0 && changed.length === 0) return [name, place] as const;
    const what = [
      ...(old.length === 0 ? [] : [`${old.map(([each]) => each).join(', ')} (not these runs)`]),
      ...(changed.length === 0 ? [] : [`task ${changed.join(', ')} (other images or classes)`]),
    ];
    stale.push(
      `Measurements of ${name} are left out where they speak of ${what.join(' and of ')}: run selffer measure again.`,
    );
    return [name, without(place, new Set(old.map(([each]) => each)), new Set(changed))] as const;
  });
  return { measurements: { schema, places: Object.fromEntries(kept) }, stale };
}

function without(
  place: MeasuredPlace,
  networks: ReadonlySet<string>,
  tasks: ReadonlySet<string>,
): MeasuredPlace {
  const ofTask = ({ target }: { readonly target: string }): boolean => !tasks.has(target);
  const speaksOf = (...names: readonly string[]): boolean => !names.some((n) => networks.has(n));
  const left = Object.entries(place.networks).filter(([name]) => !networks.has(name));
  const changed = Object.entries(place.tasks).filter(([task]) => !tasks.has(task));
  return {
    ...place,
    networks: Object.fromEntries(left),
    tasks: Object.fromEntries(changed),
    probes: place.probes.filter((each) => ofTask(each) && speaksOf(each.base)),
    similarities: place.similarities.filter(
      (each) => ofTask(each) && speaksOf(each.network, each.other),
    ),
    movements: place.movements.filter((each) => speaksOf(each.network, each.source)),
    resets: place.resets.filter((each) => speaksOf(each.base)),
  };
}
