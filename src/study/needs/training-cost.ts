// What the training of each network of a study takes, by count: iterations and FLOPs.
import { networkFlops } from '../../net/arithmetic.js';
import { factsOf } from '../../net/facts.js';
import type { Plan, PlannedNetwork } from '../plan/plan.js';
import type { TrainingCost } from '../results/types.js';
import { frozenLayers } from '../treatment-segments.js';

/** Costs of the networks of a plan that are trained, by name. */
export function trainingCosts({ study, networks }: Plan): ReadonlyMap<string, TrainingCost> {
  const costs = new Map<string, TrainingCost>();
  // FLOPs of an image, of each kind of network once.
  const known = new Map<string, number>();
  const flopsOf = (network: PlannedNetwork): number => {
    const { treatment, n, task } = network;
    const kind = JSON.stringify([treatment, n, task.classes.length]);
    const flops = known.get(kind) ?? flopsOfImage(study.network, network);
    known.set(kind, flops);
    return flops;
  };
  for (const network of networks) {
    if (network.pretrained !== undefined) continue;
    const { iterations, batch } = network.schedule;
    const flops = iterations * batch * flopsOf(network);
    // What it goes back to comes before it; what was trained elsewhere counts nothing.
    const before = costs.get(network.requires ?? '');
    costs.set(network.name, {
      iterations,
      flops,
      iterationsInAll: iterations + (before?.iterationsInAll ?? 0),
      flopsInAll: flops + (before?.flopsInAll ?? 0),
    });
  }
  return costs;
}

function flopsOfImage(network: Plan['study']['network'], planned: PlannedNetwork): number {
  const facts = factsOf(network, planned.task.classes.length);
  const flops = networkFlops(facts, new Set(frozenLayers(network, planned)));
  return flops.frozenForward + flops.forward + flops.backward;
}
