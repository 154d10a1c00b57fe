// The plan: every network of a study, a base before what copies it, with all that determines its
// numbers.
import type { Json } from '../../base/canonical-json.js';
import { PlanError } from '../../base/errors.js';
import type { ImageForm } from '../../data/image-form.js';
import { classifierOutputs } from '../../net/classifier.js';
import { segmentsOf } from '../../net/cuts.js';
import { checkNetwork } from '../../net/check.js';
import type { FurtherTest, Schedule, TaskSpec } from '../../train/job.js';
import { withFurtherTests } from './further-tests.js';
import { type IdentityContent, identityOf, type IdentityParts } from './identity.js';
import { identityContent, pretrainedContent, pretrainedOf } from './network-content.js';
import type { Family, SizeOf, TaskLabels } from '../results/types.js';
import { scheduleOf, stretched } from './schedule.js';
import { taskFacts } from './shared-parts.js';
import {
  checkTasks,
  type FactsOf,
  sourcesOf,
  type Split,
  type SplitTask,
  studySplits,
  taskLabels,
} from './splits.js';
import { dropoutStream, frozenInitStream, initStream, type Phase } from './streams.js';
import type { PretrainedBase } from '../pretrained/pretrained-base.js';
import type { Study } from '../study.js';
import { networkName, type NetworkRole } from '../network-name.js';
import { type TaskName, wholeSet } from '../tasks.js';
import { fitsTask, treatments, withOrigins } from '../treatments.js';

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
  return { ...plan, networks: withFurtherTests(plan.networks, study.tests, factsOf) };
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

/** Bases first (those that are asked for and those that others copy), then by target, treatment and
 *  n. */
function splitRoles(study: Study, split: Split): readonly NetworkRole[] {
  const names = split.tasks.map(({ name }) => name);
  const targets = names.filter((name) => name === wholeSet || study.targets.includes(name));
  const all = targets.flatMap((target) => targetRoles(study, split, target));
  const rest = split.onlySources ? [] : all;
  const isCopiedHere = ({ source, target }: NetworkRole): boolean =>
    split.onlySources ? source !== target : split.sources === undefined || source === target;
  const wanted = new Set([
    ...(study.treatments.includes('base') && !split.onlySources ? targets : []),
    ...all.filter(isCopiedHere).map(({ source }) => source),
  ]);
  const bases = names
    .filter((name) => wanted.has(name))
    .flatMap((target) => basesOf(study, target, targets.includes(target)));
  return [...bases, ...rest];
}

// What is only copied from needs no further bases: they are there to be compared with.
function basesOf(study: Study, target: TaskName, isTarget: boolean): readonly NetworkRole[] {
  const first: NetworkRole = { treatment: 'base', source: null, target, n: 0 };
  const count = isTarget && study.treatments.includes('base') ? (study.basesPerTarget ?? 1) : 1;
  const further = Array.from({ length: count - 1 }, (_, at) => ({ ...first, ordinal: at + 2 }));
  return [first, ...further];
}

function targetRoles(study: Study, split: Split, target: TaskName): readonly NetworkRole[] {
  const last = segmentsOf(study.network).length;
  return withOrigins(study.treatments)
    .filter((treatment) => treatment !== 'base' && fitsTask(treatment, target))
    .flatMap((treatment) =>
      sourcesOf(treatment, target, split).flatMap((source) => {
        const rule = treatments[treatment];
        const fits = (n: number): boolean =>
          canCopy(study, split, { source, target }, n + rule.preserved);
        const layers = rule.layers === 'all' ? [last] : study.layers.filter(fits);
        return layers.map((n): NetworkRole => ({ treatment, source, target, n }));
      }),
    );
}

// A preserved segment may hold the classifier; that of another task fits only where both have as
// many outputs.
function canCopy(
  study: Study,
  split: Split,
  { source, target }: Pick<NetworkRole, 'source' | 'target'>,
  copied: number,
): boolean {
  const segments = segmentsOf(study.network).length;
  if (copied !== segments) return copied < segments;
  const countOf = (name: TaskName | null): number | undefined =>
    study.bases?.[name as 'A' | 'B']?.classes ??
    split.tasks.find((task) => task.name === name)?.classes.length;
  return classifierOutputs(study.network) !== 'classes' || countOf(source) === countOf(target);
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
  const { imagesPerClass } = split;
  const target = taskNamed(split, role.target);
  const isCopied = role.source !== null && role.source !== role.target;
  const from = isCopied && split.sources !== undefined ? split.sources : split;
  const mean =
    role.source === null || study.mean === 'target'
      ? { task: target, imagesPerClass }
      : { task: taskNamed(from, role.source), imagesPerClass: from.imagesPerClass };
  const counts = taskFacts(target, imagesPerClass);
  const schedule = stretched(
    scheduleOf(study.solver, counts.train),
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
    task: taskSpec(target, imagesPerClass),
    meanOf: mean.task.name,
    meanTask: taskSpec(mean.task, mean.imagesPerClass),
    schedule,
    form: target.data.form,
    trainImages: counts.train,
    valImages: counts.val,
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

function taskSpec({ data, classes }: SplitTask, imagesPerClass: number | null): TaskSpec {
  return { store: data.store, classes, imagesPerClass };
}

/** Stream names of a network's fresh weights, frozen random layers and dropout. */
export function networkStreams(
  { split, repeat, shortName, target }: PlannedNetwork,
  seed: number,
): {
  readonly initStream: readonly Json[];
  readonly frozenInitStream: readonly Json[];
  readonly dropoutStream: readonly Json[];
} {
  const place = { seed, split, repeat };
  return {
    initStream: initStream(place, shortName),
    frozenInitStream: frozenInitStream(place, target),
    dropoutStream: dropoutStream(place, shortName),
  };
}
