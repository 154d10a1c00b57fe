// Figure 3, bottom, of the paper: how fast frozen features lose with n, by how far the source task is: similar (random
// halves), distant (natural / man-made, classes, two data sets), and none at all (random features). Matched differences only.
import type { Json } from '../base/canonical-json.js';
import { families, type FamilyResults, type Results } from '../study/results/types.js';
import { layerAxis, paddedDomain, plotSize, valueAxis } from './axes.js';
import type { ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

/** One point of one family's AnB or random line. */
export interface DistancePoint {
  readonly series: string;
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
}

interface SeriesStyle {
  readonly shape: string;
  readonly light: string;
  readonly dark: string;
}

const looks: readonly SeriesStyle[] = [
  { shape: 'diamond', light: '#c9301c', dark: '#f0705a' },
  { shape: 'circle', light: '#7b4fc0', dark: '#b795f0' },
  { shape: 'square', light: '#2a7f9e', dark: '#64bfe0' },
  { shape: 'triangle-down', light: '#5d6b2f', dark: '#b3c66d' },
];
const randomLook: SeriesStyle = { shape: 'triangle-up', light: '#c08f00', dark: '#f0c33c' };

/** Points of all families that have frozen transfer or random features. */
export function distancePoints(results: Results): DistancePoint[] {
  return families.flatMap((family) => {
    const summary: FamilyResults | undefined =
      family === results.study.family ? results : results.families[family];
    return (['AnB', 'random'] as const).flatMap((treatment) =>
      (summary?.matched[treatment] ?? []).flatMap(({ n, meanPt, lowPt, highPt }) =>
        meanPt === null
          ? []
          : [{ series: seriesName(treatment, family), x: n, y: meanPt, low: lowPt, high: highPt }],
      ),
    );
  });
}

function seriesName(treatment: 'AnB' | 'random', family: string): string {
  return treatment === 'AnB' ? `AnB, ${family}` : `random, ${family}`;
}

/** Specification: lines of matched differences over n, with interval bands. */
export function distanceSpec(results: Results, theme: ThemeName): VegaLiteSpec {
  const points = distancePoints(results);
  const series = [...new Set(points.map((point) => point.series))];
  const styles = series.map((name, i) =>
    name.startsWith('random') ? randomLook : (looks[i % looks.length] ?? randomLook),
  );
  const domain = paddedDomain([
    0,
    ...points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]),
  ]);
  const y = valueAxis('matched', domain);
  const start = series.map((name) => ({ series: name, x: 0, y: 0 }));
  const legend = { title: null, orient: 'top', columns: 3, symbolOpacity: 1 };
  const color: Json = {
    field: 'series',
    type: 'nominal',
    scale: { domain: series, range: styles.map((style) => style[theme]) },
    legend,
  };
  const shape: Json = {
    field: 'series',
    type: 'nominal',
    scale: { domain: series, range: styles.map((style) => style.shape) },
    legend,
  };
  const known = points.filter(({ low, high }) => low !== null && high !== null);
  const banded = { y: { ...(y as object), field: 'low' } as Json, y2: { field: 'high' }, color };
  const values = points.map((point) => ({ ...point }));
  return {
    config: themeConfig(theme),
    ...plotSize,
    encoding: { x: layerAxis(results, false) },
    layer: [
      {
        data: { values: [{ y: 0 }] },
        mark: { type: 'rule', color: themes[theme].line, strokeDash: [5, 4] },
        encoding: { x: null, y },
      },
      {
        data: { values: known.map((point) => ({ ...point })) },
        mark: { type: 'area', opacity: 0.18 },
        encoding: banded,
      },
      {
        data: { values: [...start, ...values] },
        mark: { type: 'line', strokeWidth: 2.2, strokeJoin: 'round' },
        encoding: { y, color },
      },
      {
        data: { values },
        mark: { type: 'point', size: 80, filled: true, opacity: 1 },
        encoding: { y, color, shape },
      },
    ],
  };
}
