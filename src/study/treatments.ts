// The treatments of a network and the names of networks, written exactly as the paper writes them.

/** Which task's images a network is trained and tested on, or copied from; `whole` when there is
 *  only one. */
export type TaskName = 'A' | 'B' | 'whole';

/** What a treatment does, in one table. */
export interface TreatmentRule {
  /** One sentence for reports. */
  readonly meaning: string;
  /** Whose weights the first n layers get: fresh ones, those of the target's own base, or those of
   *  the other task's base. */
  readonly source: 'none' | 'target' | 'other';
  /** Which n it is trained for: none (0), every n of the study, or L. */
  readonly layers: 'none' | 'some' | 'all';
  /** Whether layers 1..n stay as they are. */
  readonly frozen: boolean;
  /** Further layers n+1..n+preserved that are copied too and go on learning (the authors'
   *  unpublished "preserved" networks). */
  readonly preserved: 0 | 1 | 2;
}

/** Every treatment; the order is that of reports. */
export const treatments = {
  base: {
    meaning: 'All layers start at random and are trained on the target task: the reference.',
    source: 'none',
    layers: 'none',
    frozen: false,
    preserved: 0,
  },
  BnB: {
    meaning:
      'Selffer: the first n layers are copied from the target’s own base and frozen, the rest starts at random; its loss against the base is the co-adaptation drop.',
    source: 'target',
    layers: 'some',
    frozen: true,
    preserved: 0,
  },
  'BnB+': {
    meaning:
      'Fine-tuned selffer: the first n layers are copied from the target’s own base and go on learning; the control for AnB+.',
    source: 'target',
    layers: 'some',
    frozen: false,
    preserved: 0,
  },
  AnB: {
    meaning:
      'Transfer: the first n layers are copied from the other task’s base and frozen, the rest starts at random; its loss against BnB is the specificity drop.',
    source: 'other',
    layers: 'some',
    frozen: true,
    preserved: 0,
  },
  'AnB+': {
    meaning:
      'Fine-tuned transfer: the first n layers are copied from the other task’s base and go on learning; what practitioners do.',
    source: 'other',
    layers: 'some',
    frozen: false,
    preserved: 0,
  },
  random: {
    meaning: 'The first n layers stay at their random start, the rest is trained above them.',
    source: 'none',
    layers: 'some',
    frozen: true,
    preserved: 0,
  },
  'warm-restart': {
    meaning:
      'All layers, the classifier too, are copied from the target’s own base and trained for a second full schedule; shows what training twice does by itself.',
    source: 'target',
    layers: 'all',
    frozen: false,
    preserved: 0,
  },
  'BnB-p1': {
    meaning:
      'Preserved: as BnB, and the next layer is copied from the target’s own base too, and learn: does keeping co-adapted neighbours together save the loss?',
    source: 'target',
    layers: 'some',
    frozen: true,
    preserved: 1,
  },
  'BnB-p2': {
    meaning:
      'Preserved: as BnB, and the next two are copied from the target’s own base too, and learn: does keeping co-adapted neighbours together save the loss?',
    source: 'target',
    layers: 'some',
    frozen: true,
    preserved: 2,
  },
  'AnB-p1': {
    meaning:
      'Preserved: as AnB, and the next layer is copied from the other task’s base too, and learn: does keeping co-adapted neighbours together save the loss?',
    source: 'other',
    layers: 'some',
    frozen: true,
    preserved: 1,
  },
  'AnB-p2': {
    meaning:
      'Preserved: as AnB, and the next two are copied from the other task’s base too, and learn: does keeping co-adapted neighbours together save the loss?',
    source: 'other',
    layers: 'some',
    frozen: true,
    preserved: 2,
  },
} as const satisfies Readonly<Record<string, TreatmentRule>>;

/** Name of a treatment as study files and results.json write it. */
export type TreatmentKind = keyof typeof treatments;

/** All treatments in the table's order. */
export const treatmentKinds = Object.keys(treatments) as readonly TreatmentKind[];

/** What a study trains that does not say which. */
export const defaultTreatments: readonly TreatmentKind[] = treatmentKinds.filter(
  (kind) => treatments[kind].preserved === 0,
);

/** What a network is: its treatment, where its copied layers come from, its target, and n. */
export interface NetworkRole {
  readonly treatment: TreatmentKind;
  /** Task of the base whose layers are copied; null for base and random. */
  readonly source: TaskName | null;
  readonly target: TaskName;
  /** Copied (or frozen random) weight layers; 0 for base, L for warm restart. */
  readonly n: number;
}

/** Whether a treatment makes sense for a task: the whole set has no second task, and nothing is
 *  copied there. */
export function fitsTask(treatment: TreatmentKind, target: TaskName): boolean {
  return target !== 'whole' || treatments[treatment].source === 'none';
}

/** The name of a role, e.g. `baseB`, `A3B+`, `R3B`, `A3B-p1`; where there is one task only: `base`,
 *  `R3`. */
export function networkName({ treatment, source, target, n }: NetworkRole): string {
  const letter = target === 'whole' ? '' : target;
  if (treatment === 'base') return `base${letter}`;
  if (treatment === 'random') return `R${n}${letter}`;
  const { frozen, preserved } = treatments[treatment];
  return `${source ?? ''}${n}${letter}${frozen ? '' : '+'}${preserved > 0 ? `-p${preserved}` : ''}`;
}

/** The role that a name stands for in networks of `layerCount` weight layers; null if the text is
 *  no such name. */
export function parseNetworkName(text: string, layerCount: number): NetworkRole | null {
  const base = /^base(A|B|)$/.exec(text);
  if (base) {
    return { treatment: 'base', source: null, target: (base[1] || 'whole') as TaskName, n: 0 };
  }
  const other = /^(A|B|R)([1-9][0-9]*)(A|B|)(\+|-p[12]|)$/.exec(text);
  if (!other) return null;
  const [, from = '', digits = '', letter = '', suffix = ''] = other;
  const n = Number(digits);
  const target = (letter || 'whole') as TaskName;
  if (from === 'R') {
    if (suffix !== '' || n >= layerCount) return null;
    return { treatment: 'random', source: null, target, n };
  }
  if (target === 'whole') return null;
  const treatment = copiedTreatment(from === target, suffix as Suffix, n, layerCount);
  return treatment === null ? null : { treatment, source: from as TaskName, target, n };
}

type Suffix = '' | '+' | '-p1' | '-p2';

function copiedTreatment(
  isSelffer: boolean,
  suffix: Suffix,
  n: number,
  layerCount: number,
): TreatmentKind | null {
  if (n === layerCount) return isSelffer && suffix === '+' ? 'warm-restart' : null;
  const treatment = `${isSelffer ? 'BnB' : 'AnB'}${suffix}` as const;
  return n + treatments[treatment].preserved > layerCount ? null : treatment;
}
