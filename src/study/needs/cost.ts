// What networks and gangs cost: arithmetic by count, and memory by a plain over-estimate.
import { networkFlops } from '../../net/flops.js';
import type { Network } from '../../net/network.js';
import { weightLayers } from '../../net/network.js';
import { cutAfter } from '../../net/cut.js';
import { layerShapes, parameterCounts } from '../../net/shapes.js';
import { elementCount } from '../../tensor/tensor.js';
import type { PlannedNetwork } from '../plan/plan.js';
import { treatments } from '../treatments.js';

/** What costs depend on. */
export type CostedNetwork = Pick<
  PlannedNetwork,
  'treatment' | 'source' | 'n' | 'task' | 'schedule' | 'valImages'
>;

/** Weight layers of a network that do not learn. */
export function frozenLayers({ treatment, n }: Pick<CostedNetwork, 'treatment' | 'n'>): number {
  return treatments[treatment].frozen ? n : 0;
}

/** FLOPs of training and testing a gang to the end; each frozen prefix is counted once, as long as
 *  its longest use. */
export function gangFlops(network: Network, gang: readonly CostedNetwork[]): number {
  const [first] = gang;
  if (first === undefined) return 0;
  const { schedule, task, valImages } = first;
  const tests = Math.ceil(schedule.iterations / schedule.testEvery);
  const trained = schedule.iterations * schedule.batch;
  const tested = tests * valImages;
  const prefixes = new Map<string, number>();
  let total = 0;
  for (const member of gang) {
    const flops = networkFlops(network, task.classes.length, frozenLayers(member));
    const prefix = member.source ?? 'random';
    prefixes.set(prefix, Math.max(prefixes.get(prefix) ?? 0, flops.frozenForward));
    total += trained * (flops.forward + flops.backward) + tested * flops.forward;
  }
  for (const flops of prefixes.values()) total += (trained + tested) * flops;
  return total;
}

/** Bytes that a gang needs while it trains, an over-estimate: weights and velocity of what learns
 *  for each network; frozen prefixes, their outputs, one network's activations with gradients, and
 *  weight gradients once. */
export function gangBytes(network: Network, gang: readonly CostedNetwork[]): number {
  const [first] = gang;
  if (first === undefined) return 0;
  const classes = first.task.classes.length;
  const { batch } = first.schedule;
  const counts = parameterCounts(network, classes);
  const parameters = (from: number, to: number): number =>
    counts.slice(from, to).reduce((sum, count) => sum + count, 0);
  const shapes = layerShapes(network, classes);
  const layerElements = network.layers.map(({ name }) => elementCount(shapes.get(name) ?? []));
  const activations = layerElements.reduce((sum, count) => sum + count, 0);
  const all = weightLayers(network).length;

  const prefixes = new Map<string, number>();
  let learned = 0;
  let cutOutputs = 0;
  for (const member of gang) {
    const frozen = frozenLayers(member);
    learned += parameters(frozen, all);
    const prefix = member.source ?? 'random';
    prefixes.set(prefix, Math.max(prefixes.get(prefix) ?? 0, frozen));
    if (frozen > 0) cutOutputs += layerElements[cutAfter(network, frozen) - 1] ?? 0;
  }
  const frozen = [...prefixes.values()].reduce((sum, n) => sum + parameters(0, n), 0);
  const floats = 2 * learned + frozen + parameters(0, all) + batch * (2 * activations + cutOutputs);
  return 4 * floats;
}

/** Bytes of a gang's checkpoints: weights and velocity of what learns. */
export function checkpointBytes(network: Network, gang: readonly CostedNetwork[]): number {
  return gang.reduce((sum, member) => {
    const counts = parameterCounts(network, member.task.classes.length);
    return sum + 8 * counts.slice(frozenLayers(member)).reduce((total, count) => total + count, 0);
  }, 0);
}

/** Bytes of a network's final weights on disk. */
export function weightBytes(network: Network, classes: number): number {
  return 4 * parameterCounts(network, classes).reduce((sum, count) => sum + count, 0);
}
