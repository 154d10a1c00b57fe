// What the loss of frozen transfer is made of, by n: two bars beside each other, positive = loss.
import type { Json } from '../base/canonical-json.js';
import type { Results } from '../study/results/types.js';
import { ghostTitle } from './against.js';
import { plotSize } from './axes.js';
import { countLayers, type CountRow } from './count-strip.js';
import { wordsEncoding } from './describe.js';
import { formatInterval } from './format.js';
import type { Room, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

const kinds = {
  coadaptation: 'co-adaptation: base \u2212 BnB',
  specificity: 'specificity: BnB \u2212 AnB',
} as const;
const labels = Object.values(kinds);

const height = 280;

/** One bar. */
export interface DropBar {
  readonly n: number;
  readonly drop: keyof typeof kinds;
  readonly dropPt: number;
  readonly low: number | null;
  readonly high: number | null;
  /** (split, target) pairs that have base, BnB and AnB. */
  readonly pairs: number;
}

/** Two bars for each n whose drops are known. */
export function dropBars(results: Results): DropBar[] {
  return results.decomposition.flatMap((point): DropBar[] => {
    if (point.coadaptationPt === null || point.specificityPt === null) return [];
    return [
      {
        n: point.n,
        drop: 'coadaptation',
        dropPt: point.coadaptationPt,
        low: point.coadaptationLowPt,
        high: point.coadaptationHighPt,
        pairs: point.pairs,
      },
      {
        n: point.n,
        drop: 'specificity',
        dropPt: point.specificityPt,
        low: point.specificityLowPt,
        high: point.specificityHighPt,
        pairs: point.pairs,
      },
    ];
  });
}

/** Specification: co-adaptation and specificity drop in percentage points by n, with 95 %
 *  intervals. */
export function decompositionSpec(
  results: Results,
  theme: ThemeName,
  against: Results | null = null,
  room: Room = 'wide',
): VegaLiteSpec {
  const bars = dropBars(results);
  const layers = new Set(bars.map(({ n }) => n));
  const theirs = against === null ? [] : dropBars(against).filter(({ n }) => layers.has(n));
  const { coadaptation, specificity, line } = themes[theme];
  const x = {
    field: 'n',
    type: 'ordinal',
    title: 'n: number of layers copied and frozen',
    axis: { labelAngle: 0 },
    scale: { paddingInner: 0.35 },
  };
  const xOffset: Json = { field: 'kind', type: 'nominal', scale: { domain: labels } };
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
    scale: { domain: labels, range: [coadaptation, specificity] },
    legend: { title: null, orient: 'top', columns: room === 'wide' ? 2 : 1, symbolType: 'square' },
  };
  const known = bars.filter(({ low, high }) => low !== null && high !== null);
  return {
    config: themeConfig(theme),
    ...ghostTitle(against, theme),
    width: plotSize[room].width,
    height,
    layer: [
      {
        data: { values: bars.map((bar) => ({ ...valuesOf(bar), words: wordsOf(bar) })) },
        mark: { type: 'bar' },
        encoding: { x, xOffset, y: y('dropPt'), color, ...wordsEncoding },
      },
      {
        data: { values: known.map(valuesOf) },
        mark: { type: 'rule', color: line, strokeWidth: 1.4 },
        encoding: range,
      },
      ...(against ? [ghostLayer(theirs, against, { x, xOffset, y: y('dropPt') }, theme)] : []),
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: line, strokeWidth: 1 },
        encoding: { y: y('zero') },
      },
      ...countLayers([pairRow(bars)], height, theme, { noun: 'pairs', x: { ...x, field: 'x' } }),
    ],
  };
}

// The other study's drops, as marks on the bars.
function ghostLayer(
  bars: readonly DropBar[],
  against: Results,
  encoding: { readonly [key: string]: Json },
  theme: ThemeName,
): Json {
  const { background, line } = themes[theme];
  const look = { type: 'point', shape: 'diamond', size: 70, strokeWidth: 1.4 };
  return {
    data: {
      values: bars.map((bar) => ({
        ...valuesOf(bar),
        study: against.study.name,
        words: `${against.study.name}: ${wordsOf(bar)}`,
      })),
    },
    mark: { ...look, filled: true, fill: background, stroke: line },
    encoding: { ...encoding, ...wordsEncoding },
  };
}

function valuesOf({ n, drop, ...rest }: DropBar) {
  return { n, kind: kinds[drop], ...rest };
}

function wordsOf({ n, drop, dropPt, low, high, pairs }: DropBar): string {
  return `${kinds[drop]}, n = ${n}: ${formatInterval(dropPt, low, high)}, ${pairs} pairs of split and target`;
}

function pairRow(bars: readonly DropBar[]): CountRow {
  const first = bars.filter(({ drop }) => drop === 'coadaptation');
  return { label: '', counts: first.map(({ n, pairs }) => ({ x: n, count: pairs })) };
}
