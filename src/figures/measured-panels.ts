// What the figures of measurements have in common: an axis of cuts or segments, and the drops of
// the trained networks underneath, at the same places.
import type { Json } from '../base/canonical-json.js';
import type { MeasuredPoint } from '../study/measurements/summary.js';
import type { Results } from '../study/results/types.js';
import { nameHeight, plotSize } from './axes.js';
import { cutName } from './cut-name.js';
import { formatInterval } from './format.js';
import { domainOf, type Panel, panelSpec, type Series } from './series-panel.js';
import type { Room, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

/** The upper panel of a figure. */
export type MeasuredPanel = Pick<Panel, 'title' | 'measure' | 'series' | 'yTitle' | 'chance'> & {
  /** Of the axis: "n: number of layers copied" or "segment". */
  readonly xTitle: string;
  /** A value with its interval, in words. */
  readonly words: (point: Series['points'][number]) => string;
};

const panelHeight = 250;
const dropHeight = 130;

/** Points of a line. */
export function seriesPoints(points: readonly MeasuredPoint[]): Series['points'] {
  return points.map(({ n, mean, low, high, networks }) => ({ x: n, y: mean, low, high, networks }));
}

/** The panel, and under it what was lost by freezing where the study has it. */
export function measuredSpec(
  results: Results,
  panel: MeasuredPanel,
  theme: ThemeName,
  room: Room = 'wide',
): VegaLiteSpec {
  const { width } = plotSize[room];
  const names = nameHeight(results, room);
  const look = { columns: room === 'wide' ? 3 : 1, width, nameHeight: names };
  const own = {
    ...{ ...panel, ...look, domain: domainOf(panel), height: panelHeight },
    x: axisOf(results, panel.xTitle, names > 0),
    describe: (what: string, point: Series['points'][number]) => `${what}: ${panel.words(point)}`,
  };
  const drops = dropSeries(results);
  const under: Omit<Panel, 'x'> = {
    ...{ ...look, title: 'drops of frozen networks, trained', measure: 'matched', series: drops },
    ...{ height: dropHeight, yTitle: 'drop, Pt', noun: 'pairs' },
    describe: (what, { y, low, high }) => `${what}: ${formatInterval(y, low, high)}`,
  };
  const title = 'n: number of layers copied and frozen';
  return {
    config: themeConfig(theme),
    vconcat: [
      panelSpec(own, theme),
      ...(drops.length === 0
        ? []
        : [
            panelSpec(
              { ...under, domain: domainOf(under), x: axisOf(results, title, names > 0) },
              theme,
            ),
          ]),
    ],
    spacing: 24,
    resolve: { scale: { color: 'independent', shape: 'independent' } },
  };
}

// Segments and cuts stand at the same places, whatever the study trained.
function axisOf({ study }: Results, title: string, isNamed: boolean): Json {
  const layers = Array.from({ length: study.weightLayers }, (_, at) => at + 1);
  const names = layers.map((n) => (isNamed ? cutName(study, n).split(' ') : [String(n)]));
  return {
    field: 'x',
    type: 'quantitative',
    title: study.segmentNames === undefined ? title : title.replace('layers', 'segments'),
    scale: { domain: [0.65, study.weightLayers + 0.45], nice: false, zero: false },
    axis: {
      values: layers,
      format: 'd',
      labelExpr: `${JSON.stringify(names)}[datum.value - 1]`,
      ...(isNamed ? { labelLimit: 130, labelOverlap: 'greedy' } : {}),
    },
  };
}

function dropSeries({ decomposition }: Results): readonly Series[] {
  const { light, dark } = themes;
  const kinds = [
    ['coadaptation', 'co-adaptation: base \u2212 BnB', 'co-ad.', 'circle', 'BnB'],
    ['specificity', 'specificity: BnB \u2212 AnB', 'spec.', 'diamond', 'AnB'],
  ] as const;
  return kinds.flatMap(([kind, name, short, shape, treatment]): Series[] => {
    const points = decomposition.flatMap((point) => {
      const y = point[`${kind}Pt`];
      const [low, high] = [point[`${kind}LowPt`], point[`${kind}HighPt`]];
      return y === null ? [] : [{ x: point.n, y, low, high, networks: point.pairs }];
    });
    const look = { shape, light: light[kind], dark: dark[kind] };
    return points.length === 0 ? [] : [{ id: kind, treatment, name, short, look, points }];
  });
}
