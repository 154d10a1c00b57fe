// The figures of a report, in its order; those without data are left out.
import type { Results } from '../study/results/types.js';
import { treatmentKinds, treatments } from '../study/treatments.js';
import { ghostWords } from './against.js';
import type { Measure } from './axes.js';
import { decompositionSpec, dropBars } from './decomposition.js';
import { figure1 } from './figure1.js';
import { figure3 } from './figure3.js';
import { learningCurvesSpec, type LearningCurve } from './learning-curves.js';
import { linesSpec } from './lines.js';
import { preservedFigure } from './preserved.js';
import { reducedPoints, reducedSpec } from './reduced-data.js';
import { scatterPoints, scatterSpec } from './scatter.js';
import type { Figure } from './spec.js';

/** All figures that these results and learning curves have data for.
 *  @param against another study, laid over every figure but the learning curves, hollow and
 *  dotted */
export function figuresOf(
  results: Results,
  curves: readonly LearningCurve[] = [],
  against: Results | null = null,
): Figure[] {
  const names = new Set(results.networks.map((network) => network.name));
  const hasCurves = curves.some((curve) => names.has(curve.name) && curve.tests.length > 0);
  const candidates: readonly (readonly [boolean, Figure | null])[] = [
    [hasMarks(results, 'accuracy'), figure1(results)],
    [hasMarks(results, 'accuracy'), topFigure(results, against)],
    [hasLines(results), bottomFigure(results, against)],
    [hasMarks(results, 'matched'), matchedTopFigure(results, against)],
    [hasLines(results) && results.base.mean !== null, matchedBottomFigure(results, against)],
    [dropBars(results).length > 0, decompositionFigure(results, against)],
    [true, figure3(results, 'accuracy', against)],
    [true, figure3(results, 'matched', against)],
    [true, preservedFigure(results, 'accuracy')],
    [true, preservedFigure(results, 'matched')],
    [reducedPoints(results).length > 0, reducedFigure(results, against)],
    [hasCurves, curvesFigure(results, curves)],
  ];
  const figures = candidates.flatMap(([hasData, figure]) =>
    hasData && figure !== null ? [figure] : [],
  );
  if (against === null) return figures;
  const words = `${ghostWords(against)}. Layers beyond this network\u2019s are left out.`;
  return figures.map((figure) =>
    withoutOther.has(figure.id) ? figure : { ...figure, caption: `${figure.caption} ${words}` },
  );
}

const withoutOther = new Set(['figure1', 'preserved', 'preserved-matched', 'learning-curves']);

function hasMarks(results: Results, measure: Measure): boolean {
  return scatterPoints(results, measure).some((point) => point.treatment !== 'base');
}

function hasLines(results: Results): boolean {
  return treatmentKinds.some(
    (kind) =>
      treatments[kind].inFigure2 === 'line' &&
      (results.lines[kind] ?? []).some((point) => point.mean !== null),
  );
}

const markWords =
  'Circles: copied from the same task (selffer); diamonds: copied from the other task (transfer); ' +
  'pale with a plus: copied layers fine-tuned; full: frozen; square: warm restart.';
const bandWords = 'Bands and whiskers are 95 % intervals over (split, target, repeat) clusters';
const regionWords =
  'Filled regions: base to BnB (co-adaptation), BnB to AnB (specificity), base to AnB+ (gain).';

function topFigure(results: Results, against: Results | null): Figure {
  return {
    id: 'figure2-top',
    title: 'Figure 2, top: every network',
    caption: [
      'Accuracy of each network on its target task against n, the number of layers copied.',
      `${markWords} Dashed: mean base.`,
      'Tasks differ in difficulty, so compare with the matched version.',
    ].join(' '),
    alt: 'Scatter plot of accuracy by number of layers copied, one mark a network.',
    spec: (theme) => scatterSpec(results, 'accuracy', theme, against),
  };
}

function bottomFigure(results: Results, against: Results | null): Figure {
  return {
    id: 'figure2-bottom',
    title: 'Figure 2, bottom: mean lines',
    caption: `Mean accuracy for each treatment and n; every line starts at the mean base. ${bandWords}${intervalNote(results, 'lines')}. ${regionWords}`,
    alt: 'Mean accuracy by number of layers copied, one line a treatment, with interval bands.',
    spec: (theme) => linesSpec(results, 'accuracy', theme, against),
  };
}

function matchedTopFigure(results: Results, against: Results | null): Figure {
  return {
    id: 'figure2-top-matched',
    title: 'Figure 2, top, matched: every network against its own base',
    caption: [
      'Each network minus the mean base of its own split and target, in percentage points:',
      `what is left is the treatment. ${markWords}`,
    ].join(' '),
    alt: 'Scatter plot of the difference to the own base by number of layers copied.',
    spec: (theme) => scatterSpec(results, 'matched', theme, against),
  };
}

function matchedBottomFigure(results: Results, against: Results | null): Figure {
  return {
    id: 'figure2-bottom-matched',
    title: 'Figure 2, bottom, matched: mean differences to the own base',
    caption: `Mean over networks of the difference to the own base. ${bandWords}${intervalNote(results, 'matched')}. ${regionWords}`,
    alt: 'Mean difference to the own base by number of layers copied, with interval bands.',
    spec: (theme) => linesSpec(results, 'matched', theme, against),
  };
}

function decompositionFigure(results: Results, against: Results | null): Figure {
  const hasInterval = results.decomposition.some((point) => point.coadaptationLowPt !== null);
  return {
    id: 'decomposition',
    title: 'What the loss of frozen transfer is made of',
    caption: [
      'Co-adaptation drop (base \u2212 BnB) and specificity drop (BnB \u2212 AnB),',
      'over the (split, target) pairs that have all three. Positive = loss.',
      hasInterval ? 'Whiskers: 95 % intervals.' : 'No intervals: they need 3 clusters.',
      ...(against === null ? [] : ['Diamonds: the other study.']),
    ].join(' '),
    alt: 'Bars of co-adaptation and specificity drop by number of layers copied.',
    spec: (theme) => decompositionSpec(results, theme, against),
  };
}

function reducedFigure(results: Results, against: Results | null): Figure {
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
    spec: (theme) => reducedSpec(results, theme, against),
  };
}

function curvesFigure(results: Results, curves: readonly LearningCurve[]): Figure {
  return {
    id: 'learning-curves',
    title: 'Learning curves',
    caption: 'Top-1 test accuracy during training: one line a network, coloured by n (0 = base).',
    alt: 'Test accuracy by epoch, one panel a treatment.',
    spec: (theme) => learningCurvesSpec(results, curves, theme),
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
    ? ': none here, they need 3 clusters'
    : ' where there are 3 or more';
}
