// The four forms of Figure 2: every network or mean lines, absolute or matched.
import type { Results } from '../study/results/types.js';
import { treatmentKinds, treatments } from '../study/treatments.js';
import type { Measure } from './axes.js';
import { curveOf } from './line-points.js';
import { chanceLevels } from './chance.js';
import { formatAccuracy, formatPoints, intervalWords } from './format.js';
import { hasBands, linesSpec } from './lines.js';
import { type Region, regionsOf } from './regions.js';
import { scatterPoints, scatterSpec } from './scatter.js';
import type { Figure } from './spec.js';

function hasMarks(results: Results, measure: Measure): boolean {
  return scatterPoints(results, measure).some((point) => point.treatment !== 'base');
}

function hasLines(results: Results, measure: Measure): boolean {
  return treatmentKinds.some(
    (kind) => treatments[kind].inFigure2 === 'line' && curveOf(results, kind, measure).length > 0,
  );
}

const markWords =
  'Circles: copied from the same task (selffer); diamonds: copied from the other task (transfer); ' +
  'with a plus: copied layers fine-tuned, without: frozen; square: warm restart.';
const regionNames: { readonly [K in Region]: string } = {
  'co-adaptation': 'base to BnB (co-adaptation)',
  specificity: 'BnB to AnB (specificity)',
  gain: 'base to AnB+ (gain)',
};

function markedIntervals(results: Results, measure: Measure): string {
  const curves = treatmentKinds
    .filter((kind) => treatments[kind].inFigure2 === 'line')
    .map((kind) => curveOf(results, kind, measure));
  const marks = hasBands(curves) ? 'Bands and whiskers are' : 'Whiskers, side by side, are';
  return `${marks} ${intervalWords(results.intervals)}`;
}

// Effects that no interval resolves are neither filled nor named.
function regionWords(results: Results): string {
  const regions = regionsOf(results).map((region) => regionNames[region]);
  return regions.length === 0
    ? 'No drop and no gain is resolved by its interval, so none is marked.'
    : `Filled, where intervals resolve them: ${regions.join(', ')}.`;
}

function chanceWords(results: Results, measure: Measure): string {
  const levels = chanceLevels(results, measure);
  if (levels.length === 0) return '';
  const values = levels.map((level) =>
    measure === 'accuracy' ? formatAccuracy(level) : `${formatPoints(level)} Pt`,
  );
  return ` Chance: ${values.join(', ')}.`;
}

/** Every network as one mark, against n; null without data. */
export function topFigure(results: Results, against: Results | null): Figure | null {
  if (!hasMarks(results, 'accuracy')) return null;
  return {
    id: 'figure2-top',
    title: 'Figure 2, top: every network',
    caption: [
      'Accuracy of each network on its target task against n, the number of layers copied.',
      `${markWords} Dashed: mean base.${chanceWords(results, 'accuracy')}`,
      'Tasks differ in difficulty, so compare with the matched version.',
    ].join(' '),
    alt: 'Scatter plot of accuracy by number of layers copied, one mark a network.',
    spec: (theme, room) => scatterSpec(results, 'accuracy', theme, against, room),
  };
}

/** Mean lines by treatment against n; null without data. */
export function bottomFigure(results: Results, against: Results | null): Figure | null {
  if (!hasLines(results, 'accuracy')) return null;
  return {
    id: 'figure2-bottom',
    title: 'Figure 2, bottom: mean lines',
    caption: `Mean accuracy for each treatment and n; every line starts at the mean base. ${markedIntervals(results, 'accuracy')}${intervalNote(results, 'lines')}. ${regionWords(results)}${chanceWords(results, 'accuracy')}`,
    alt: 'Mean accuracy by number of layers copied, one line a treatment, with intervals.',
    spec: (theme, room) => linesSpec(results, 'accuracy', theme, against, room),
  };
}

/** Every network against its own base; null without data. */
export function matchedTopFigure(results: Results, against: Results | null): Figure | null {
  if (!hasMarks(results, 'matched')) return null;
  return {
    id: 'figure2-top-matched',
    title: 'Figure 2, top, matched: every network against its own base',
    caption: [
      'Each network minus the mean base of its own split and target, in percentage points:',
      `what is left is the treatment. ${markWords}${chanceWords(results, 'matched')}`,
    ].join(' '),
    alt: 'Scatter plot of the difference to the own base by number of layers copied.',
    spec: (theme, room) => scatterSpec(results, 'matched', theme, against, room),
  };
}

/** Mean differences to the own base; null without data. */
export function matchedBottomFigure(results: Results, against: Results | null): Figure | null {
  if (!hasLines(results, 'matched')) return null;
  return {
    id: 'figure2-bottom-matched',
    title: 'Figure 2, bottom, matched: mean differences to the own base',
    caption: `Mean over networks of the difference to the own base. ${markedIntervals(results, 'matched')}${intervalNote(results, 'matched')}. ${regionWords(results)}${chanceWords(results, 'matched')}`,
    alt: 'Mean difference to the own base by number of layers copied, with intervals.',
    spec: (theme, room) => linesSpec(results, 'matched', theme, against, room),
  };
}

function intervalNote(results: Results, kind: 'lines' | 'matched'): string {
  const points = Object.values(results[kind]).flat() as readonly Record<string, unknown>[];
  const key = kind === 'lines' ? 'low' : 'lowPt';
  const missing = points.filter(
    (point) => (point['networks'] as number) > 0 && point[key] === null,
  );
  if (missing.length === 0) return '';
  return missing.length === points.length
    ? ': none here, they need 3 independent values'
    : ' where there are 3 or more';
}
