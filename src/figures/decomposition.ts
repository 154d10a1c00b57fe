// What the loss of frozen transfer is made of, by n: two bars beside each other, positive = loss.
import type { Json } from '../base/canonical-json.js';
import type { Results } from '../study/results/types.js';
import { plotSize } from './axes.js';
import type { ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

const kinds = ['co-adaptation: base \u2212 BnB', 'specificity: BnB \u2212 AnB'] as const;

/** One bar. */
export interface DropBar {
  readonly n: number;
  readonly kind: (typeof kinds)[number];
  readonly dropPt: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Two bars for each n whose drops are known. */
export function dropBars(results: Results): DropBar[] {
  return results.decomposition.flatMap((point) => {
    if (point.coadaptationPt === null || point.specificityPt === null) return [];
    return [
      {
        n: point.n,
        kind: kinds[0],
        dropPt: point.coadaptationPt,
        low: point.coadaptationLowPt,
        high: point.coadaptationHighPt,
      },
      {
        n: point.n,
        kind: kinds[1],
        dropPt: point.specificityPt,
        low: point.specificityLowPt,
        high: point.specificityHighPt,
      },
    ];
  });
}

/** Specification: co-adaptation and specificity drop in percentage points by n, with 95 % intervals. */
export function decompositionSpec(results: Results, theme: ThemeName): VegaLiteSpec {
  const bars = dropBars(results);
  const { coadaptation, specificity, line } = themes[theme];
  const x: Json = {
    field: 'n',
    type: 'ordinal',
    title: 'n: number of layers copied and frozen',
    axis: { labelAngle: 0 },
    scale: { paddingInner: 0.35 },
  };
  const xOffset: Json = { field: 'kind', type: 'nominal', scale: { domain: [...kinds] } };
  const y = (field: string): Json => ({
    field,
    type: 'quantitative',
    title: 'drop, Pt',
    axis: { grid: true, format: '~f' },
  });
  const range = { x, xOffset, y: y('low'), y2: { field: 'high' } };
  const color: Json = {
    field: 'kind',
    type: 'nominal',
    scale: { domain: [...kinds], range: [coadaptation, specificity] },
    legend: { title: null, orient: 'top', symbolType: 'square' },
  };
  const known = bars.filter(({ low, high }) => low !== null && high !== null);
  return {
    config: themeConfig(theme),
    width: plotSize.width,
    height: 280,
    layer: [
      {
        data: { values: bars.map((bar) => ({ ...bar })) },
        mark: { type: 'bar' },
        encoding: { x, xOffset, y: y('dropPt'), color },
      },
      {
        data: { values: known.map((bar) => ({ ...bar })) },
        mark: { type: 'rule', color: line, strokeWidth: 1.4 },
        encoding: range,
      },
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: line, strokeWidth: 1 },
        encoding: { y: y('zero') },
      },
    ],
  };
}
