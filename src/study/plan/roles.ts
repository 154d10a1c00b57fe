// Which networks a split has: bases, those at further learning rates, and what is compared with
// them.
import { classifierOutputs } from '../../net/classifier.js';
import { segmentsOf } from '../../net/cuts.js';
import { type NetworkRole } from '../network-name.js';
import type { Study } from '../study.js';
import { type TaskName, wholeSet } from '../tasks.js';
import { fitsTask, treatments, withOrigins } from '../treatments.js';
import { pretrainedOf } from './network-content.js';
import { sourcesOf, type Split } from './splits.js';

/** Bases first (those that are asked for and those that others copy), then by target, treatment and
 *  n. */
export function splitRoles(study: Study, split: Split): readonly NetworkRole[] {
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
  return [...bases, ...furtherRates(study, bases, targets), ...rest];
}

// What is only copied from needs no further bases: they are there to be compared with.
function basesOf(study: Study, target: TaskName, isTarget: boolean): readonly NetworkRole[] {
  const first: NetworkRole = { treatment: 'base', source: null, target, n: 0 };
  const count = isTarget && study.treatments.includes('base') ? (study.basesPerTarget ?? 1) : 1;
  const further = Array.from({ length: count - 1 }, (_, at) => ({ ...first, ordinal: at + 2 }));
  return [first, ...further];
}

// Copies are taken from bases of the first rate: which is the best is not known before all are
// trained. Bases of others are there to be compared with.
function furtherRates(
  study: Study,
  bases: readonly NetworkRole[],
  targets: readonly TaskName[],
): readonly NetworkRole[] {
  const isCompared = (role: NetworkRole): boolean =>
    study.treatments.includes('base') &&
    targets.includes(role.target) &&
    pretrainedOf(study, role) === null;
  return otherRates(study).flatMap((rate) =>
    bases.filter(isCompared).map((role) => ({ ...role, rate })),
  );
}

function otherRates({ solver: { lr, rates = [lr] } }: Study): readonly number[] {
  return rates.slice(1);
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
        const layers = { none: [0], all: [last], some: study.layers.filter(fits) };
        return layers[rule.layers].flatMap((n): readonly NetworkRole[] => {
          const role = { treatment, source, target, n };
          return [role, ...otherRates(study).map((rate) => ({ ...role, rate }))];
        });
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
