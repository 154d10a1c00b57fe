// The treatments of a network and the names of networks, written exactly as the paper writes them.

/** Which task's images a network is trained and tested on, or copied from; `whole` when there is only one. */
export type TaskName = 'A' | 'B' | 'whole';

/** What a treatment does, in one table. */
export interface TreatmentRule {
  /** One sentence for reports. */
  readonly meaning: string;
  /** Whose weights the first n layers get: fresh ones, those of the target's own base, or those of the other task's base. */
  readonly source: 'none' | 'target' | 'other';
  /** Which n it is trained for: none (0), every n of the study, or L. */
  readonly layers: 'none' | 'some' | 'all';
  /** Whether layers 1..n stay as they are. */
  readonly frozen: boolean;
}

/** Every treatment; the order is that of reports. */
export const treatments = {
  base: {
    meaning: 'All layers start at random and are trained on the target task: the reference.',
    source: 'none',
    layers: 'none',
    frozen: false,
  },
  BnB: {
    meaning:
      'Selffer: the first n layers are copied from the target’s own base and frozen, the rest starts at random; its loss against the base is the co-adaptation drop.',
    source: 'target',
    layers: 'some',
    frozen: true,
  },
  'BnB+': {
    meaning:
      'Fine-tuned selffer: the first n layers are copied from the target’s own base and go on learning; the control for AnB+.',
    source: 'target',
    layers: 'some',
    frozen: false,
  },
  AnB: {
    meaning:
      'Transfer: the first n layers are copied from the other task’s base and frozen, the rest starts at random; its loss against BnB is the specificity drop.',
    source: 'other',
    layers: 'some',
    frozen: true,
  },
  'AnB+': {
    meaning:
      'Fine-tuned transfer: the first n layers are copied from the other task’s base and go on learning; what practitioners do.',
    source: 'other',
    layers: 'some',
    frozen: false,
  },
  random: {
    meaning: 'The first n layers stay at their random start, the rest is trained above them.',
    source: 'none',
    layers: 'some',
    frozen: true,
  },
  'warm-restart': {
    meaning:
      'All layers, the classifier too, are copied from the target’s own base and trained for a second full schedule; shows what training twice does by itself.',
    source: 'target',
    layers: 'all',
    frozen: false,
  },
} as const satisfies Readonly<Record<string, TreatmentRule>>;

/** Name of a treatment as study files and results.json write it. */
export type TreatmentKind = keyof typeof treatments;

/** All treatments in the table's order. */
export const treatmentKinds = Object.keys(treatments) as readonly TreatmentKind[];

/** What a network is: its treatment, where its copied layers come from, its target, and n. */
export interface NetworkRole {
  readonly treatment: TreatmentKind;
  /** Task of the base whose layers are copied; null for base and random. */
  readonly source: TaskName | null;
  readonly target: TaskName;
  /** Copied (or frozen random) weight layers; 0 for base, L for warm restart. */
  readonly n: number;
}

/** The name of a role, e.g. `baseB`, `A3B+`, `R3B`; where there is one task only: `base`, `R3`. */
export function networkName({ treatment, source, target, n }: NetworkRole): string {
  const letter = target === 'whole' ? '' : target;
  if (treatment === 'base') return `base${letter}`;
  if (treatment === 'random') return `R${n}${letter}`;
  return `${source ?? ''}${n}${letter}${treatments[treatment].frozen ? '' : '+'}`;
}

/** The role that a name stands for in networks of `layerCount` weight layers; null if the text is no such name. */
export function parseNetworkName(text: string, layerCount: number): NetworkRole | null {
  const base = /^base(A|B|)$/.exec(text);
  if (base) {
    return { treatment: 'base', source: null, target: (base[1] || 'whole') as TaskName, n: 0 };
  }
  const other = /^(A|B|R)([1-9][0-9]*)(A|B|)(\+|)$/.exec(text);
  if (!other) return null;
  const [, from = '', digits = '', letter = '', plus = ''] = other;
  const n = Number(digits);
  const target = (letter || 'whole') as TaskName;
  if (from === 'R') {
    if (plus || n >= layerCount) return null;
    return { treatment: 'random', source: null, target, n };
  }
  if (target === 'whole') return null;
  const role = (treatment: TreatmentKind): NetworkRole => ({
    treatment,
    source: from as TaskName,
    target,
    n,
  });
  if (n === layerCount) return from === target && plus ? role('warm-restart') : null;
  if (n > layerCount) return null;
  if (from === target) return role(plus ? 'BnB+' : 'BnB');
  return role(plus ? 'AnB+' : 'AnB');
}
