// What an identity holds: all that determines a network's numbers, written as hashed.
import type { PretrainedBase } from '../pretrained/pretrained-base.js';
import type { Schedule } from '../../train/job.js';
import { type NetworkRole, plainName } from '../network-name.js';
import type { Study } from '../study.js';
import { treatments } from '../treatments.js';
import { writtenSchedule } from './canonical.js';
import {
  type IdentityContent,
  type IdentityParts,
  numericsVersion,
  reference,
} from './identity.js';
import { type KeptImages, networkReference, taskReference } from './shared-parts.js';
import type { Split, SplitTask } from './splits.js';

/** Where a network is planned. */
interface ContentPlace {
  readonly study: Study;
  readonly split: Split;
  readonly repeat: number;
  readonly parts: IdentityParts;
}

/** What of a network's facts its identity holds beside its place and its role. */
interface IdentityFacts {
  readonly target: SplitTask;
  /** Whose mean image is subtracted, of how many images a class. */
  readonly mean: KeptImages & { readonly task: SplitTask };
  readonly schedule: Schedule;
  /** What it copies from. */
  readonly base: { readonly identity: string } | null;
}

/** Content of the identity of a network that is trained. */
export function identityContent(
  { study, split, repeat, parts }: ContentPlace,
  role: NetworkRole,
  { target, mean, schedule, base }: IdentityFacts,
): IdentityContent {
  return {
    numericsVersion,
    network: networkReference(study.network, parts),
    solver: reference(writtenSchedule(schedule), parts),
    target: taskReference(target, split, parts),
    mean: taskReference(mean.task, mean, parts),
    mirror: study.mirror,
    // Only where it is not the usual order: identities of older studies stay.
    ...(study.augment === undefined ? {} : { augment: { ...study.augment } }),
    ...(study.shuffle === undefined ? {} : { shuffle: { ...study.shuffle } }),
    precision: study.precision,
    seed: study.seed,
    split: split.name,
    repeat,
    // Its rate is the schedule's: a study of that rate alone has the same network.
    name: plainName(role),
    treatment: role.treatment,
    source: base === null ? null : base.identity,
    // Only where it changes numbers: a base is the same base whatever it is.
    ...copiedRateOf(study, role),
    ...frozenStatisticsOf(study, role),
  };
}

/** The factor of the rate of a network's copied layers, if any of them learns. */
export function copiedRateOf(
  { solver }: Study,
  { source, treatment }: Pick<NetworkRole, 'source' | 'treatment'>,
): { readonly copiedRate?: number } {
  const { frozen, preserved, takes, ...rule } = treatments[treatment];
  const learns = source !== null && takes === undefined && (frozen !== 'first' || preserved > 0);
  const copiedRate = solver.copiedRate ?? rule.copiedRate;
  return copiedRate === undefined || !learns ? {} : { copiedRate };
}

/** Whether a network re-estimates the statistics of what it freezes: of others it changes
 *  nothing. */
export function frozenStatisticsOf(
  { frozenStatistics }: Study,
  { treatment }: Pick<NetworkRole, 'treatment'>,
): { readonly frozenStatistics?: 'target' } {
  const { frozen } = treatments[treatment];
  return frozenStatistics === undefined || frozen === 'none' ? {} : { frozenStatistics };
}

/** The file that a network is read from; null if it is trained. */
export function pretrainedOf({ bases = {} }: Study, role: NetworkRole): PretrainedBase | null {
  return role.treatment === 'base' ? (bases[role.target as 'A' | 'B'] ?? null) : null;
}

/** Content of the identity of a base that is read: its numbers come from its weights and nothing
 *  else, neither seed nor split nor images, nor where the file lies. */
export function pretrainedContent(
  { study, parts }: ContentPlace,
  role: NetworkRole,
  { weights }: PretrainedBase,
): IdentityContent {
  return {
    numericsVersion,
    network: networkReference(study.network, parts),
    pretrained: { weights },
    name: plainName(role),
    treatment: role.treatment,
    source: null,
  };
}
