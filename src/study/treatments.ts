// The treatments of a network, written as the paper writes them: one table, and all that names,
// plans, results, figures and reports need to know of each.
import { controlTreatments } from './control-treatments.js';
import { letterOf, type TaskName } from './tasks.js';
import type { TreatmentRule } from './treatment-rule.js';

const table = {
  base: {
    meaning: 'Trained on its task from fresh weights: the reference of everything else.',
    words: 'base',
    label: 'base',
    short: 'base',
    suffix: '',
    source: 'none',
    layers: 'none',
    frozen: 'none',
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
    frozen: 'first',
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
    frozen: 'none',
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
    frozen: 'first',
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
    frozen: 'none',
    preserved: 0,
    controls: [
      { against: 'BnB+', place: 1 },
      { against: 'warm-restart', place: 2 },
      { against: 'base', place: 4 },
      { against: 'base-long', place: 11 },
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
    frozen: 'first',
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
    frozen: 'none',
    preserved: 0,
    controls: [{ against: 'base-long', place: 12 }],
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
    frozen: 'first',
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
    frozen: 'first',
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
    frozen: 'first',
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
    frozen: 'first',
    preserved: 2,
    controls: [],
    inFigure2: 'mark',
    countsDead: false,
    byDefault: false,
  },
  ...controlTreatments,
} as const satisfies Readonly<Record<string, TreatmentRule>>;

/** Name of a treatment as study files and results.json write it. @useDeclaredType */
export type TreatmentKind = keyof typeof table;

/** Every treatment; the order is that of reports, legends and results.json. */
export const treatments: Readonly<Record<TreatmentKind, TreatmentRule<TreatmentKind>>> = table;

/** All treatments in the table's order. */
export const treatmentKinds = Object.keys(treatments) as readonly TreatmentKind[];

/** What a study trains that does not say which. */
export const defaultTreatments: readonly TreatmentKind[] = treatmentKinds.filter(
  (kind) => treatments[kind].byDefault,
);

/** These treatments and those that they go on from, in the table's order. */
export function withOrigins(kinds: readonly TreatmentKind[]): readonly TreatmentKind[] {
  const origins = kinds.flatMap((kind) => treatments[kind].from ?? []);
  return treatmentKinds.filter((kind) => kinds.includes(kind) || origins.includes(kind));
}

/** Whether a treatment makes sense for a task: the whole set has no second task, and nothing is
 *  copied there. */
export function fitsTask(treatment: TreatmentKind, target: TaskName): boolean {
  return letterOf(target) !== null || treatments[treatment].source === 'none';
}
