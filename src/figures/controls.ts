// The controls that later work asked for, beside what they are compared with.
import type { Results } from '../study/results/types.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../study/treatments.js';
import { layerAxis, nameHeight, legendColumns, type Measure, plotSize } from './axes.js';
import { intervalWords } from './format.js';
import { curveOf } from './line-points.js';
import { lineColor, markStyles } from './marks.js';
import { panelsSpec, type Series } from './series-panel.js';
import type { Figure, Room, ThemeName, VegaLiteSpec } from './spec.js';

interface ControlPanel {
  readonly title: string;
  /** What the controls are compared with. */
  readonly references: readonly TreatmentKind[];
  readonly controls: readonly TreatmentKind[];
}

const panels: readonly ControlPanel[] = [
  {
    title: 'transfer: from the other task',
    references: ['AnB', 'AnB+', 'warm-restart'],
    controls: controlsWhere((kind) => kind.startsWith('AnB') || !isAlongN(kind)),
  },
  {
    title: 'selffer: from the own task',
    references: ['BnB', 'BnB+'],
    controls: controlsWhere((kind) => kind.startsWith('BnB')),
  },
];

function controlsWhere(is: (kind: TreatmentKind) => boolean): readonly TreatmentKind[] {
  return treatmentKinds.filter((kind) => isControl(kind) && is(kind));
}

/** Whether this figure is about a treatment: one that no study has unless it asks for it. Preserved
 *  layers have a figure of their own. */
export function isControl(kind: TreatmentKind): boolean {
  const { byDefault, preserved } = treatments[kind];
  return !byDefault && preserved === 0;
}

function isAlongN(kind: TreatmentKind): boolean {
  return treatments[kind].layers === 'some';
}

/** Lines and marks of one panel; none if the study has none of its controls. */
function seriesOf(
  results: Results,
  measure: Measure,
  { references, controls }: ControlPanel,
): Series[] {
  const used = new Set([...references, ...controls]);
  const has = (kind: TreatmentKind): boolean => curveOf(results, kind, measure).length > 0;
  if (!controls.some(has)) return [];
  return treatmentKinds
    .filter((kind) => used.has(kind) && has(kind))
    .map((treatment) => {
      const { label, short } = treatments[treatment];
      const { shape, dash } = markStyles[treatment];
      return {
        ...{ id: treatment, treatment, name: label, short },
        look: {
          ...{ shape, dash },
          light: lineColor(treatment, 'light'),
          dark: lineColor(treatment, 'dark'),
        },
        points: curveOf(results, treatment, measure),
      };
    });
}

/** The figure in one measure; null for a study without such controls. */
export function controlsFigure(results: Results, measure: Measure): Figure | null {
  if (panels.every((panel) => seriesOf(results, measure, panel).length === 0)) return null;
  const isMatched = measure === 'matched';
  return {
    id: isMatched ? 'controls-matched' : 'controls',
    title: `Controls${isMatched ? ', matched' : ''}: what are a second training, order, rate and scale worth?`,
    caption: [
      isMatched
        ? 'Means of each network minus the mean base of its own split and target.'
        : 'Mean accuracy.',
      'Left, at the base: from scratch for twice as long; right, at all layers: the warm restart,',
      'once and twice.',
      'Numbers under the axes: networks behind each point.',
      `Bands or whiskers: ${intervalWords(results.intervals)}, where there are 3 or more.`,
    ].join(' '),
    alt: 'Controls of fine-tuned and frozen transfer by number of layers copied.',
    spec: (theme, room) => controlsSpec(results, measure, theme, room),
  };
}

function controlsSpec(
  results: Results,
  measure: Measure,
  theme: ThemeName,
  room: Room = 'wide',
): VegaLiteSpec {
  const present = panels
    .map((panel) => ({ title: panel.title, series: seriesOf(results, measure, panel) }))
    .filter(({ series }) => series.length > 0);
  const all = present.flatMap(({ series }) => series);
  const hasRestart = all.some(({ treatment }) => treatments[treatment].layers === 'all');
  const x = layerAxis(results, hasRestart, room);
  const look = {
    ...{ measure, x, height: 280, columns: legendColumns[room] },
    ...{ width: plotSize[room].width, nameHeight: nameHeight(results, room) },
  };
  return panelsSpec(present, look, 'vconcat', theme);
}
