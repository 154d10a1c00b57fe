// Figure 2, bottom: mean lines with interval bands, filled regions and numbered remarks.
import type { Json } from '../base/canonical-json.js';
import type { Results } from '../study/results/types.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../study/treatments.js';
import { ghostLayers, type GhostPoint, ghostTitle, onAxis } from './against.js';
import { layerAxis, layerDomain, paddedDomain, plotSize, valueAxis, type Measure } from './axes.js';
import { countLayers, type CountRow } from './count-strip.js';
import { describePoint, wordsEncoding } from './describe.js';
import { interpretations } from './interpretations.js';
import { curveOf, regionBetween, type CurvePoint } from './line-points.js';
import { lineColor, markEncoding, markStyles } from './marks.js';
import { remarkLayers } from './remarks.js';
import { reference } from './scatter.js';
import type { ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

const drawn = treatmentKinds.filter((kind) => treatments[kind].inFigure2 === 'line');

/** Specification of Figure 2 (bottom), absolute or matched. */
export function linesSpec(
  results: Results,
  measure: Measure,
  theme: ThemeName,
  against: Results | null = null,
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
  const domain = paddedDomain(base === undefined ? values : [...values, base], 0.1);
  const y = valueAxis(measure, domain);
  const hasRestart = curves.flat().some(({ treatment }) => copiesAll(treatment));
  const xDomain = layerDomain(results, hasRestart);
  const rule = base === undefined ? [] : xDomain.map((end) => ({ x: end, y: base }));
  const others = drawn.map((treatment) => ghosts.filter((point) => point.treatment === treatment));
  const around = { x: xDomain, y: domain, curves: [...curves, rule, ...others] };
  return {
    config: themeConfig(theme),
    ...ghostTitle(against, theme),
    ...plotSize,
    encoding: { x: layerAxis(results, hasRestart) },
    layer: [
      ...regionLayers(results, measure, base, y, theme),
      ...curves.flatMap((curve) => bandLayers(curve, y, theme)),
      baseRule(base, y, theme),
      ...ghostLayers(ghosts, y, theme, true),
      ...curves.map((curve) => lineLayer(curve, base, y, theme)),
      pointLayer(curves.flat(), measure, y, theme),
      ...remarkLayers(interpretations(results, measure), around, y, theme),
      ...countLayers([baseRow(results), ...curves.map(countRow)], plotSize.height, theme),
    ],
  };
}

// The other study's means, from its base at n = 0.
function ghostPoints(ours: Results, theirs: Results, measure: Measure): GhostPoint[] {
  const [start] = reference(theirs, measure);
  return drawn.flatMap((treatment) => {
    const points = curveOf(theirs, treatment, measure)
      .map(({ x, y, low, high, networks }) => {
        const what = `${theirs.study.name}: ${treatment}, n = ${x}`;
        return { treatment, x, y, words: describePoint(what, measure, { y, low, high, networks }) };
      })
      .filter((point) => onAxis(point, ours, theirs));
    if (points.length === 0 || start === undefined || copiesAll(treatment)) return points;
    return [{ treatment, x: 0, y: start, words: `${theirs.study.name}: base` }, ...points];
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

function regionLayers(
  results: Results,
  measure: Measure,
  base: number | undefined,
  y: Json,
  theme: ThemeName,
): Json[] {
  if (base === undefined) return [];
  const start = { x: 0, y: base };
  const curve = (treatment: TreatmentKind) => [start, ...curveOf(results, treatment, measure)];
  const selffer = curve('BnB');
  const flat = (points: readonly { readonly x: number }[]) =>
    points.map(({ x }) => ({ x, y: base }));
  const tuned = curve('AnB+');
  const { coadaptation, specificity, gain } = themes[theme];
  const regions: [string, ReturnType<typeof regionBetween>][] = [
    [gain, regionBetween(tuned, flat(tuned))],
    [coadaptation, regionBetween(flat(selffer), selffer)],
    [specificity, regionBetween(selffer, curve('AnB'))],
  ];
  return regions.map(([color, region]) => ({
    data: { values: region.map((point) => ({ ...point })) },
    mark: { type: 'area', color, opacity: theme === 'light' ? 0.1 : 0.14, tooltip: false },
    encoding: { y, y2: { field: 'y2' } },
  }));
}

// Bands where the interval spans two or more n, whiskers everywhere: a band alone cannot show a
// single point.
function bandLayers(curve: readonly CurvePoint[], y: Json, theme: ThemeName): Json[] {
  const [first] = curve;
  const known = curve.filter(({ low, high }) => low !== null && high !== null);
  if (!first || known.length === 0) return [];
  const color = lineColor(first.treatment, theme);
  const data = { values: known.map(({ x, low, high }) => ({ x, low, high })) };
  const range = { y: { ...(y as object), field: 'low' } as Json, y2: { field: 'high' } };
  return [
    {
      data,
      mark: { type: 'area', color, opacity: theme === 'light' ? 0.16 : 0.2 },
      encoding: range,
    },
    { data, mark: { type: 'rule', color, opacity: 0.75, strokeWidth: 1 }, encoding: range },
  ];
}

function lineLayer(
  curve: readonly CurvePoint[],
  base: number | undefined,
  y: Json,
  theme: ThemeName,
): Json {
  const treatment = curve[0]?.treatment ?? 'BnB';
  const start = base === undefined || copiesAll(treatment) ? [] : [{ x: 0, y: base }];
  return {
    data: { values: [...start, ...curve.map((point) => ({ x: point.x, y: point.y }))] },
    mark: {
      type: 'line',
      strokeJoin: 'round',
      color: lineColor(treatment, theme),
      strokeWidth: 2.2,
      strokeDash: [...markStyles[treatment].dash],
    },
    encoding: { y },
  };
}

function pointLayer(
  points: readonly CurvePoint[],
  measure: Measure,
  y: Json,
  theme: ThemeName,
): Json {
  const used = [...new Set(points.map((point) => point.treatment))];
  const values = points.map((point) => ({
    ...point,
    words: describePoint(`${point.treatment}, n = ${point.x}`, measure, point),
  }));
  return {
    data: { values },
    mark: { type: 'point', size: 80, stroke: themes[theme].outline, strokeWidth: 1, opacity: 1 },
    encoding: { y, ...markEncoding(used, theme), ...wordsEncoding },
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
