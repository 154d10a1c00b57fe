// Filled regions of Figure 2 (bottom): the effects, where they are more than scatter.
import type { Json } from '../base/canonical-json.js';
import { type DropName, headlinesOf } from '../study/results/headlines.js';
import type { Results } from '../study/results/types.js';
import type { TreatmentKind } from '../study/treatments.js';
import type { Measure } from './axes.js';
import { curveOf, regionBetween } from './line-points.js';
import type { ThemeName } from './spec.js';
import { themes } from './theme.js';

/** Effects that a region may show. */
export type Region = DropName | 'gain';

/** The regions of a study: of those effects alone that the answers call resolved. */
export function regionsOf(results: Results): readonly Region[] {
  const { drops, gains } = headlinesOf(results);
  const isShown: { readonly [K in Region]: boolean } = {
    gain: gains.base?.isResolved === true && (gains.base.lowPt ?? 0) > 0,
    'co-adaptation': drops['co-adaptation'].resolved.length > 0,
    specificity: drops.specificity.resolved.length > 0,
  };
  return (Object.keys(isShown) as Region[]).filter((region) => isShown[region]);
}

/** Fills between the lines of the effects that are resolved. */
export function regionLayers(
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
  const looks: {
    readonly [K in Region]: readonly [string, ReturnType<typeof regionBetween>];
  } = {
    gain: [gain, regionBetween(tuned, flat(tuned))],
    'co-adaptation': [coadaptation, regionBetween(flat(selffer), selffer)],
    specificity: [specificity, regionBetween(selffer, curve('AnB'))],
  };
  return regionsOf(results).map((region) => {
    const [color, points] = looks[region];
    return {
      data: { values: points.map((point) => ({ ...point })) },
      mark: { type: 'area', color, opacity: theme === 'light' ? 0.1 : 0.14, aria: false },
      encoding: { y, y2: { field: 'y2' } },
    };
  });
}
