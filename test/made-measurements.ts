// Made-up measurements of test/made-study.ts' networks: smooth in n, a little different by split.
import type { NetworkResult } from '../src/study/results/types.js';
import { writeMeasurements } from '../src/study/measurements/measurements-file.js';
import { taskHashes } from '../src/study/measurements/valid.js';
import type { PlanEntry } from '../src/study/store/plan-file.js';
import type { MeasuredPlace, Measurements } from '../src/study/measurements/types.js';

/** What measurements are made up for. */
type MeasuredRole = Pick<NetworkResult, 'name' | 'treatment' | 'source' | 'target' | 'n'>;

/** Measurements of every base, and of every network that copies, by folder. */
export function makeMeasurements(
  networks: readonly MeasuredRole[],
  weightLayers: number,
): Measurements {
  const folders = [...new Set(networks.map(({ name }) => folderOf(name)))];
  const places = folders.map((folder, at) => {
    const own = networks.filter(({ name }) => folderOf(name) === folder);
    return [folder, makePlace(own, weightLayers, at)] as const;
  });
  return { schema: 'selffer.measurements/1', places: Object.fromEntries(places) };
}

/** Writes measurements of networks of a plan, as they are there now, into their study's folder. */
export function writeMeasurementsOf(
  directory: string,
  networks: readonly PlanEntry[],
  weightLayers: number,
): void {
  const identities = new Map(networks.map(({ name, identity }) => [name, identity]));
  const { places } = makeMeasurements(networks, weightLayers);
  const own = Object.entries(places).map(([folder, place]) => {
    const measured = Object.keys(place.networks).map(
      (name) => [name, { identity: identities.get(name) ?? '', weights: 'hash' }] as const,
    );
    const tasks = Object.fromEntries(taskHashes(networks, folder));
    return [folder, { ...place, networks: Object.fromEntries(measured), tasks }] as const;
  });
  writeMeasurements(directory, Object.fromEntries(own));
}

const folderOf = (name: string): string => name.split('/')[0] as string;

function makePlace(
  networks: readonly MeasuredRole[],
  weightLayers: number,
  at: number,
): MeasuredPlace {
  const bases = networks.filter(({ treatment }) => treatment === 'base');
  const copies = networks.filter(({ source, n }) => source !== null && n < weightLayers);
  const folder = folderOf(networks[0]?.name ?? '');
  const segments = Array.from({ length: weightLayers }, (_, index) => index + 1);
  const [first, second] = bases;
  return {
    imageLimit: 500,
    executor: { name: 'reference', version: '1', instructionSet: 'javascript', threads: 1 },
    networks: Object.fromEntries(
      [...bases, ...copies].map(({ name }) => [name, { identity: `of ${name}`, weights: 'hash' }]),
    ),
    tasks: { A: 'task A', B: 'task B' },
    probes: bases.flatMap(({ name, target: own }) =>
      ['A', 'B'].flatMap((target) =>
        segments.slice(0, -1).map((n) => ({
          ...{ base: name, target, n, images: 100, trainImages: 40, features: 64, penalty: 0.1 },
          accuracy: 0.3 + 0.05 * n - (own === target ? 0 : 0.01 * n * n) + 0.004 * at,
          ...{ low: 0, high: 1 },
        })),
      ),
    ),
    similarities: [
      ...['A', 'B'].flatMap((target) =>
        segments.map((segment) => ({
          ...{ network: first?.name ?? '', other: second?.name ?? '', target, segment, images: 64 },
          alignment: 1 - 0.12 * segment + 0.01 * at,
        })),
      ),
      ...copies.flatMap(({ name, source, target, treatment }) =>
        segments.map((segment) => ({
          ...{ network: name, other: `${folder}/base${source}`, target: target ?? '', segment },
          ...{ alignment: treatment.endsWith('+') ? 1 - 0.05 * segment : 1, images: 64 },
        })),
      ),
    ],
    movements: copies.map(({ name, source, n, treatment }) => ({
      ...{ network: name, source: `${folder}/base${source}`, layers: { conv1: 0 } },
      segments: segments.slice(0, n).map((segment) => ({
        segment,
        distance: treatment.endsWith('+') ? 0.02 * segment + 0.001 * at : 0,
      })),
    })),
    resets: bases.flatMap(({ name }) =>
      segments.map((segment) => ({
        ...{ base: name, segment, baseAccuracy: 0.6, images: 100 },
        ...{ initialAccuracy: 0.6 - 0.05 / segment - 0.001 * at, redrawnAccuracy: 0.3 },
      })),
    ),
  };
}
