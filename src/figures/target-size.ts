// What transfer gains against the number of the target's images: averaged over n, and frozen
// transfer at each n.
import type { Json } from '../base/canonical-json.js';
import type { SizeGain, TargetSizes } from '../study/results/target-size-types.js';
import { taskLabel } from '../study/results/task-labels.js';
import type { Family, Results } from '../study/results/types.js';
import { treatments } from '../study/treatments.js';
import { plotSize } from './axes.js';
import { markStyles } from './marks.js';
import { domainOf, type Panel, panelSpec, type Series, type SeriesLook } from './series-panel.js';
import type { Figure, Room, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig } from './theme.js';

/** Targets of one family as the report has them, with what they are called. */
export interface NamedSizes {
  readonly family: Family;
  readonly sizes: TargetSizes;
  /** "", or what tells it from the others: "natural-man-made, target natural". */
  readonly words: string;
}

/** All parts of `targetSizes`, in the order of results.json. */
export function namedSizes(results: Results): readonly NamedSizes[] {
  const entries = Object.entries(results.targetSizes ?? {}) as [Family, readonly TargetSizes[]][];
  const isAlone = entries.length === 1;
  return entries.flatMap(([family, parts]) =>
    parts.map((sizes) => {
      const { target } = sizes;
      const label = target === null ? null : (taskLabel(results, family, target) ?? target);
      const words = [...(isAlone ? [] : [family]), ...(label === null ? [] : [`target ${label}`])];
      return { family, sizes, words: words.join(', ') };
    }),
  );
}

/** The figure; null for a study whose targets have no sizes of their own, or none done yet. */
export function targetSizeFigure(results: Results): Figure | null {
  const parts = namedSizes(results).filter(({ sizes }) => sizes.gains.length > 0);
  const [first] = parts;
  if (first === undefined) return null;
  const { sourceImagesPerClass } = first.sizes;
  const seen = sourceImagesPerClass === null ? 'all' : String(sourceImagesPerClass);
  return {
    id: 'target-size',
    title: 'What transfer gains, by the size of the target',
    caption: [
      'Each network minus the base of its own target at the same number of images, averaged over n',
      `(first) and for frozen transfer at each n (second). The source has ${seen} images a class.`,
      'Sizes stand at equal distances. Bands or whiskers: 95 % intervals.',
      'Numbers under the axes: networks behind each point.',
    ].join(' '),
    alt: 'Gains over the base by number of training images per class of the target.',
    spec: (theme, room) => targetSizeSpec(parts, theme, room),
  };
}

function targetSizeSpec(
  parts: readonly NamedSizes[],
  theme: ThemeName,
  room: Room = 'wide',
): VegaLiteSpec {
  const isolated = { color: 'independent', shape: 'independent', x: 'independent' };
  const panels = parts.flatMap(({ sizes, words }) => {
    const suffix = words === '' ? '' : `: ${words}`;
    const all = overallSeries(sizes);
    const byLayer = layerSeries(sizes);
    return [
      panel(sizes, `mean over n${suffix}`, all, { theme, room }),
      ...(byLayer.length < 2
        ? []
        : [panel(sizes, `AnB, frozen, by n${suffix}`, byLayer, { theme, room })]),
    ];
  });
  return { config: themeConfig(theme), vconcat: panels, spacing: 24, resolve: { scale: isolated } };
}

function panel(
  sizes: TargetSizes,
  title: string,
  series: readonly Series[],
  { theme, room }: { readonly theme: ThemeName; readonly room: Room },
): Json {
  const names = sizes.sizes.map((size) => (size === null ? 'all' : String(size)));
  const shown: Omit<Panel, 'x' | 'width' | 'height'> = {
    title,
    measure: 'matched',
    series,
    columns: room === 'narrow' ? 1 : 3,
    placeWords: (x) => `${names[x]} images a class`,
  };
  const x: Json = {
    field: 'x',
    type: 'quantitative',
    title: 'training images per class of the target',
    scale: { domain: [-0.35, names.length - 0.55], nice: false, zero: false },
    axis: {
      values: names.map((_, at) => at),
      format: 'd',
      labelExpr: `${JSON.stringify(names)}[datum.value]`,
    },
  };
  const { width } = plotSize[room];
  return panelSpec({ ...shown, domain: domainOf(shown), x, width, height: 250 }, theme);
}

// One line a treatment, and how much frozen transfer lies over tuned.
function overallSeries(sizes: TargetSizes): readonly Series[] {
  const first = new Map<string, SizeGain>();
  for (const gain of sizes.gains) {
    const key = `${gain.treatment} ${gain.against}`;
    if (!first.has(key)) first.set(key, gain);
  }
  return [...first.values()].map((gain): Series => {
    const { treatment, against } = gain;
    const { label, short } = treatments[treatment];
    const isOverBase = against === 'base';
    return {
      ...{ id: `${treatment} ${against}`, treatment },
      name: isOverBase ? label : `${treatment} over ${against}`,
      short: isOverBase ? short : 'AnB\u2212AnB+',
      look: isOverBase ? lookOf(gain) : { ...lookOf(gain), shape: 'cross', dash: [2, 3] },
      points: pointsOf(sizes, gain),
    };
  });
}

const shades: readonly Pick<SeriesLook, 'light' | 'dark'>[] = [
  { light: '#9ecae1', dark: '#c6dbef' },
  { light: '#6baed6', dark: '#9ecae1' },
  { light: '#4292c6', dark: '#6baed6' },
  { light: '#2171b5', dark: '#4292c6' },
  { light: '#08519c', dark: '#3182bd' },
  { light: '#08306b', dark: '#2171b5' },
];
const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down', 'cross'];

// Frozen transfer, the deeper the darker.
function layerSeries(sizes: TargetSizes): readonly Series[] {
  const gains = sizes.gains.filter(
    ({ treatment, against, layers }) =>
      treatment === 'AnB' && against === 'base' && !layers.includes('-'),
  );
  return gains.map((gain, at): Series => {
    const shade = Math.round((at / Math.max(1, gains.length - 1)) * (shades.length - 1));
    const colours = shades[shade] as (typeof shades)[number];
    return {
      ...{ id: `AnB ${gain.layers}`, treatment: 'AnB' as const },
      name: `n = ${gain.layers}`,
      short: `n = ${gain.layers}`,
      look: { ...colours, shape: shapes[at % shapes.length] as string },
      points: pointsOf(sizes, gain),
    };
  });
}

function lookOf({ treatment }: SizeGain): SeriesLook {
  const { shape, light, dark, lightLine, dash } = markStyles[treatment];
  return { shape, light: lightLine ?? light, dark, dash };
}

function pointsOf({ sizes }: TargetSizes, { points }: SizeGain): Series['points'] {
  return points.map(({ imagesPerClass, meanPt, lowPt, highPt, networks }) => ({
    x: sizes.indexOf(imagesPerClass),
    y: meanPt,
    low: lowPt,
    high: highPt,
    networks,
  }));
}
