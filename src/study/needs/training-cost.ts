// What the training of each network of a study takes, by count: iterations and FLOPs. Worked out
// from what identities hold, so that folders of earlier versions have it too.
import { RunStoreError } from '../../base/errors.js';
import { networkFlops } from '../../net/arithmetic.js';
import { factsOf } from '../../net/facts.js';
import type { Network } from '../../net/network.js';
import { readWrittenNetwork } from '../plan/read-canonical.js';
import type { TrainingCost } from '../results/types.js';
import { type PlanEntry, type PlanFile, planPart } from '../store/plan-file.js';
import { frozenLayers } from '../treatment-segments.js';

type Costed = Pick<PlanEntry, 'name' | 'treatment' | 'n' | 'requires' | 'content'>;

const known = new WeakMap<readonly Costed[], ReadonlyMap<string, TrainingCost>>();

/** Costs by name of the networks of a plan, each after what it copies; those whose training the
 *  plan does not hold (imported ones, bases that are read) are left out. */
export function trainingCosts(
  networks: readonly Costed[],
  parts: PlanFile['parts'],
): ReadonlyMap<string, TrainingCost> {
  const costs = known.get(networks) ?? findCosts(networks, parts);
  known.set(networks, costs);
  return costs;
}

function findCosts(
  networks: readonly Costed[],
  parts: PlanFile['parts'],
): ReadonlyMap<string, TrainingCost> {
  const costs = new Map<string, TrainingCost>();
  const flopsOfImage = imageFlops(parts);
  for (const network of networks) {
    const { iterations, batch } = planPart(network.content['solver'], parts) ?? {};
    const perImage = flopsOfImage(network);
    if (typeof iterations !== 'number' || typeof batch !== 'number' || perImage === null) continue;
    const flops = iterations * batch * perImage;
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

/** FLOPs of one training image, worked out once for each kind of network; null if its identity does
 *  not say what it is. */
function imageFlops(parts: PlanFile['parts']): (network: Costed) => number | null {
  const read = new Map<string, Network | null>();
  const flops = new Map<string, number>();
  return ({ content, treatment, n }) => {
    const written = planPart(content['network'], parts);
    const classes = planPart(content['target'], parts)?.['classes'];
    if (written === null || !Array.isArray(classes)) return null;
    const place = JSON.stringify(content['network']);
    if (!read.has(place)) read.set(place, readOrNull(written));
    const network = read.get(place) ?? null;
    if (network === null) return null;
    const kind = JSON.stringify([place, treatment, n, classes.length]);
    const value = flops.get(kind) ?? flopsOf(network, { treatment, n }, classes.length);
    flops.set(kind, value);
    return value;
  };
}

// The plan may be of a version with other kinds of layers.
function readOrNull(written: Parameters<typeof readWrittenNetwork>[0]): Network | null {
  try {
    return readWrittenNetwork(written);
  } catch (error) {
    if (error instanceof RunStoreError) return null;
    throw error;
  }
}

function flopsOf(
  network: Network,
  treated: Parameters<typeof frozenLayers>[1],
  classes: number,
): number {
  const frozen = new Set(frozenLayers(network, treated));
  const { frozenForward, forward, backward } = networkFlops(factsOf(network, classes), frozen);
  return frozenForward + forward + backward;
}
