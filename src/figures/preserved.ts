// The authors' unpublished figure: does it help to copy the next layer, or the next two, too and
// let them learn?
import type { Results } from '../study/results/types.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../study/treatments.js';
import { layerAxis, nameHeight, type Measure, plotSize } from './axes.js';
import { curveOf } from './line-points.js';
import { intervalWords } from './format.js';
import { markStyles } from './marks.js';
import { panelsSpec, type Series } from './series-panel.js';
import type { Figure, Room, ThemeName, VegaLiteSpec } from './spec.js';

const panels = [
  { title: 'selffer: from the own task', lines: frozenFrom('target') },
  { title: 'transfer: from the other task', lines: frozenFrom('other') },
];
const short = { 0: 'alone', 1: 'next', 2: 'next 2' };

function frozenFrom(source: 'target' | 'other'): readonly TreatmentKind[] {
  return treatmentKinds.filter(
    (kind) => treatments[kind].frozen === 'first' && treatments[kind].source === source,
  );
}

/** Lines of one panel; none if the study has no preserved networks there. */
function preservedSeries(
  results: Results,
  measure: Measure,
  lines: readonly TreatmentKind[],
): Series[] {
  const series = lines.flatMap((treatment): Series[] => {
    const points = curveOf(results, treatment, measure);
    if (points.length === 0) return [];
    const { shape, light, dark, dash } = markStyles[treatment];
    const { preserved, label } = treatments[treatment];
    const name = preserved > 0 ? label : `${treatment} alone`;
    return [
      {
        id: treatment,
        treatment,
        name,
        short: short[preserved],
        look: { shape, light, dark, dash },
        points,
      },
    ];
  });
  const hasPreserved = lines.some(
    (kind) => treatments[kind].preserved > 0 && curveOf(results, kind, measure).length > 0,
  );
  return hasPreserved && series.length > 1 ? series : [];
}

/** The figure in one measure; null for a study without preserved networks. */
export function preservedFigure(results: Results, measure: Measure): Figure | null {
  const drawn = panels.filter(({ lines }) => preservedSeries(results, measure, lines).length > 0);
  if (drawn.length === 0) return null;
  const isMatched = measure === 'matched';
  return {
    id: isMatched ? 'preserved-matched' : 'preserved',
    title: `Preserved layers${isMatched ? ', matched' : ''}: are co-adapted neighbours worth keeping?`,
    caption: [
      'The first n layers frozen; the next layer (p1) or two (p2) copied as well and learning,',
      'the rest fresh.',
      isMatched
        ? 'Each network minus the mean base of its own split and target.'
        : 'Mean accuracy.',
      'Numbers under the axes: networks behind each point.',
      `Bands or whiskers: ${intervalWords(results.intervals)}, where there are 3 or more.`,
    ].join(' '),
    alt: 'Frozen copies with and without the next layers copied, by number of frozen layers.',
    spec: (theme, room) => preservedSpec(results, measure, theme, room),
  };
}

function preservedSpec(
  results: Results,
  measure: Measure,
  theme: ThemeName,
  room: Room = 'wide',
): VegaLiteSpec {
  const x = layerAxis(results, false, room);
  const present = panels
    .map(({ title, lines }) => ({ title, series: preservedSeries(results, measure, lines) }))
    .filter(({ series }) => series.length > 0);
  const width = room === 'wide' ? 296 : plotSize.narrow.width;
  const names = { nameHeight: nameHeight(results, room) };
  const look = { measure, x, width, height: 240, columns: 1, ...names };
  return panelsSpec(present, look, room === 'wide' ? 'hconcat' : 'vconcat', theme);
}
