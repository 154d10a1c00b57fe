// The authors' unpublished figure: does it help to copy the next layer, or the next two, too and
// let them learn?
import type { Json } from '../base/canonical-json.js';
import type { Results, Treatment } from '../study/results/types.js';
import { layerAxis, type Measure } from './axes.js';
import { curveOf } from './line-points.js';
import { styleOf } from './marks.js';
import { domainOf, panelSpec, type Series } from './series-panel.js';
import type { Figure, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig } from './theme.js';

const panels: readonly { readonly title: string; readonly lines: readonly Treatment[] }[] = [
  { title: 'selffer: from the own task', lines: ['BnB', 'BnB-p1', 'BnB-p2'] },
  { title: 'transfer: from the other task', lines: ['AnB', 'AnB-p1', 'AnB-p2'] },
];
const short: Readonly<Record<string, string>> = { '-p1': 'next', '-p2': 'next 2' };

/** Lines of one panel; none if the study has no preserved networks there. */
export function preservedSeries(
  results: Results,
  measure: Measure,
  lines: readonly Treatment[],
): Series[] {
  const series = lines.flatMap((treatment): Series[] => {
    const points = curveOf(results, treatment, measure);
    if (points.length === 0) return [];
    const { shape, light, dark, dash, label } = styleOf(treatment);
    const name = treatment.includes('-p') ? label : `${treatment} alone`;
    return [
      {
        name,
        short: short[treatment.slice(3)] ?? 'alone',
        look: { shape, light, dark, dash },
        points,
      },
    ];
  });
  return series.length > 1 ? series : [];
}

/** The figure in one measure; null for a study without preserved networks. */
export function preservedFigure(results: Results, measure: Measure): Figure | null {
  const drawn = panels.filter(({ lines }) => preservedSeries(results, measure, lines).length > 0);
  if (drawn.length === 0) return null;
  const isMatched = measure === 'matched';
  return {
    id: isMatched ? 'preserved-matched' : 'preserved',
    title: `Preserved layers${isMatched ? ', matched' : ''}: are co-adapted neighbours worth keeping?`,
    caption: `The first n layers frozen; the next layer (p1) or two (p2) copied as well and learning, the rest fresh. ${isMatched ? 'Each network minus the mean base of its own split and target.' : 'Mean accuracy.'} Numbers under the axes: networks behind each point. Bands: 95 % intervals where there are 3 clusters.`,
    alt: 'Frozen copies with and without the next layers copied, by number of frozen layers.',
    spec: (theme) => preservedSpec(results, measure, theme),
  };
}

function preservedSpec(results: Results, measure: Measure, theme: ThemeName): VegaLiteSpec {
  const x = layerAxis(results, false);
  const present = panels
    .map(({ title, lines }) => ({ title, series: preservedSeries(results, measure, lines) }))
    .filter(({ series }) => series.length > 0);
  // Side by side, the two must have one scale.
  const domain = domainOf({ series: present.flatMap(({ series }) => series), measure });
  const look = { measure, x, domain, width: 296, height: 240, columns: 1 };
  const columns: Json[] = present.map((panel) => panelSpec({ ...panel, ...look }, theme));
  return {
    config: themeConfig(theme),
    hconcat: columns,
    spacing: 24,
    resolve: { scale: { color: 'independent', shape: 'independent' } },
  };
}
