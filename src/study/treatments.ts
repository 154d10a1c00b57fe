// The treatments of a network, written as the paper writes them: one table, and all that names,
// plans, results, figures and reports need to know of each.
import { letterOf, type TaskName } from './tasks.js';

/** What a treatment is compared with in paired tests. */
interface Control<Kind extends string> {
  /** Another treatment. */
  readonly against: Kind;
  /** Place of the question among all of them in results.json, the most asked first. */
  readonly place: number;
}

/** Everything that differs between treatments. */
export interface TreatmentRule<Kind extends string = string> {
  /** One sentence or two for readers, written for a network of task B and a base of task A. */
  readonly meaning: string;
  /** The same in a few words, beside its row in Figure 1. */
  readonly words: string;
  /** In legends: at most 20 characters, so that three columns fit (Vega without a canvas
   *  overestimates widths). */
  readonly label: string;
  /** Left of an axis: at most 8 characters. */
  readonly short: string;
  /** What follows the target's letter in a network's name. */
  readonly suffix: string;
  /** Whose weights the first n layers get: fresh ones, those of the target's own base, or those of
   *  another task's base. */
  readonly source: 'none' | 'target' | 'other';
  /** Which n it is trained for: none (0), every n of the study, or L. */
  readonly layers: 'none' | 'some' | 'all';
  /** Whether layers 1..n stay as they are. */
  readonly frozen: boolean;
  /** Further layers n+1..n+preserved that are copied too and learn (the authors' unpublished
   *  "preserved" networks). */
  readonly preserved: 0 | 1 | 2;
  /** Paired tests that it joins. */
  readonly controls: readonly Control<Kind>[];
  /** In Figure 2: a line of means and marks, marks alone, or nothing (random features may lie far
   *  below and have their own figure). */
  readonly inFigure2: 'line' | 'mark' | 'none';
  /** Whether dead networks count in means: of random features, death is the finding. */
  readonly countsDead: boolean;
  /** Whether studies that do not say which treatments they want have it. */
  readonly byDefault: boolean;
}

const table = {
  base: {
    meaning: 'Trained on its task from fresh weights: the reference of everything else.',
    words: 'base',
    label: 'base',
    short: 'base',
    suffix: '',
    source: 'none',
    layers: 'none',
    frozen: false,
    preserved: 0,
    controls: [],
    inFigure2: 'mark',
    countsDead: false,
    byDefault: true,
  },
  BnB: {
    meaning:
      'Selffer: the first n layers are copied from the base of the same task and frozen; the rest ' +
      'starts fresh. Below the base = co-adapted layers were torn apart.',
    words: 'selffer, frozen',
    label: 'BnB selffer, frozen',
    short: 'BnB',
    suffix: '',
    source: 'target',
    layers: 'some',
    frozen: true,
    preserved: 0,
    controls: [{ against: 'base', place: 9 }],
    inFigure2: 'line',
    countsDead: false,
    byDefault: true,
  },
  'BnB+': {
    meaning:
      'Fine-tuned selffer: as BnB, but the copied layers keep learning: what copying and a ' +
      'second training do without another task.',
    words: 'selffer, tuned',
    label: 'BnB+ selffer, tuned',
    short: 'BnB+',
    suffix: '+',
    source: 'target',
    layers: 'some',
    frozen: false,
    preserved: 0,
    controls: [
      { against: 'warm-restart', place: 3 },
      { against: 'base', place: 5 },
    ],
    inFigure2: 'line',
    countsDead: false,
    byDefault: true,
  },
  AnB: {
    meaning:
      'Transfer: the first n layers are copied from the base of the other task and frozen; the ' +
      'rest starts fresh. Below BnB = features are specific to the other task.',
    words: 'transfer, frozen',
    label: 'AnB transfer, frozen',
    short: 'AnB',
    suffix: '',
    source: 'other',
    layers: 'some',
    frozen: true,
    preserved: 0,
    controls: [
      { against: 'BnB', place: 6 },
      { against: 'random', place: 7 },
      { against: 'base', place: 8 },
    ],
    inFigure2: 'line',
    countsDead: false,
    byDefault: true,
  },
  'AnB+': {
    meaning: 'Fine-tuned transfer: as AnB, but the copied layers keep learning.',
    words: 'transfer, tuned',
    label: 'AnB+ transfer, tuned',
    short: 'AnB+',
    suffix: '+',
    source: 'other',
    layers: 'some',
    frozen: false,
    preserved: 0,
    controls: [
      { against: 'BnB+', place: 1 },
      { against: 'warm-restart', place: 2 },
      { against: 'base', place: 4 },
    ],
    inFigure2: 'line',
    countsDead: false,
    byDefault: true,
  },
  random: {
    meaning: 'The first n layers are fresh and frozen: features nobody trained.',
    words: 'random, frozen',
    label: 'random, frozen',
    short: 'random',
    suffix: '',
    source: 'none',
    layers: 'some',
    frozen: true,
    preserved: 0,
    controls: [],
    inFigure2: 'none',
    countsDead: true,
    byDefault: true,
  },
  'warm-restart': {
    meaning:
      'All layers of the base of the same task, classifier included, trained for a second full ' +
      'schedule: the control for \u201ctrained twice\u201d.',
    words: 'warm restart',
    label: 'warm restart',
    short: 'restart',
    suffix: '+',
    source: 'target',
    layers: 'all',
    frozen: false,
    preserved: 0,
    controls: [],
    inFigure2: 'line',
    countsDead: false,
    byDefault: true,
  },
  'BnB-p1': {
    meaning: 'As BnB, and layer n + 1 is copied too and learns (\u201cpreserved\u201d).',
    words: 'next one kept',
    label: 'BnB-p1 next kept',
    short: 'BnB-p1',
    suffix: '-p1',
    source: 'target',
    layers: 'some',
    frozen: true,
    preserved: 1,
    controls: [],
    inFigure2: 'mark',
    countsDead: false,
    byDefault: false,
  },
  'BnB-p2': {
    meaning: 'As BnB, and layers n + 1 and n + 2 are copied too and learn.',
    words: 'next two kept',
    label: 'BnB-p2 next 2 kept',
    short: 'BnB-p2',
    suffix: '-p2',
    source: 'target',
    layers: 'some',
    frozen: true,
    preserved: 2,
    controls: [],
    inFigure2: 'mark',
    countsDead: false,
    byDefault: false,
  },
  'AnB-p1': {
    meaning: 'As AnB, and layer n + 1 is copied too and learns (\u201cpreserved\u201d).',
    words: 'next one kept',
    label: 'AnB-p1 next kept',
    short: 'AnB-p1',
    suffix: '-p1',
    source: 'other',
    layers: 'some',
    frozen: true,
    preserved: 1,
    controls: [],
    inFigure2: 'mark',
    countsDead: false,
    byDefault: false,
  },
  'AnB-p2': {
    meaning: 'As AnB, and layers n + 1 and n + 2 are copied too and learn.',
    words: 'next two kept',
    label: 'AnB-p2 next 2 kept',
    short: 'AnB-p2',
    suffix: '-p2',
    source: 'other',
    layers: 'some',
    frozen: true,
    preserved: 2,
    controls: [],
    inFigure2: 'mark',
    countsDead: false,
    byDefault: false,
  },
} as const satisfies Readonly<Record<string, TreatmentRule>>;

/** Name of a treatment as study files and results.json write it. */
export type TreatmentKind = keyof typeof table;

/** Every treatment; the order is that of reports, legends and results.json. */
export const treatments: Readonly<Record<TreatmentKind, TreatmentRule<TreatmentKind>>> = table;

/** All treatments in the table's order. */
export const treatmentKinds = Object.keys(treatments) as readonly TreatmentKind[];

/** What a study trains that does not say which. */
export const defaultTreatments: readonly TreatmentKind[] = treatmentKinds.filter(
  (kind) => treatments[kind].byDefault,
);

/** Whether a treatment makes sense for a task: the whole set has no second task, and nothing is
 *  copied there. */
export function fitsTask(treatment: TreatmentKind, target: TaskName): boolean {
  return letterOf(target) !== null || treatments[treatment].source === 'none';
}
