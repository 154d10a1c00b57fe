// The figures of a report, in its order, matched ones before the absolute ones that they explain;
// those without data are left out.
import { summariseMeasurements } from '../study/measurements/summary.js';
import type { Measurements } from '../study/measurements/types.js';
import { partsOf } from '../study/results/family.js';
import { type FigureId, figureName, type FigureName } from '../study/results/figure-ids.js';
import { directionOf, taskLabel } from '../study/results/task-labels.js';
import type { Results } from '../study/results/types.js';
import { type TreatmentKind, treatments } from '../study/treatments.js';
import { ghostWords } from './against.js';
import { controlsFigure, isControl } from './controls.js';
import { decompositionSpec, dropBars } from './decomposition.js';
import { figure1 } from './figure1.js';
import { intervalWords } from './format.js';
import { bottomFigure, matchedBottomFigure, matchedTopFigure, topFigure } from './figure2.js';
import { figure3 } from './figure3.js';
import { curveValues, learningCurvesSpec, type LearningCurve } from './learning-curves.js';
import { type MeasurementFigureId, measurementFigures } from './measurements.js';
import { preservedFigure } from './preserved.js';
import { reducedPoints, reducedSpec } from './reduced-data.js';
import { learningRateFigure } from './learning-rates.js';
import type { Figure } from './spec.js';
import { targetSizeFigure } from './target-size.js';

/** The figures of a report. */
export interface FigureSet {
  readonly figures: readonly Figure[];
  /** Words for those that the study is about and that have no data, or none yet. */
  readonly withoutData: readonly string[];
}

/** All figures that these results and learning curves have data for.
 *  @param against another study, laid over every figure but the learning curves, hollow and
 *  dotted
 *  @param measurements what was measured without training, of these results' networks */
export function figuresOf(
  results: Results,
  curves: readonly LearningCurve[] = [],
  against: Results | null = null,
  measurements: Measurements | null = null,
): FigureSet {
  const made = [
    ...allCandidates(results, curves, against),
    ...(measurements === null ? [] : measuredCandidates(results, measurements)),
  ].map((candidate) => ({
    ...candidate,
    figure: makeSafely(candidate),
  }));
  const figures = made.flatMap(({ figure }) => (figure === null ? [] : [figure]));
  return {
    figures,
    withoutData: made.flatMap(({ figure, words, isAbout }) =>
      figure === null && isAbout ? [words] : [],
    ),
  };
}

/** A figure that a report may have. */
interface Candidate {
  readonly id: FigureName;
  /** What it is called where it is missing. */
  readonly words: string;
  /** Whether the study is about it, so that its absence is worth a word. */
  readonly isAbout: boolean;
  /** The figure; null without data. */
  readonly make: () => Figure | null;
}

// Figures of the main family's lines and marks come once a target where its tasks are unlike.
const byTarget: ReadonlySet<string> = new Set<FigureId>([
  'figure2-bottom-matched',
  'figure2-top-matched',
  'decomposition',
  'figure2-bottom',
  'figure2-top',
  'preserved-matched',
  'preserved',
  'controls-matched',
  'controls',
]);

function allCandidates(
  results: Results,
  curves: readonly LearningCurve[],
  against: Results | null,
): readonly Candidate[] {
  const { family } = results.study;
  const parts = partsOf(results).map((part) => {
    const { target } = part;
    const other = against === null ? null : sameTarget(against, results, target);
    const direction =
      target === null || family === null ? null : directionOf(results, family, target);
    return { target, direction, rows: candidates(part.results, curves, other) };
  });
  return candidates(results, curves, against).flatMap((row, place): readonly Candidate[] =>
    byTarget.has(row.id)
      ? parts.flatMap(({ target, direction, rows }) => {
          const own = rows[place];
          return own === undefined ? [] : [ontoTarget(own, target, direction)];
        })
      : [row],
  );
}

// In the place of n that drops have, and once a target as these.
function measuredCandidates(results: Results, measurements: Measurements): readonly Candidate[] {
  const { family } = results.study;
  const ids = Object.keys(measurementFigures) as readonly MeasurementFigureId[];
  return ids.flatMap((id) =>
    partsOf(results).map(({ target, results: part }) => {
      const { words, make } = measurementFigures[id];
      const direction =
        target === null || family === null ? null : directionOf(results, family, target);
      const view = { target, decomposition: part.decomposition };
      const summary = summariseMeasurements(results, measurements, view);
      const row = { id, words, isAbout: false, make: () => summary && make(part, summary) };
      return ontoTarget(row, target, direction);
    }),
  );
}

function ontoTarget(row: Row, target: string | null, direction: string | null): Candidate {
  if (direction === null) return row;
  const id = figureName(row.id, target);
  const make = (): Figure | null => {
    const figure = row.make();
    return figure === null ? null : { ...figure, id, title: `${figure.title}, ${direction}` };
  };
  return { ...row, id, words: `${row.words}, ${direction}`, make };
}

// The other study's networks of the same target, where it has an answer a target too.
function sameTarget(against: Results, results: Results, target: string | null): Results {
  const { family } = against.study;
  if (family === null || target === null || results.study.family === null) return against;
  const label = taskLabel(results, results.study.family, target) ?? target;
  const part = partsOf(against).find(
    (each) =>
      each.target !== null && (taskLabel(against, family, each.target) ?? each.target) === label,
  );
  return part?.results ?? against;
}

/** A figure of one part. */
type Row = Candidate & { readonly id: FigureId };

function candidates(
  results: Results,
  curves: readonly LearningCurve[],
  against: Results | null,
): readonly Row[] {
  const plans = (is: (treatment: TreatmentKind) => boolean) =>
    results.networks.some(({ treatment }) => is(treatment));
  const figure2 = plans((kind) => kind !== 'base' && treatments[kind].inFigure2 !== 'none');
  const lines = plans((kind) => treatments[kind].inFigure2 === 'line');
  const both = plans((kind) => kind === 'BnB') && plans((kind) => kind === 'AnB');
  const random = plans((kind) => kind === 'random');
  const preserved = plans((kind) => treatments[kind].preserved > 0);
  const controls = plans(isControl);
  const reduced = results.networks.some(({ family }) => family === 'reduced');
  const rated = results.rates !== undefined;
  const sized = results.networks.some(({ sizeOf }) => sizeOf !== undefined);
  const rows: readonly (readonly [FigureId, string, boolean, () => Figure | null])[] = [
    [
      'figure2-bottom-matched',
      'Figure 2, bottom, matched',
      lines,
      () => matchedBottomFigure(results, against),
    ],
    [
      'figure2-top-matched',
      'Figure 2, top, matched',
      figure2,
      () => matchedTopFigure(results, against),
    ],
    ['decomposition', 'the parts of the loss', both, () => decompositionFigure(results, against)],
    ['figure1', 'Figure 1', true, () => figure1(results)],
    ['figure2-bottom', 'Figure 2, bottom', lines, () => bottomFigure(results, against)],
    ['figure2-top', 'Figure 2, top', figure2, () => topFigure(results, against)],
    ['figure3-matched', 'Figure 3, matched', random, () => figure3(results, 'matched', against)],
    ['figure3', 'Figure 3', random, () => figure3(results, 'accuracy', against)],
    [
      'preserved-matched',
      'preserved layers, matched',
      preserved,
      () => preservedFigure(results, 'matched'),
    ],
    ['preserved', 'preserved layers', preserved, () => preservedFigure(results, 'accuracy')],
    ['controls-matched', 'controls, matched', controls, () => controlsFigure(results, 'matched')],
    ['controls', 'controls', controls, () => controlsFigure(results, 'accuracy')],
    ['reduced-data', 'reduced data', reduced, () => reducedFigure(results, against)],
    ['target-size', 'gains by target size', sized, () => targetSizeFigure(results)],
    ['learning-rates', 'learning rates', rated, () => learningRateFigure(results)],
    ['learning-curves', 'learning curves', curves.length > 0, () => curvesFigure(results, curves)],
  ];
  return rows.map(([id, words, isAbout, make]) => ({
    id,
    words,
    isAbout,
    make: () => {
      const figure = make();
      return figure === null || against === null ? figure : withGhostWords(figure, against);
    },
  }));
}

// A figure that cannot be made fails when it is drawn: the others, and the report, do not.
function makeSafely({ id, words, make }: Candidate): Figure | null {
  try {
    return make();
  } catch (error) {
    const spec = (): never => {
      throw error;
    };
    return { id, title: words, caption: '', alt: '', spec };
  }
}

const withoutOther: ReadonlySet<string> = new Set<FigureId>([
  ...(['figure1', 'preserved', 'preserved-matched', 'controls', 'controls-matched'] as const),
  'target-size',
  'learning-rates',
  'learning-curves',
]);

function withGhostWords(figure: Figure, against: Results): Figure {
  if (withoutOther.has(figure.id)) return figure;
  const words = `${ghostWords(against)}. Layers beyond this network\u2019s are left out.`;
  return { ...figure, caption: `${figure.caption} ${words}` };
}

function decompositionFigure(results: Results, against: Results | null): Figure | null {
  if (dropBars(results).length === 0) return null;
  const hasInterval = results.decomposition.some((point) => point.coadaptationLowPt !== null);
  return {
    id: 'decomposition',
    title: 'What the loss of frozen transfer is made of',
    caption: [
      'Co-adaptation drop (base \u2212 BnB) and specificity drop (BnB \u2212 AnB),',
      'over the (split, target) pairs that have all three. Positive = loss.',
      hasInterval
        ? `Whiskers: ${intervalWords(results.intervals)}.`
        : 'No intervals: they need 3 independent values.',
      ...(against === null ? [] : ['Diamonds: the other study.']),
    ].join(' '),
    alt: 'Bars of co-adaptation and specificity drop by number of layers copied.',
    spec: (theme, room) => decompositionSpec(results, theme, against, room),
  };
}

function reducedFigure(results: Results, against: Results | null): Figure | null {
  if (reducedPoints(results).length === 0) return null;
  return {
    id: 'reduced-data',
    title: 'Reduced data',
    caption: [
      'Accuracy of base networks trained on the first k images of each class, against k,',
      'on linear axes and on logarithmic ones.',
      'They are bases themselves, so there is no matched form.',
      'Open: never left chance. Numbers under the lower axis: networks behind each point.',
    ].join(' '),
    alt: 'Accuracy by number of training images per class.',
    spec: (theme, room) => reducedSpec(results, theme, against, room),
  };
}

function curvesFigure(results: Results, curves: readonly LearningCurve[]): Figure | null {
  if (curveValues(results, curves).length === 0) return null;
  return {
    id: 'learning-curves',
    title: 'Learning curves',
    caption:
      'Top-1 test accuracy during training: one line a network, coloured by n (0 = base). Dotted: chance, where it is in sight.',
    alt: 'Test accuracy by epoch, one panel a treatment.',
    spec: (theme, room) => learningCurvesSpec(results, curves, theme, room),
  };
}
