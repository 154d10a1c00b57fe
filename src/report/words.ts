// The words of the report: each treatment in one sentence.
import type { Treatment } from '../study/results/types.js';

/** What a treatment does, for a network of task B. */
export const treatmentSentences: Readonly<Record<Treatment, string>> = {
  base: 'Trained on its task from fresh weights: the reference of everything else.',
  BnB: 'Selffer: the first n layers are copied from the base of the same task and frozen; the rest starts fresh. Below the base = co-adapted layers were torn apart.',
  'BnB+':
    'Fine-tuned selffer: as BnB, but the copied layers go on learning: what copying and a second training do without another task.',
  AnB: 'Transfer: the first n layers are copied from the base of the other task and frozen; the rest starts fresh. Below BnB = features are specific to the other task.',
  'AnB+': 'Fine-tuned transfer: as AnB, but the copied layers go on learning.',
  random: 'The first n layers are fresh and frozen: features nobody trained.',
  'warm-restart':
    'All layers of the base of the same task, classifier included, trained for a second full schedule: the control for \u201ctrained twice\u201d.',
  'BnB-p1': 'As BnB, and layer n + 1 is copied too and learns (\u201cpreserved\u201d).',
  'BnB-p2': 'As BnB, and layers n + 1 and n + 2 are copied too and learn.',
  'AnB-p1': 'As AnB, and layer n + 1 is copied too and learns (\u201cpreserved\u201d).',
  'AnB-p2': 'As AnB, and layers n + 1 and n + 2 are copied too and learn.',
};
