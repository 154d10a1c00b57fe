// The plan: every network of a study, a base before what copies it, with all that determines its
// numbers.
import type { Json } from '../../base/canonical-json.js';
import { PlanError } from '../../base/errors.js';
import type { ImageForm } from '../../data/image-form.js';
import { segmentsOf } from '../../net/cuts.js';
import { checkNetwork } from '../../net/check.js';
import type { FurtherTest, Schedule, TaskSpec } from '../../train/job.js';
import { withFurtherTests, withSelectionTest } from './further-tests.js';
import { type IdentityContent, identityOf, type IdentityParts } from './identity.js';
import { identityContent, pretrainedContent, pretrainedOf } from './network-content.js';
import type { Family, SizeOf, TaskLabels } from '../results/types.js';
import { splitRoles } from './roles.js';
import { scheduleOf, stretched } from './schedule.js';
import { type KeptImages, taskFacts } from './shared-parts.js';
import {
  checkTasks,
  type FactsOf,
  type Split,
  type SplitTask,
  studySplits,
  taskLabels,
} from './splits.js';
import { dropoutStream, frozenInitStream, initStream, type Phase } from './streams.js';
import type { PretrainedBase } from '../pretrained/pretrained-base.js';
import type { Study } from '../study.js';
import { networkName, type NetworkRole, plainName } from '../network-name.js';
import { type TaskName } from '../tasks.js';
import { treatments } from '../treatments.js';

/** One network to train. */
export interface PlannedNetwork extends NetworkRole {
  /** e.g. "split0/A3B+", in repeats "split0-r1/A3B+". */
  readonly name: string;
  /** e.g. "A3B+". */
  readonly shortName: string;
  readonly family: Family;
  readonly split: string;
  readonly repeat: number;
  /** What names of its split and repeat begin with, e.g. "split0", in repeats "split0-r1". */
  readonly folder: string;
  readonly phase: Phase;
  /** Name of the network it copies from, a base as a rule; null for base and random. */
  readonly requires: string | null;
  readonly identity: string;
  readonly content: IdentityContent;
  readonly task: TaskSpec;
  /** Whose mean image is subtracted. */
  readonly meanOf: TaskName;
  readonly meanTask: TaskSpec;
  readonly schedule: Schedule;
  /** Shape of its images. */
  readonly form: ImageForm;
  /** Training and validation images, classes of the target. */
  readonly trainImages: number;
  readonly valImages: number;
  /** Training images that are kept aside; none of them is in `trainImages`. */
  readonly asideImages: number;
  /** Where its target has a size of its own. */
  readonly sizeOf?: SizeOf;
  /** Further sets that it is tested on, by name; left out: none. */
  readonly tests?: Readonly<Record<string, FurtherTest>>;
  /** A base that is read, not trained. */
  readonly pretrained?: PretrainedBase;
}

/** All networks of a study. */
export interface Plan {
  readonly study: Study;
  readonly weightLayers: number;
  /** In order of work: each after what it requires. */
  readonly networks: readonly PlannedNetwork[];
  /** What tasks are called, where that is more than their letter. */
  readonly taskLabels: TaskLabels;
  /** Large parts of the identities. */
  readonly parts: ReadonlyMap<string, Json>;
}

/** More than were ever trained for one study. */
const MOST_NETWORKS = 20_000;

/** Plans a study over prepared data.
 *  @throws PlanError, DataError, ParseError if tasks, images and network do not fit */
export function planStudy(study: Study, factsOf: FactsOf): Plan {
  const plan = planSplits(study, studySplits(study, factsOf));
  const tested = withFurtherTests(plan.networks, study.tests, factsOf);
  return { ...plan, networks: tested.map(withSelectionTest) };
}

/** Plans a study's networks over splits of any number of tasks.
 *  @throws PlanError if tasks and network do not fit */
export function planSplits(study: Study, splits: readonly Split[]): Plan {
  const parts: IdentityParts = new Map();
  const networks: PlannedNetwork[] = [];
  splits.forEach(checkTasks);
  checkCount(study, splits);
  for (const split of splits) {
    for (const task of split.tasks) checkNetwork(study.network, task.classes.length);
    for (let repeat = 0; repeat < study.repeats; repeat++) {
      networks.push(...planSplit({ study, split, repeat, parts, before: networks }));
    }
  }
  const segments = segmentsOf(study.network).length;
  return { study, weightLayers: segments, networks, taskLabels: taskLabels(splits), parts };
}

// Counted before any is planned: with a digit too many it would take hours.
function checkCount(study: Study, splits: readonly Split[]): void {
  const sizes = splits.map((split) => splitRoles(study, split).length);
  const count = study.repeats * sizes.reduce((sum, size) => sum + size, 0);
  if (count <= MOST_NETWORKS) return;
  throw new PlanError(
    `the study has ${count} networks (${splits.length} splits, ${study.repeats} repeats), wanted at most ${MOST_NETWORKS}`,
    { hint: 'Give fewer seeds or repeats, treatments or layers.' },
  );
}

/** One repeat of a split, and all networks of the splits before it. */
interface SplitInPlan extends Omit<PlaceInPlan, 'planned' | 'sources'> {
  readonly before: readonly PlannedNetwork[];
}

function planSplit({ before, ...place }: SplitInPlan): readonly PlannedNetwork[] {
  const { study, split, repeat } = place;
  const planned = new Map<string, PlannedNetwork>();
  const from = split.sources?.name;
  const sources = new Map(
    before
      .filter((network) => network.split === from && network.repeat === repeat)
      .map((network) => [network.shortName, network]),
  );
  for (const role of splitRoles(study, split)) {
    const network = planNetwork({ ...place, planned, sources }, role);
    planned.set(network.shortName, network);
  }
  return [...planned.values()];
}

/** Where a network is planned: one repeat of a split, and what was planned there before it. */
interface PlaceInPlan {
  readonly study: Study;
  readonly split: Split;
  readonly repeat: number;
  readonly planned: ReadonlyMap<string, PlannedNetwork>;
  /** What was planned in the split of its sources, if that is another. */
  readonly sources: ReadonlyMap<string, PlannedNetwork>;
  readonly parts: IdentityParts;
}

function planNetwork(place: PlaceInPlan, role: NetworkRole): PlannedNetwork {
  const { study, split, repeat } = place;
  const target = taskNamed(split, role.target);
  const isCopied = role.source !== null && role.source !== role.target;
  const from = isCopied && split.sources !== undefined ? split.sources : split;
  const mean =
    role.source === null || study.mean === 'target'
      ? { task: target, ...keptOf(split) }
      : { task: taskNamed(from, role.source), ...keptOf(from) };
  const counts = taskFacts(target, split);
  const schedule = stretched(
    { ...scheduleOf(study.solver, counts.train), learningRate: role.rate ?? study.solver.lr },
    treatments[role.treatment].schedules ?? 1,
  );
  const shortName = networkName(role);
  const folder = repeat === 0 ? split.name : `${split.name}-r${repeat}`;
  const base = originOf(place, role);
  const pretrained = pretrainedOf(study, role);
  const content =
    pretrained === null
      ? identityContent(place, role, { target, mean, schedule, base })
      : pretrainedContent(place, role, pretrained);
  return {
    ...role,
    name: `${folder}/${shortName}`,
    shortName,
    family: split.family,
    split: split.name,
    repeat,
    folder,
    phase: phaseOf(role),
    requires: base === null ? null : base.name,
    identity: identityOf(content),
    content,
    task: taskSpec(target, split),
    meanOf: mean.task.name,
    meanTask: taskSpec(mean.task, mean),
    schedule,
    form: target.data.form,
    trainImages: counts.train,
    valImages: counts.val,
    asideImages: counts.aside,
    ...(split.sources === undefined
      ? {}
      : { sizeOf: { family: split.sources.family, split: split.sources.name } }),
    ...(pretrained === null ? {} : { pretrained }),
  };
}

function phaseOf({ treatment, ordinal }: NetworkRole): Phase {
  if (treatment === 'base') return ordinal === undefined ? 'base' : `base-${ordinal}`;
  const { schedules, from } = treatments[treatment];
  if (schedules !== undefined) return 'long';
  return from === undefined ? 'transfer' : 'continued';
}

function taskNamed({ tasks }: Split, name: string): SplitTask {
  return tasks.find((task) => task.name === name) as SplitTask;
}

/** What a network copies from. */
function originOf(
  { split, planned, sources }: PlaceInPlan,
  role: NetworkRole,
): PlannedNetwork | null {
  const { treatment, source, target } = role;
  if (source === null) return null;
  const { from } = treatments[treatment];
  const base = { treatment: 'base', source: null, target: source, n: 0 } as const;
  const name = networkName(from === undefined ? base : { ...role, treatment: from });
  // A network that is trained on from is of this place, as the target's own base is.
  const isHere = split.sources === undefined || from !== undefined || source === target;
  return (isHere ? planned : sources).get(name) as PlannedNetwork;
}

function keptOf({ imagesPerClass, selection }: Split): KeptImages {
  return { imagesPerClass, ...(selection === undefined ? {} : { selection }) };
}

function taskSpec({ data, classes }: SplitTask, kept: KeptImages): TaskSpec {
  const { imagesPerClass, selection } = kept;
  return {
    ...{ store: data.store, classes, imagesPerClass },
    ...(selection === undefined ? {} : { selection }),
  };
}

/** Stream names of a network's fresh weights, frozen random layers and dropout: the same at every
 *  learning rate, so that networks of several differ in nothing else. */
export function networkStreams(
  network: PlannedNetwork,
  seed: number,
): {
  readonly initStream: readonly Json[];
  readonly frozenInitStream: readonly Json[];
  readonly dropoutStream: readonly Json[];
} {
  const { split, repeat, target } = network;
  const place = { seed, split, repeat };
  const name = plainName(network);
  return {
    initStream: initStream(place, name),
    frozenInitStream: frozenInitStream(place, target),
    dropoutStream: dropoutStream(place, name),
  };
}
