// Gangs: networks that see the same minibatches and so train as one program. How they are divided
// never changes a number.
import { runDirectory } from '../../runs/files.js';
import type { GangJob, NetworkJob, TaskSpec } from '../../train/job.js';
import { checkpointBytes, gangBytes } from '../needs/cost.js';
import { copiedRateOf, frozenStatisticsOf } from './network-content.js';
import { networkStreams, type Plan, type PlannedNetwork } from './plan.js';
import { augmentStream, orderStream } from './streams.js';
import { frozenLayers, specialLayers } from '../treatment-segments.js';
import { treatments } from '../treatments.js';

/** How large a gang may be. */
export interface GangLimits {
  readonly memoryBytes: number;
  readonly networks: number;
}

/** A gang: networks of one split, repeat, target and phase. */
export interface Gang {
  readonly name: string;
  readonly networks: readonly PlannedNetwork[];
}

/** How a worker is to compute: see {@link GangJob}. Gangs that take long to save are saved less
 *  often than `checkpointEverySeconds` says. */
export type Engine = Pick<
  GangJob,
  'executor' | 'precision' | 'exact' | 'threads' | 'checkpointEverySeconds' | 'loaders' | 'profile'
>;

/** Most networks of a gang. More in one program gain nothing: what they share is small by then. */
export const largestGang = 64;

const SLOW_DISK_BYTES_PER_SECOND = 200e6;

/** Divides networks into gangs, bases before all else, each within the limits (one network alone
 *  may exceed them). Networks that share a frozen prefix are kept together. */
export function divideIntoGangs(
  plan: Plan,
  networks: readonly PlannedNetwork[],
  limits: GangLimits,
): readonly Gang[] {
  const groups = new Map<string, PlannedNetwork[]>();
  for (const network of [...networks].sort((a, b) => orderOf(a) - orderOf(b))) {
    const key = `${network.folder}/${network.target}/${network.phase}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [network]);
    else group.push(network);
  }
  return [...groups].flatMap(([name, members]) => {
    const parts = divide(plan, members, limits);
    return parts.map((part, index) => ({
      name: parts.length === 1 ? name : `${name}/${index + 1}of${parts.length}`,
      networks: part,
    }));
  });
}

// Bases, then what takes longest. The sort is stable: a further base stands beside the first.
function orderOf({ phase }: PlannedNetwork): number {
  const order = ['base', 'long', 'transfer', 'continued'].indexOf(phase);
  return order < 0 ? 0 : order;
}

function divide(
  plan: Plan,
  members: readonly PlannedNetwork[],
  limits: GangLimits,
): readonly (readonly PlannedNetwork[])[] {
  const parts: PlannedNetwork[][] = [];
  for (const network of [...members].sort(byPrefix)) {
    const last = parts.at(-1);
    const fits =
      last !== undefined &&
      last.length < limits.networks &&
      gangBytes(plan.study.network, [...last, network]) <= limits.memoryBytes;
    if (fits) last.push(network);
    else parts.push([network]);
  }
  return parts;
}

// Frozen networks by source first; the sort is stable, so the plan's order holds within each.
function byPrefix(a: PlannedNetwork, b: PlannedNetwork): number {
  const rank = (each: PlannedNetwork): string =>
    treatments[each.treatment].frozen === 'none' ? '1' : `0${each.source ?? 'random'}`;
  return rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0;
}

/** The job of a gang, ready to be sent to a worker. */
export function gangJob(plan: Plan, gang: Gang, studyDirectory: string, engine: Engine): GangJob {
  const [first] = gang.networks as [PlannedNetwork];
  const { study } = plan;
  const place = { seed: study.seed, split: first.split, repeat: first.repeat };
  const means: Record<string, TaskSpec> = {};
  for (const network of gang.networks) means[network.meanOf] = network.meanTask;
  return {
    name: gang.name,
    studyDirectory,
    network: study.network,
    input: {
      kind: 'images',
      target: first.task,
      means,
      ...(first.tests === undefined ? {} : { tests: first.tests }),
      mirror: study.mirror,
      ...(study.augment === undefined ? {} : { augment: study.augment }),
      ...(study.shuffle === undefined ? {} : { shuffle: study.shuffle }),
      orderStream: orderStream(place, first.target, first.phase),
      augmentStream: augmentStream(place, first.target, first.phase),
    },
    // Networks of further rates say their own.
    schedule: { ...first.schedule, learningRate: study.solver.lr },
    networks: gang.networks.map((network) => networkJob(plan, network)),
    ...engine,
    checkpointEverySeconds: Math.max(engine.checkpointEverySeconds, savingSeconds(plan, gang)),
  };
}

// Large gangs take long to save: not more than about a twentieth of the time goes there, on a slow
// disk.
function savingSeconds({ study }: Plan, { networks }: Gang): number {
  return (20 * checkpointBytes(study.network, networks)) / SLOW_DISK_BYTES_PER_SECOND;
}

/** Networks by name, and the names of those that others copy: of each plan once. */
const indices = new WeakMap<Plan, PlanIndex>();

interface PlanIndex {
  readonly byName: ReadonlyMap<string, PlannedNetwork>;
  readonly copied: ReadonlySet<string | null>;
}

function indexOf(plan: Plan): PlanIndex {
  let index = indices.get(plan);
  if (index === undefined) {
    index = {
      byName: new Map(plan.networks.map((network) => [network.name, network])),
      copied: new Set(plan.networks.map(({ requires }) => requires)),
    };
    indices.set(plan, index);
  }
  return index;
}

function networkJob(plan: Plan, network: PlannedNetwork): NetworkJob {
  const { byName, copied } = indexOf(plan);
  const base = network.requires === null ? undefined : byName.get(network.requires);
  const { seed, network: definition } = plan.study;
  const isCopied = copied.has(network.name);
  const { takes } = treatments[network.treatment];
  return {
    name: network.name,
    directory: runDirectory(network.name),
    identity: network.identity,
    copied: specialLayers(definition, network),
    frozen: frozenLayers(definition, network),
    source: base === undefined ? null : runDirectory(base.name),
    sourceIdentity: base === undefined ? null : base.identity,
    ...(takes === undefined ? {} : { takes }),
    ...copiedRateOf(plan.study, network),
    ...frozenStatisticsOf(plan.study, network),
    ...(network.rate === undefined ? {} : { learningRate: network.rate }),
    mean: network.meanOf,
    ...networkStreams(network, seed),
    // What others copy is needed until they have begun, whatever is kept in the end.
    keepWeights: isCopied || keepsWeights(plan.study, network),
  };
}

/** Whether a study keeps the weights of a network when nothing copies them any more. */
export function keepsWeights(
  { keep }: Plan['study'],
  { treatment }: Pick<PlannedNetwork, 'treatment'>,
): boolean {
  return keep === 'all' || (keep === 'bases' && treatment === 'base');
}
