// Figures of what was measured without training: linear probes, similarity, movement, and segments
// put back, by cut or segment.
import type {
  DropCorrelation,
  MeasuredPoint,
  MeasurementSummary,
  TreatmentPoints,
} from '../study/measurements/summary.js';
import type { FigureId } from '../study/results/figure-ids.js';
import type { Results } from '../study/results/types.js';
import { type TreatmentKind, treatments } from '../study/treatments.js';
import { chanceLevels } from './chance.js';
import { formatAccuracy, formatInterval, intervalWords } from './format.js';
import { lineColor, markStyles } from './marks.js';
import { type MeasuredPanel, measuredSpec, seriesPoints } from './measured-panels.js';
import type { Series, SeriesLook } from './series-panel.js';
import type { Figure } from './spec.js';

/** Ids of these figures. */
export type MeasurementFigureId = Extract<
  FigureId,
  'linear-probes' | 'similarity' | 'movement' | 'resets'
>;

type Maker = (results: Results, summary: MeasurementSummary) => Figure | null;

/** What each is called where it is missing, and how it is made; null without data. */
export const measurementFigures: Readonly<
  Record<MeasurementFigureId, { readonly words: string; readonly make: Maker }>
> = {
  'linear-probes': { words: 'linear probes', make: probeFigure },
  similarity: { words: 'similarity of networks', make: similarityFigure },
  movement: { words: 'how far layers moved', make: movementFigure },
  resets: { words: 'segments put back', make: resetFigure },
};

const looks = {
  own: { shape: 'circle', light: '#2c5fc4', dark: '#5f92f2' },
  other: { shape: 'diamond', light: '#c9301c', dark: '#f0705a' },
  bases: { shape: 'triangle-up', light: '#5f7a1f', dark: '#a9c15f' },
  again: { shape: 'square', light: '#59636e', dark: '#a2adb8', dash: [6, 3] },
} as const satisfies Readonly<Record<string, SeriesLook>>;

function probeFigure(results: Results, summary: MeasurementSummary): Figure | null {
  const series = [
    line('own', 'base of the same task', 'own', looks.own, summary.ownProbes),
    line('other', 'base of another task', 'other', looks.other, summary.otherProbes),
  ].flat();
  const words = correlationWords(summary.correlations, ['probe', 'probe-loss']);
  return figureOf(results, 'linear-probes', {
    title: 'Linear probes: what a linear classifier makes of the features at each cut',
    caption: `Accuracy on all validation images of a task of a linear classifier (logistic regression) of what leaves cut n of a base; fitted to some training images, nothing else is trained.${words}`,
    panel: {
      ...{ title: 'linear probes', measure: 'accuracy', series },
      ...{ yTitle: 'accuracy of the probe', chance: chanceLevels(results, 'accuracy') },
      ...{ xTitle: 'n: number of layers below the probe', words: accuracyWords },
    },
  });
}

function similarityFigure(results: Results, summary: MeasurementSummary): Figure | null {
  // What is frozen is the same.
  const isSame = ({ points }: TreatmentPoints): boolean =>
    points.every(({ mean }) => Math.abs(mean - 1) < 1e-6);
  const copies = summary.withSource
    .filter((each) => !isSame(each))
    .map((each) => treatmentLine(each, `${each.treatment} with its source`));
  const series = [
    line('other', 'bases of two tasks', 'A, B', looks.bases, summary.betweenTasks),
    line('again', 'two bases of one task', 'B, B', looks.again, summary.withinTask),
    ...copies,
  ].flat();
  const words = correlationWords(summary.correlations, ['similarity']);
  return figureOf(results, 'similarity', {
    title: 'Similarity: how alike two networks are at each segment',
    caption: `Linear CKA of the outputs of a segment on the same validation images (of each of the two tasks in turn; of the target for a network and what it copied, at the last segment copied; frozen ones, at 1, are left out). 1: the same but for rotation and scale; 0: unrelated.${words}`,
    panel: {
      ...{ title: 'similarity', measure: 'accuracy', series, yTitle: 'linear CKA' },
      ...{ xTitle: 'segment; for networks with what they copied, n', words: plainWords },
    },
  });
}

function movementFigure(results: Results, summary: MeasurementSummary): Figure | null {
  const learning = summary.movement.filter(({ points }) => points.some(({ mean }) => mean !== 0));
  const series = learning.map((each) => treatmentLine(each, treatments[each.treatment].label));
  return figureOf(results, 'movement', {
    title: 'Movement: how far copied layers went from where they began',
    caption:
      'Distance |w \u2212 w0| / |w0| of a segment\u2019s weights w from the copied ones w0, over all networks that copied it. Frozen segments, at exactly 0, are left out.',
    panel: {
      ...{ title: 'movement', measure: 'accuracy', series: series.flat() },
      ...{ yTitle: '|w \u2212 w0| / |w0|', xTitle: 'segment', words: plainWords },
    },
  });
}

function resetFigure(results: Results, summary: MeasurementSummary): Figure | null {
  const series = [
    line('own', 'its own first values', 'first', looks.own, summary.initialResets),
    line('other', 'other random values', 'random', looks.other, summary.redrawnResets),
  ].flat();
  return figureOf(results, 'resets', {
    title: 'Resets: what a base loses when one segment is put back',
    caption:
      'Accuracy on all validation images of a base with one segment at first values, minus its own; nothing is trained. Near 0: the segment hardly needed its training.',
    panel: {
      ...{ title: 'resets', measure: 'matched', series, yTitle: 'change, Pt' },
      ...{ xTitle: 'segment put back', words: pointWords },
    },
  });
}

interface FigureText {
  readonly title: string;
  readonly caption: string;
  readonly panel: MeasuredPanel;
}

function figureOf(
  results: Results,
  id: MeasurementFigureId,
  { title, caption, panel }: FigureText,
): Figure | null {
  if (panel.series.length === 0) return null;
  const hasInterval = panel.series.some(({ points }) => points.some(({ low }) => low !== null));
  const bands = hasInterval
    ? `Bands or whiskers: ${intervalWords(results.intervals)}, where there are 3 values or more.`
    : 'No intervals: they need 3 independent values.';
  return {
    ...{ id, title },
    caption: `${caption} ${bands}`,
    alt: `${title}, by segment, above the drops of frozen networks.`,
    spec: (theme, room) => measuredSpec(results, panel, theme, room),
  };
}

function line(
  id: string,
  name: string,
  short: string,
  look: SeriesLook,
  points: readonly MeasuredPoint[],
): readonly Series[] {
  if (points.length === 0) return [];
  return [{ ...{ id, treatment: 'base', name, short, look }, points: seriesPoints(points) }];
}

function treatmentLine({ treatment, points }: TreatmentPoints, name: string): readonly Series[] {
  const { short } = treatments[treatment];
  return [
    {
      id: treatment,
      treatment,
      name,
      short,
      look: lookOf(treatment),
      points: seriesPoints(points),
    },
  ];
}

function lookOf(treatment: TreatmentKind): SeriesLook {
  const { shape, dash } = markStyles[treatment];
  const [light, dark] = [lineColor(treatment, 'light'), lineColor(treatment, 'dark')];
  return { shape, dash, light, dark };
}

type Point = Series['points'][number];

function withRange({ y, low, high }: Point, format: (value: number) => string): string {
  if (low === null || high === null) return format(y);
  return `${format(y)} [${format(low)}, ${format(high)}]`;
}

function accuracyWords(point: Point): string {
  return `accuracy ${withRange(point, formatAccuracy)}`;
}

function plainWords(point: Point): string {
  return withRange(point, (value) => value.toFixed(2));
}

function pointWords({ y, low, high }: Point): string {
  return formatInterval(y, low, high);
}

const correlated: Readonly<Record<DropCorrelation['of'], string>> = {
  probe: 'probes on the base of another task',
  'probe-loss': 'what these lose against the base of the same task',
  similarity: 'the similarity of the bases',
};

/** " Rank correlation with the specificity drop over 6 n: ...", or nothing. */
function correlationWords(
  all: readonly DropCorrelation[],
  wanted: readonly DropCorrelation['of'][],
): string {
  const own = all.filter(({ of }) => wanted.includes(of));
  if (own.length === 0) return '';
  const parts = own.map(
    ({ of, rho, cuts }) => `${formatRho(rho)} of ${correlated[of]} (${cuts} n)`,
  );
  return ` Rank correlation over n with the specificity drop: ${parts.join('; ')}. Neighbouring n are not independent.`;
}

// "+0.90".
function formatRho(rho: number): string {
  const digits = Math.abs(rho).toFixed(2);
  return `${Number(digits) === 0 ? '' : rho < 0 ? '\u2212' : '+'}${digits}`;
}
