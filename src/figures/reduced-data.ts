// The paper's supplementary figure: accuracy of networks trained on the first k images of each
// class, against k.
import type { Json } from '../base/canonical-json.js';
import { summarise } from '../study/results/lines.js';
import { groupBy } from '../study/results/order.js';
import type { Results } from '../study/results/types.js';
import { ghostLayers, ghostTitle } from './against.js';
import { paddedDomain, type PlotSize, plotSize } from './axes.js';
import { chanceLayers, chanceOf } from './chance.js';
import { countLayers } from './count-strip.js';
import { describePoint, wordsEncoding } from './describe.js';
import type { Room, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

const decades = [0.0001, 0.001, 0.01, 0.1, 1];

/** Mean over the base networks of one k. */
export interface ReducedPoint {
  /** k: training images kept of each class. */
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly networks: number;
  /** Whether any of them never left chance. */
  readonly isDead: boolean;
}

/** Points of family `reduced`, ascending in k; networks whose k is not known are left out. */
export function reducedPoints(results: Results): ReducedPoint[] {
  const bases = results.networks.filter(
    ({ family, treatment }) => family === 'reduced' && treatment === 'base',
  );
  // Results of earlier versions have no such key.
  const known = bases.filter(({ imagesPerClass }) => (imagesPerClass ?? null) !== null);
  const points = [...groupBy(known, ({ imagesPerClass }) => String(imagesPerClass))].flatMap(
    ([key, members]): ReducedPoint[] => {
      const { mean, low, high, networks } = summarise(members);
      const isDead = members.some(({ state }) => state === 'dead');
      return mean === null ? [] : [{ x: Number(key), y: mean, low, high, networks, isDead }];
    },
  );
  return points.sort((a, b) => a.x - b.x);
}

/** Specification, as in the paper: above both axes linear, below both logarithmic (points above 0
 *  only, which is where a logarithm is). */
export function reducedSpec(
  results: Results,
  theme: ThemeName,
  against: Results | null = null,
  room: Room = 'wide',
): VegaLiteSpec {
  const points = reducedPoints(results);
  const ghosts = against === null ? [] : reducedPoints(against);
  const study = against?.study.name ?? '';
  const positive = points.filter(({ y }) => y > 0);
  const linear = paddedDomain([
    0,
    ...[...points, ...ghosts].flatMap(({ y, high }) => [y, high ?? y]),
  ]);
  const isolated = { scale: { x: 'independent', y: 'independent' } };
  const shown = ghosts.filter(({ y }) => y > 0);
  const logarithmic = { type: 'log', domain: logDomain([...positive, ...shown]) } as const;
  const chance = chanceOf(results.networks.filter(({ family }) => family === 'reduced'));
  const { width } = plotSize[room];
  const above = panel(
    { points, ghosts, chance, study },
    { domain: [0, linear[1]] },
    { width, height: 250 },
    theme,
  );
  const below = panel(
    { points: positive, ghosts: shown, chance, study },
    logarithmic,
    { width, height: 190 },
    theme,
  );
  return {
    config: themeConfig(theme),
    ...ghostTitle(against, theme),
    vconcat: positive.length === 0 ? [above] : [above, below],
    spacing: 20,
    resolve: isolated,
  };
}

/** What a panel shows. */
interface PanelContent {
  readonly points: readonly ReducedPoint[];
  readonly ghosts: readonly ReducedPoint[];
  /** Name of the ghosts' study. */
  readonly study: string;
  readonly chance: readonly number[];
}

function panel(
  { points, ghosts, chance, study }: PanelContent,
  yScale: { readonly type?: 'log'; readonly domain: readonly [number, number] },
  { width, height }: PlotSize,
  theme: ThemeName,
): Json {
  const axis = { grid: true, format: '~f', tickCount: 6 };
  const y = (field: string): Json => ({
    field,
    type: 'quantitative',
    title: 'top-1 accuracy',
    scale: { ...yScale, domain: [...yScale.domain], nice: false },
    axis: yScale.type === 'log' ? { ...axis, values: logTicks(yScale.domain) } : axis,
  });
  const values = points.map(({ isDead, ...point }) => {
    const label = labelOf({ isDead });
    const what = `${point.x} images per class, ${label}`;
    return { ...point, label, words: describePoint(what, 'accuracy', point) };
  });
  const whiskers = values.filter(({ low, high }) => low !== null && high !== null && low > 0);
  const { coadaptation: color } = themes[theme];
  // Side by side on a linear axis the smallest k are one place: the counts stand below the other
  // panel.
  const isLinear = yScale.type !== 'log';
  const counts = isLinear
    ? []
    : [{ label: '', counts: points.map(({ x, networks }) => ({ x, count: networks })) }];
  return {
    width,
    height,
    data: { values },
    encoding: {
      x: imagesAxis(
        [...points, ...ghosts].sort((a, b) => a.x - b.x),
        isLinear,
      ),
    },
    layer: [
      ...chanceLayers(
        chance.filter((level) => level >= yScale.domain[0]),
        { y: y('y'), domain: yScale.domain, height },
        'accuracy',
        theme,
      ),
      ...ghostLine(ghosts, study, y('y'), theme),
      {
        data: { values: whiskers },
        mark: { type: 'rule', color, aria: false },
        encoding: { y: y('low'), y2: { field: 'high' } },
      },
      { mark: { type: 'line', color, strokeWidth: 2.2, aria: false }, encoding: { y: y('y') } },
      pointMarks(points, y('y'), theme),
      ...countLayers(counts, height, theme),
    ],
  };
}

function labelOf({ isDead }: Pick<ReducedPoint, 'isDead'>): string {
  return isDead ? 'never left chance' : 'trained';
}

// Open marks: networks that never left chance.
function pointMarks(points: readonly ReducedPoint[], y: Json, theme: ThemeName): Json {
  const { coadaptation: color, background } = themes[theme];
  const states = [false, true].filter((isDead) => points.some((point) => point.isDead === isDead));
  return {
    mark: { type: 'point', size: 80, stroke: color, strokeWidth: 1.6, opacity: 1 },
    encoding: {
      y,
      fill: {
        field: 'label',
        type: 'nominal',
        scale: {
          domain: states.map((isDead) => labelOf({ isDead })),
          range: states.map((isDead) => (isDead ? background : color)),
        },
        legend: { title: null, orient: 'top', symbolStrokeColor: color },
      },
      ...wordsEncoding,
    },
  };
}

function ghostLine(
  ghosts: readonly ReducedPoint[],
  study: string,
  y: Json,
  theme: ThemeName,
): Json[] {
  const points = ghosts.map((point) => ({
    ...{ study, treatment: 'base' as const },
    x: point.x,
    y: point.y,
    words: describePoint(`other study, ${point.x} images per class`, 'accuracy', point),
  }));
  return ghostLayers(points, y, theme, true);
}

function imagesAxis(points: readonly ReducedPoint[], isLinear: boolean): Json {
  const values = points.map(({ x }) => x);
  const [first = 1, last = 1] = [values[0], values.at(-1)];
  const common = { field: 'x', type: 'quantitative', title: 'training images per class' };
  if (isLinear) {
    const scale = { domain: [-0.015 * last, 1.04 * last], nice: false };
    return { ...common, scale, axis: { format: 'd', tickCount: 7 } };
  }
  return {
    ...common,
    scale: { type: 'log', domain: [first * 0.8, last * 1.25], nice: false },
    axis: { values, format: 'd', labelOverlap: 'greedy' },
  };
}

// Decades, and 1, 2, 5 of each where hardly one is in sight.
function logTicks([low, high]: readonly [number, number]): number[] {
  const isInside = (value: number) => value >= low && value <= high;
  if (decades.filter(isInside).length > 2) return decades;
  const fine = decades.flatMap((decade) => [1, 2, 5].map((step) => step * decade));
  return fine.map((value) => Number(value.toPrecision(1))).filter(isInside);
}

function logDomain(points: readonly ReducedPoint[]): [number, number] {
  const values = points.map(({ y }) => y);
  return [Math.min(...values) * 0.7, Math.min(1, Math.max(...values) * 1.4)];
}
