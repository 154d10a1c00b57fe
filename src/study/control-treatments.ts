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
    frozen: false,
    preserved: 0,
    schedules: 2,
    controls: [{ against: 'base', place: 10 }],
    inFigure2: 'mark',
    countsDead: false,
    byDefault: false,
  },
} as const satisfies Readonly<Record<string, TreatmentRule>>;
