// What a study will take: networks, time, memory, disk. Arithmetic is counted; the rate is measured
// in the folder or assumed.
import { type ExecutorName, executorTable } from '../../executors/names.js';
import { type ArenaEstimate, arenaOf } from './arena.js';
import { checkpointBytes, gangBytes, gangFlops, weightBytes } from './cost.js';
import type { Gang } from '../plan/gangs.js';
import type { Plan } from '../plan/plan.js';
import type { RunState } from '../store/run-state.js';

/** FLOPs a second, and where the figure comes from: networks of the folder, a few steps now, or a
 *  guess. */
export interface Rate {
  readonly flopsPerSecond: number;
  readonly from: 'measured' | 'timed' | 'assumed';
}

/** Needs of a run. */
export interface Estimate {
  readonly networks: number;
  readonly gangs: number;
  readonly flops: number;
  readonly seconds: number;
  readonly rate: Rate;
  /** Of the largest gang. */
  readonly memoryBytes: number;
  /** Of the same gang, as far as it is activations; null if there is nothing to train. */
  readonly arena: ArenaEstimate | null;
  /** Checkpoints of the largest gang and all weights that are kept, for good or to be copied. */
  readonly diskBytes: number;
}

/** Rate that networks already trained in the folder had, on the same executor; else an assumed
 *  one. */
export function rateOf(
  plan: Plan,
  states: ReadonlyMap<string, RunState>,
  executor: ExecutorName,
  threads: number,
): Rate {
  let flops = 0;
  let seconds = 0;
  for (const network of plan.networks) {
    const record = states.get(network.name)?.record;
    if (!record || record.state === 'failed' || record.executor?.name !== executor) continue;
    flops += gangFlops(plan.study.network, [network]);
    seconds += record.trainSeconds;
  }
  if (seconds > 0) return { flopsPerSecond: flops / seconds, from: 'measured' };
  const assumed = executorTable[executor].assumedFlopsPerSecond(threads);
  return { flopsPerSecond: assumed, from: 'assumed' };
}

/** What training these gangs needs. */
export function estimate(plan: Plan, gangs: readonly Gang[], rate: Rate): Estimate {
  const { network, keep } = plan.study;
  const networks = gangs.flatMap((gang) => gang.networks);
  const flops = gangs.reduce((sum, gang) => sum + gangFlops(network, gang.networks), 0);
  const weights = (members: Gang['networks']): number =>
    members.reduce((sum, { task }) => sum + weightBytes(network, task.classes.length), 0);
  const largest = Math.max(0, ...gangs.map((gang) => checkpointBytes(network, gang.networks)));
  const copied = new Set(plan.networks.map(({ requires }) => requires));
  const kept = networks.filter(
    ({ treatment, name }) => keep === 'all' || treatment === 'base' || copied.has(name),
  );
  const bytes = gangs.map((gang) => gangBytes(network, gang.networks));
  const memoryBytes = Math.max(0, ...bytes);
  const hungriest = gangs[bytes.indexOf(memoryBytes)];
  return {
    networks: networks.length,
    gangs: gangs.length,
    flops,
    seconds: flops / rate.flopsPerSecond,
    rate,
    memoryBytes,
    arena: hungriest === undefined ? null : arenaOf(plan, hungriest),
    diskBytes: largest + weights(kept),
  };
}
