// Figure 2, bottom: mean lines with interval bands, filled regions and numbered remarks.
import type { Json } from '../base/canonical-json.js';
import type { Results } from '../study/results/types.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../study/treatments.js';
import { ghostLayers, type GhostPoint, ghostTitle, onAxis } from './against.js';
import {
  mostBands,
  layerAxis,
  layerDomain,
  nameHeight,
  paddedDomain,
  plotSize,
  valueAxis,
  type Measure,
} from './axes.js';
import { chanceLayers, chanceLevels, withChance } from './chance.js';
import { countLayers, type CountRow } from './count-strip.js';
import { describePoint, wordsEncoding } from './describe.js';
import { interpretations } from './interpretations.js';
import { curveOf, type CurvePoint } from './line-points.js';
import { lineColor, markEncoding, markStyles } from './marks.js';
import { regionLayers } from './regions.js';
import { remarkLayers } from './remarks.js';
import { reference } from './scatter.js';
import type { Room, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

const drawn = treatmentKinds.filter((kind) => treatments[kind].inFigure2 === 'line');

/** Gap between the whiskers of lines at one n, in layers. */
const dodge: Readonly<Record<Room, number>> = { wide: 0.075, narrow: 0.13 };

/** A line with its interval marks' place beside those of the others. */
interface DrawnCurve {
  readonly points: readonly CurvePoint[];
  readonly shift: number;
}

/** Specification of Figure 2 (bottom), absolute or matched. */
export function linesSpec(
  results: Results,
  measure: Measure,
  theme: ThemeName,
  against: Results | null = null,
  room: Room = 'wide',
): VegaLiteSpec {
  const curves = drawn
    .map((treatment) => curveOf(results, treatment, measure))
    .filter((curve) => curve.length > 0);
  const [base] = reference(results, measure);
  const ghosts = against === null ? [] : ghostPoints(results, against, measure);
  const values = [
    ...curves.flat().flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]),
    ...ghosts.map((point) => point.y),
  ];
  const levels = chanceLevels(results, measure);
  const domain = withChance(
    paddedDomain(base === undefined ? values : [...values, base], 0.1),
    levels,
  );
  const y = valueAxis(measure, domain);
  const hasRestart = curves.flat().some(({ treatment }) => copiesAll(treatment));
  const xDomain = layerDomain(results, hasRestart);
  const rule = base === undefined ? [] : xDomain.map((end) => ({ x: end, y: base }));
  const others = drawn.map((treatment) => ghosts.filter((point) => point.treatment === treatment));
  const size = plotSize[room];
  const around = { x: xDomain, y: domain, size, curves: [...curves, rule, ...others] };
  const placed = sideBySide(curves, dodge[room]);
  return {
    config: themeConfig(theme),
    ...ghostTitle(against, theme),
    ...size,
    encoding: { x: layerAxis(results, hasRestart, room) },
    layer: [
      ...chanceLayers(levels, { y, domain, height: size.height }, measure, theme),
      ...regionLayers(results, measure, base, y, theme),
      ...placed.flatMap((curve) => intervalLayers(curve, hasBands(curves), y, theme)),
      baseRule(base, y, theme),
      ...ghostLayers(ghosts, y, theme, true),
      ...placed.map((curve) => lineLayer(curve, base, y, theme)),
      pointLayer(placed, measure, { y, room }, theme),
      ...remarkLayers(interpretations(results, measure), around, y, theme),
      ...countLayers([baseRow(results), ...curves.map(countRow)], size.height, theme, {
        lower: nameHeight(results, room),
      }),
    ],
  };
}

/** Whether intervals are drawn as bands: only while few lines have any. */
export function hasBands(curves: readonly (readonly CurvePoint[])[]): boolean {
  const withIntervals = curves.filter(
    (curve) => curve.length > 1 && curve.some(({ low, high }) => low !== null && high !== null),
  );
  return withIntervals.length <= mostBands;
}

// Whiskers at one n stand beside each other, unless there are bands.
function sideBySide(
  curves: readonly (readonly CurvePoint[])[],
  gap: number,
): readonly DrawnCurve[] {
  const lines = curves.filter((curve) => !curve.some(({ treatment }) => copiesAll(treatment)));
  const step = hasBands(curves) ? 0 : gap;
  return curves.map((points) => {
    const place = lines.indexOf(points);
    return { points, shift: place < 0 ? 0 : step * (place - (lines.length - 1) / 2) };
  });
}

// The other study's means, from its base at n = 0.
function ghostPoints(ours: Results, theirs: Results, measure: Measure): GhostPoint[] {
  const [start] = reference(theirs, measure);
  const study = theirs.study.name;
  return drawn.flatMap((treatment) => {
    const points = curveOf(theirs, treatment, measure)
      .map(({ x, y, low, high, networks }) => {
        const what = `${study}: ${treatment}, n = ${x}`;
        const mean = { y, low, high, networks };
        const words = describePoint(what, measure, mean);
        return { study, treatment, n: x, x, ...mean, words };
      })
      .filter((point) => onAxis(point, ours, theirs));
    if (points.length === 0 || start === undefined || copiesAll(treatment)) return points;
    const base = { study, treatment, n: 0, x: 0, y: start, words: `${study}: base` };
    return [base, ...points];
  });
}

function baseRule(base: number | undefined, y: Json, theme: ThemeName): Json {
  return {
    data: { values: base === undefined ? [] : [{ y: base }] },
    mark: { type: 'rule', color: themes[theme].line, strokeDash: [5, 4], strokeWidth: 1 },
    // Without its own x the rule spans the whole width.
    encoding: { x: null, y },
  };
}

// Bands where the interval spans two or more n, whiskers everywhere: a band alone cannot show a
// single point.
function intervalLayers(
  { points, shift }: DrawnCurve,
  isBanded: boolean,
  y: Json,
  theme: ThemeName,
): Json[] {
  const [first] = points;
  const known = points.filter(({ low, high }) => low !== null && high !== null);
  if (!first || known.length === 0) return [];
  const color = lineColor(first.treatment, theme);
  const data = { values: known.map(({ x, low, high }) => ({ x: x + shift, low, high })) };
  const range = { y: { ...(y as object), field: 'low' } as Json, y2: { field: 'high' } };
  const band: Json = {
    data,
    mark: { type: 'area', color, opacity: theme === 'light' ? 0.16 : 0.2, aria: false },
    encoding: range,
  };
  const whisker: Json = {
    data,
    mark: { type: 'rule', color, opacity: isBanded ? 0.75 : 1, strokeWidth: isBanded ? 1 : 1.6 },
    encoding: range,
  };
  return isBanded ? [band, whisker] : [whisker];
}

function lineLayer(
  { points, shift }: DrawnCurve,
  base: number | undefined,
  y: Json,
  theme: ThemeName,
): Json {
  const treatment = points[0]?.treatment ?? 'BnB';
  const start = base === undefined || copiesAll(treatment) ? [] : [{ x: 0, y: base }];
  return {
    data: {
      values: [...start, ...points.map((point) => ({ x: point.x + shift, y: point.y }))],
    },
    mark: {
      // Its marks say what it is made of.
      ...{ type: 'line', aria: false, strokeJoin: 'round' },
      color: lineColor(treatment, theme),
      strokeWidth: 2.2,
      strokeDash: [...markStyles[treatment].dash],
    },
    encoding: { y },
  };
}

function pointLayer(
  curves: readonly DrawnCurve[],
  measure: Measure,
  { y, room }: { readonly y: Json; readonly room: Room },
  theme: ThemeName,
): Json {
  const values = curves.flatMap(({ points, shift }) =>
    points.map((point) => ({
      ...point,
      n: point.x,
      x: point.x + shift,
      words: describePoint(`${point.treatment}, n = ${point.x}`, measure, point),
    })),
  );
  const used = [...new Set(values.map((point) => point.treatment))];
  return {
    data: { values },
    mark: { type: 'point', size: 80, stroke: themes[theme].outline, strokeWidth: 1, opacity: 1 },
    encoding: { y, ...markEncoding(used, theme, room), ...wordsEncoding },
  };
}

function baseRow({ base }: Results): CountRow {
  const counts = base.networks === 0 ? [] : [{ x: 0, count: base.networks }];
  return { label: treatments.base.short, counts };
}

function countRow(curve: readonly CurvePoint[]): CountRow {
  const treatment = curve[0]?.treatment ?? 'BnB';
  return {
    label: treatments[treatment].short,
    counts: curve.map(({ x, networks }) => ({ x, count: networks })),
  };
}

// Such a treatment has one n only, L: it is a mark of its own, its line does not start at the base.
function copiesAll(treatment: TreatmentKind): boolean {
  return treatments[treatment].layers === 'all';
}
