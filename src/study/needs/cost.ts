// What networks and gangs cost: arithmetic by count, and memory by a plain over-estimate.
import { networkFlops } from '../../net/arithmetic.js';
import { segmentsOf } from '../../net/cuts.js';
import { factsOf } from '../../net/facts.js';
import type { Network } from '../../net/network.js';
import { solverRule } from '../../program/solvers/table.js';
import { elementCount } from '../../tensor/tensor.js';
import type { PlannedNetwork } from '../plan/plan.js';
import { frozenLayers, frozenPrefix } from '../treatment-segments.js';

/** What costs depend on. */
export type CostedNetwork = Pick<
  PlannedNetwork,
  'treatment' | 'source' | 'n' | 'task' | 'schedule' | 'valImages' | 'tests'
>;

/** FLOPs of training and testing a gang to the end; each frozen prefix is counted once, as long as
 *  its longest use. */
export function gangFlops(network: Network, gang: readonly CostedNetwork[]): number {
  const [first] = gang;
  if (first === undefined) return 0;
  const { schedule, task, valImages } = first;
  const tests = Math.ceil(schedule.iterations / schedule.testEvery);
  const trained = schedule.iterations * schedule.batch;
  const further = Object.values(first.tests ?? {}).reduce((sum, { images }) => sum + images, 0);
  const tested = tests * valImages + further;
  const prefixes = new Map<string, number>();
  let total = 0;
  for (const member of gang) {
    const facts = factsOf(network, task.classes.length);
    const flops = networkFlops(facts, new Set(frozenLayers(network, member)));
    const prefix = member.source ?? 'random';
    prefixes.set(prefix, Math.max(prefixes.get(prefix) ?? 0, flops.frozenForward));
    total += trained * (flops.forward + flops.backward) + tested * flops.forward;
  }
  for (const flops of prefixes.values()) total += (trained + tested) * flops;
  return total;
}

/** Bytes that a gang needs while it trains, an over-estimate: for each network weights of what
 *  learns and what the solver keeps beside them; frozen prefixes, their outputs, one network's
 *  activations with gradients, and weight gradients once. */
export function gangBytes(network: Network, gang: readonly CostedNetwork[]): number {
  const [first] = gang;
  if (first === undefined) return 0;
  const classes = first.task.classes.length;
  const { batch } = first.schedule;
  const facts = factsOf(network, classes);
  const parameters = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (facts.get(name)?.parameters ?? 0), 0);
  const elements = (name: string): number => elementCount(facts.get(name)?.shape ?? []);
  const names = [...facts.keys()];
  const all = parameters(names);
  const activations = names.reduce((sum, name) => sum + elements(name), 0);
  const segments = segmentsOf(network);

  const frozenOf = new Map<string, Set<string>>();
  let learned = 0;
  let cutOutputs = 0;
  for (const member of gang) {
    const own = frozenLayers(network, member);
    learned += all - parameters(own);
    const source = member.source ?? 'random';
    frozenOf.set(source, new Set([...(frozenOf.get(source) ?? []), ...own]));
    const end = segments[frozenPrefix(network, member) - 1]?.end;
    if (end !== undefined) cutOutputs += elements(end);
  }
  const frozen = [...frozenOf.values()].reduce((sum, own) => sum + parameters([...own]), 0);
  const kept = 1 + solverRule(first.schedule.solver).state.length;
  const floats = kept * learned + frozen + all + batch * (2 * activations + cutOutputs);
  return 4 * floats;
}

/** Bytes of a gang's checkpoints: weights of what learns and what the solver keeps beside
 *  them. */
export function checkpointBytes(network: Network, gang: readonly CostedNetwork[]): number {
  return gang.reduce((sum, member) => {
    const frozen = new Set(frozenLayers(network, member));
    const kept = 1 + solverRule(member.schedule.solver).state.length;
    return sum + 4 * kept * parameterCount(network, member.task.classes.length, frozen);
  }, 0);
}

/** Bytes of a network's final weights on disk. */
export function weightBytes(network: Network, classes: number): number {
  return 4 * parameterCount(network, classes, new Set());
}

/** Elements of all blobs but those of the layers named `without`. */
function parameterCount(network: Network, classes: number, without: ReadonlySet<string>): number {
  return [...factsOf(network, classes)].reduce(
    (sum, [name, { parameters }]) => sum + (without.has(name) ? 0 : parameters),
    0,
  );
}
