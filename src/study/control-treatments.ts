// Controls that later work asked for: rows of the table of treatments that no study has unless it
// names them.
import type { TreatmentRule } from './treatment-rule.js';

/** Rows of the table, after the paper's own. */
export const controlTreatments = {
  'base-long': {
    meaning:
      'From fresh weights, one schedule of twice the length (He et al. 2019): what the time of a ' +
      'second training is worth without copying.',
    words: 'base, twice as long',
    label: 'base, twice as long',
    short: 'long',
    suffix: '-long',
    source: 'none',
    layers: 'none',
    frozen: 'none',
    preserved: 0,
    schedules: 2,
    controls: [{ against: 'base', place: 10 }],
    inFigure2: 'mark',
    countsDead: false,
    byDefault: false,
  },
  'BnB>': {
    meaning:
      'Selffer, then all: starts from the finished BnB, classifier too, and all layers learn for a ' +
      'further full schedule. Above BnB = tuning mends what was torn apart.',
    words: 'frozen, then all tuned',
    label: 'BnB> then all tuned',
    short: 'BnB>',
    suffix: '>',
    source: 'target',
    from: 'BnB',
    layers: 'some',
    frozen: 'none',
    preserved: 0,
    controls: [],
    inFigure2: 'none',
    countsDead: false,
    byDefault: false,
  },
  'AnB>': {
    meaning:
      'Transfer, then all: starts from the finished AnB, classifier too, and all layers learn for ' +
      'a further full schedule (LP-FT, Kumar et al. 2022).',
    words: 'frozen, then all tuned',
    label: 'AnB> then all tuned',
    short: 'AnB>',
    suffix: '>',
    source: 'other',
    from: 'AnB',
    layers: 'some',
    frozen: 'none',
    preserved: 0,
    controls: [
      { against: 'AnB+', place: 13 },
      { against: 'AnB', place: 14 },
      { against: 'warm-restart-2', place: 19 },
    ],
    inFigure2: 'none',
    countsDead: false,
    byDefault: false,
  },
  'BnB-only': {
    meaning:
      'All layers but the last are copied from the base of the same task; layer n and the fresh ' +
      'last one learn, the others are frozen.',
    words: 'only layer n tuned',
    label: 'BnB-only n tuned',
    short: 'BnB-only',
    suffix: '-only',
    source: 'target',
    layers: 'some',
    frozen: 'others',
    preserved: 0,
    controls: [],
    inFigure2: 'none',
    countsDead: false,
    byDefault: false,
  },
  'AnB-only': {
    meaning:
      'All layers but the last are copied from the base of the other task; layer n and the fresh ' +
      'last one learn, the others are frozen (surgical fine-tuning, Lee et al. 2023).',
    words: 'only layer n tuned',
    label: 'AnB-only n tuned',
    short: 'AnB-only',
    suffix: '-only',
    source: 'other',
    layers: 'some',
    frozen: 'others',
    preserved: 0,
    controls: [{ against: 'AnB+', place: 15 }],
    inFigure2: 'none',
    countsDead: false,
    byDefault: false,
  },
  'AnB-moments': {
    meaning:
      'As AnB+, but layers 1..n are random, drawn tensor by tensor with the mean and standard ' +
      'deviation of the other base\u2019s (Raghu et al. 2019): scale without features.',
    words: 'moments, tuned',
    label: 'AnB-moments, tuned',
    short: 'moments',
    suffix: '-moments',
    source: 'other',
    takes: 'moments',
    layers: 'some',
    frozen: 'none',
    preserved: 0,
    controls: [
      { against: 'base', place: 16 },
      { against: 'AnB+', place: 17 },
    ],
    inFigure2: 'none',
    countsDead: false,
    byDefault: false,
  },
  'AnB+-slow': {
    meaning:
      'As AnB+, but the copied layers learn at a tenth of the rate, or at the study\u2019s ' +
      'copiedRate if it gives one.',
    words: 'transfer, slowly tuned',
    label: 'AnB+-slow, tuned',
    short: 'slow',
    suffix: '+-slow',
    source: 'other',
    layers: 'some',
    frozen: 'none',
    preserved: 0,
    copiedRate: 0.1,
    controls: [{ against: 'AnB+', place: 18 }],
    inFigure2: 'none',
    countsDead: false,
    byDefault: false,
  },
  'warm-restart-2': {
    meaning:
      'The warm restart, trained for a further full schedule: the control for \u201ctrained three ' +
      'times\u201d.',
    words: 'second warm restart',
    label: 'second warm restart',
    short: 'restart2',
    suffix: '++',
    source: 'target',
    from: 'warm-restart',
    layers: 'all',
    frozen: 'none',
    preserved: 0,
    controls: [],
    inFigure2: 'none',
    countsDead: false,
    byDefault: false,
  },
} as const satisfies Readonly<Record<string, TreatmentRule>>;
