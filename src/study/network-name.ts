// Names of networks, written exactly as the paper writes them: printing and parsing are inverse.
import { letterOf, taskLetters, type TaskName, taskOf } from './tasks.js';
import { fitsTask, type TreatmentKind, treatmentKinds, treatments } from './treatments.js';

/** What a network is: its treatment, where its copied layers come from, its target, and n. */
export interface NetworkRole {
  readonly treatment: TreatmentKind;
  /** Task of the base whose layers are copied; null for base and random. */
  readonly source: TaskName | null;
  readonly target: TaskName;
  /** Copied (or frozen random) weight layers; 0 for base, L for warm restart. */
  readonly n: number;
  /** Of several bases of one task: 2, 3, ...; left out: the first, and everything else. */
  readonly ordinal?: number;
  /** Its learning rate, if that is not the study's first. */
  readonly rate?: number;
}

/** The name of a role, e.g. `baseB`, `A3B+`, `R3B`, `A3B-p1`, `baseB-2` (a second base of task B),
 *  `A3B+@0.03` (at a further learning rate); where there is one task only: `base`, `R3`. */
export function networkName(role: NetworkRole): string {
  return role.rate === undefined ? plainName(role) : `${plainName(role)}@${role.rate}`;
}

/** The name without the learning rate: networks that differ in it alone have it in common. */
export function plainName({ treatment, source, target, n, ordinal }: NetworkRole): string {
  const { layers, suffix } = treatments[treatment];
  const first = layers === 'none' ? 'base' : `${source ?? 'R'}${n}`;
  const last = ordinal === undefined ? '' : `-${ordinal}`;
  return `${first}${letterOf(target) ?? ''}${suffix}${last}`;
}

const pattern = new RegExp(
  `^(?:base|(R|${taskLetters})([1-9][0-9]*))(${taskLetters})?([^A-Za-z0-9].*)?$`,
);

const furtherRate = /^([^@]+)@([^@]+)$/;

const furtherBase = /^(base[A-Z]?)-([2-9]|[1-9][0-9]+)$/;

/** The role that a name stands for in networks of `layerCount` weight layers; null if the text is
 *  not such a name. */
export function parseNetworkName(text: string, layerCount: number): NetworkRole | null {
  const atRate = furtherRate.exec(text);
  if (atRate !== null) {
    const [, name = '', digits = ''] = atRate;
    const role = parseNetworkName(name, layerCount);
    const rate = Number(digits);
    // As it is printed, and no other way.
    const isRate = rate > 0 && Number.isFinite(rate) && String(rate) === digits;
    return role === null || !isRate ? null : { ...role, rate };
  }
  const further = furtherBase.exec(text);
  if (further !== null) {
    const first = parseNetworkName(further[1] as string, layerCount);
    return first === null ? null : { ...first, ordinal: Number(further[2]) };
  }
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, first, digits = '0', letter = null, suffix = ''] = match;
  const source = first === undefined || first === 'R' ? null : first;
  const role = { source, target: taskOf(letter), n: Number(digits) };
  const treatment = treatmentKinds.find(
    (kind) => treatments[kind].suffix === suffix && isRoleOf(kind, role, layerCount),
  );
  return treatment === undefined ? null : { treatment, ...role };
}

function isRoleOf(
  kind: TreatmentKind,
  { source, target, n }: Omit<NetworkRole, 'treatment'>,
  layerCount: number,
): boolean {
  const rule = treatments[kind];
  const from = source === null ? 'none' : source === target ? 'target' : 'other';
  const hasLayers = {
    none: n === 0,
    some: n > 0 && n < layerCount && n + rule.preserved <= layerCount,
    all: n === layerCount,
  };
  return rule.source === from && hasLayers[rule.layers] && fitsTask(kind, target);
}
