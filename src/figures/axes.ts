// Axes that the figures share.
import type { Json } from '../base/canonical-json.js';
import type { Results } from '../study/results/types.js';
import { cutName } from './cut-name.js';
import type { Room } from './spec.js';

/** Whether y is accuracy, or percentage points over the base of the same task. */
export type Measure = 'accuracy' | 'matched';

/** Size of a plotting area, px. */
export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** Size of the plotting area in the room that there is: with axes, a figure is just under 800 px
 *  wide on a page and 380 px on a telephone, where its type keeps its size. */
export const plotSize: Readonly<Record<Room, PlotSize>> = {
  wide: { width: 690, height: 360 },
  narrow: { width: 282, height: 300 },
};

/** At most so many lines have bands: more of them over each other cannot be told apart. */
export const mostBands = 2;

/** Columns of a legend of treatments. */
export const legendColumns: Readonly<Record<Room, number>> = { wide: 3, narrow: 1 };

/** Closed range of y that shows all values with a little room, or [0, 1] for none. */
export function paddedDomain(values: readonly number[], room = 0.06): [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = high > low ? (high - low) * room : Math.max(Math.abs(high) * 0.05, 0.01);
  return [low - margin, high + margin];
}

/** Range of the axis of n, with room for marks beside 0 and beside the last n. */
export function layerDomain(results: Results, hasRestart: boolean): [number, number] {
  const layers = results.study.weightLayers;
  return [-0.35, Math.max(hasRestart ? layers : layers - 1, 1) + 0.45];
}

const hasNames = ({ study }: Results, room: Room): boolean =>
  room === 'wide' && study.segmentNames !== undefined;

/** Height of the line of names under the numbers of {@link layerAxis}, px; 0 without names. */
export function nameHeight(results: Results, room: Room): number {
  return hasNames(results, room) ? 14 : 0;
}

/** Axis of n from 0 (base) to L - 1, or to L where there is a warm restart. Where segments have
 *  names and there is room, the cuts of the study's networks alone are marked, with their names. */
export function layerAxis(results: Results, hasRestart: boolean, room: Room): Json {
  const { weightLayers: layers, segmentNames } = results.study;
  const domain = layerDomain(results, hasRestart);
  const all = Array.from({ length: Math.ceil(domain[1]) }, (_, n) => n);
  const isNamed = hasNames(results, room);
  const cuts = new Set([0, ...results.networks.map(({ n }) => n)]);
  const ticks = isNamed ? all.filter((n) => cuts.has(n)) : all;
  const names = all.map((n) => cutName(results.study, n).split(' '));
  const other = isNamed ? `${JSON.stringify(names)}[datum.value]` : 'datum.label';
  return {
    field: 'x',
    type: 'quantitative',
    title:
      segmentNames === undefined ? 'n: number of layers copied' : 'n: number of segments copied',
    scale: { domain, nice: false, zero: false },
    axis: {
      values: ticks,
      format: 'd',
      labelExpr: `datum.value == 0 ? 'base' : datum.value == ${layers} ? 'all ${layers}' : ${other}`,
      ...(isNamed ? { labelLimit: 130, labelOverlap: 'greedy' } : {}),
    },
  };
}

/** Axis of accuracy (fractions, as top-1 accuracy) or of matched differences. */
export function valueAxis(measure: Measure, domain: readonly [number, number], field = 'y'): Json {
  const title = measure === 'accuracy' ? 'top-1 accuracy' : 'Pt over the base of the same task';
  return {
    field,
    type: 'quantitative',
    title,
    scale: { domain: [...domain], nice: false, zero: false },
    axis: {
      grid: true,
      // Without a precision, as many decimals as the step between ticks needs.
      format: measure === 'matched' ? '+f' : 'f',
      labelExpr: "datum.value == 0 ? '0' : datum.label",
    },
  };
}
