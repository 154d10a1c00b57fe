// How to share out many cores: a few ways are timed on the study's own network, and what is left of
// it is laid out over the workers of each. One network fills only so many cores, and only so many
// gangs can be trained at once.
import { hostname } from 'node:os';
import type { ExecutorInfo } from '../executors/executor.js';
import type { ExecutorName } from '../executors/names.js';
import { gangFlops } from '../study/needs/cost.js';
import { makespan } from '../study/needs/makespan.js';
import { divideIntoGangs, type GangLimits, largestGang } from '../study/plan/gangs.js';
import type { Plan, PlannedNetwork } from '../study/plan/plan.js';
import { gangOrder } from '../study/run/submitted-gangs.js';
import {
  type Calibration,
  type CalibratedMachine,
  readCalibration,
  SCHEMA,
  type Share,
  type TriedShare,
  writeCalibration,
} from '../study/store/calibration-file.js';
import { measuredRateOfAll } from './measured-rate.js';

/** What is to be trained, and where. */
export interface Calibrating {
  readonly plan: Plan;
  readonly directory: string;
  readonly todo: readonly PlannedNetwork[];
  readonly cores: number;
  /** Of all workers together. */
  readonly memoryBytes: number;
  readonly executor: { readonly name: ExecutorName; readonly info: ExecutorInfo };
}

/** More than this share of the time must be won by more workers: they take more memory. */
const WORTH = 0.03;

/** Ways to share out cores: 1, 2, 4, ... workers of all threads that are left for each, and that of
 *  {@link shareCores}. No more workers than gangs; single threads are tried on few cores only. */
export function sharesOf(cores: number, gangs: number): readonly Share[] {
  const most = Math.max(1, Math.min(gangs, cores > 4 ? Math.floor(cores / 2) : cores));
  const counts = new Set([Math.max(1, Math.floor(cores / 8))]);
  for (let workers = 1; workers <= most; workers *= 2) counts.add(workers);
  return [...counts]
    .filter((workers) => workers <= most)
    .toSorted((a, b) => a - b)
    .map((workers) => ({ workers, threads: Math.floor(cores / workers) }));
}

/** The share that takes least time; the one of fewer workers where more gain next to nothing. */
export function fastest(tried: readonly TriedShare[]): TriedShare | null {
  const least = Math.min(...tried.map(({ seconds }) => seconds));
  return tried.find(({ seconds }) => seconds <= least * (1 + WORTH)) ?? null;
}

/** Measures and keeps the choice in the folder, or reads what was chosen there before; null if
 *  nothing could be measured.
 *  @param onTry hears of each share before it is timed
 *  @throws RunStoreError if calibration.json is damaged */
export async function calibrate(
  request: Calibrating,
  onTry: (share: Share) => void,
): Promise<Calibration | null> {
  const { directory, cores, executor } = request;
  const machine: CalibratedMachine = {
    ...{ host: hostname(), cores },
    ...{ executor: executor.name, version: executor.info.version },
  };
  const known = readCalibration(directory, machine);
  if (known !== null) return known;
  const tried: TriedShare[] = [];
  for (const share of sharesOf(cores, gangsOf(request, 1).length)) {
    onTry(share);
    const found = await tryShare(request, share);
    if (found !== null) tried.push(found);
  }
  const best = fastest(tried);
  if (best === null) return null;
  const chosen = { workers: best.workers, threads: best.threads };
  const content = { schema: SCHEMA, ...machine, tried, chosen } as const;
  writeCalibration(directory, content);
  return content;
}

function gangsOf({ plan, todo, memoryBytes }: Calibrating, workers: number) {
  const limits: GangLimits = { memoryBytes: memoryBytes / workers, networks: largestGang };
  return divideIntoGangs(plan, todo, limits);
}

async function tryShare(request: Calibrating, share: Share): Promise<TriedShare | null> {
  const { plan, executor } = request;
  const gangs = gangsOf(request, share.workers);
  const rate = await measuredRateOfAll(plan, gangs[0], executor.name, share);
  if (rate === null) return null;
  const flopsOf = new Map(
    gangs.map(({ name, networks }) => [name, gangFlops(plan.study.network, networks)]),
  );
  const ofOne = rate / share.workers;
  const secondsOf = ({ name }: { name: string }): number => (flopsOf.get(name) ?? 0) / ofOne;
  const seconds = await makespan(gangOrder(gangs), share.workers, secondsOf);
  return { ...share, flopsPerSecond: rate, seconds };
}
