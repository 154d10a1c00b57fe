// One panel of lines with marks, interval bands, whiskers and counts: what Figure 3 and the
// reduced-data figure are made of.
import type { Json } from '../base/canonical-json.js';
import type { TreatmentKind } from '../study/treatments.js';
import { ghostDash } from './against.js';
import { mostBands, paddedDomain, valueAxis, type Measure } from './axes.js';
import { chanceLayers, withChance } from './chance.js';
import { countLayers } from './count-strip.js';
import { describePoint, wordsEncoding } from './describe.js';
import type { ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

/** Look of one line. */
export interface SeriesLook {
  /** Vega symbol name or SVG path in [-1, 1]. */
  readonly shape: string;
  readonly light: string;
  readonly dark: string;
  readonly dash?: readonly number[];
}

/** A mean on a line; y as a fraction or in percentage points, as the panel's measure says. */
export interface SeriesPoint {
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly networks: number;
  /** What is said of it; left out: its value and how many networks are behind it. */
  readonly words?: string;
}

/** One line. */
export interface Series {
  /** What the line is of, the same in every study: a family's, perhaps a task's. */
  readonly id: string;
  readonly treatment: TreatmentKind;
  /** As the legend has it. */
  readonly name: string;
  /** At most 8 characters, for the row of counts. */
  readonly short: string;
  readonly look: SeriesLook;
  readonly points: readonly SeriesPoint[];
  /** Of another study: hollow, on a dotted line. */
  readonly isGhost?: boolean;
  /** Left out of the legend: another line has the same look and says what it is. */
  readonly isUnlisted?: boolean;
}

/** Everything a panel shows. */
export interface Panel {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly measure: Measure;
  readonly x: Json;
  readonly series: readonly Series[];
  /** Columns of the legend. */
  readonly columns: number;
  /** Range of y, if lines may leave it; else all of them are inside. */
  readonly domain?: readonly [number, number];
  /** Accuracies of guessing. */
  readonly chance?: readonly number[];
  /** What a place on the axis is, in words; left out: "n = 3". */
  readonly placeWords?: (x: number) => string;
  /** Of the names under the numbers of the axis, px; left out: it has none. */
  readonly nameHeight?: number;
  /** Title of the y axis, where it is neither accuracy nor the difference to the own base. */
  readonly yTitle?: string;
  /** What the numbers under the axis count; left out: networks. */
  readonly noun?: string;
  /** A point in words; left out: as the measure says. */
  readonly describe?: (what: string, point: SeriesPoint) => string;
}

/** Range of y that shows every point and interval of a panel. */
export function domainOf({
  series,
  measure,
  chance = [],
}: Pick<Panel, 'series' | 'measure' | 'chance'>): [number, number] {
  const ends = series.flatMap(({ points }) =>
    points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]),
  );
  return withChance(paddedDomain(measure === 'matched' ? [0, ...ends] : ends), chance);
}

/** The panel as a unit of a specification. In matched panels a dashed line marks 0. */
export function panelSpec(panel: Panel, theme: ThemeName): { readonly [key: string]: Json } {
  const { series, width, height, chance = [], measure } = panel;
  const domain = panel.domain ?? domainOf(panel);
  const counts = series
    .filter(({ isGhost = false }) => !isGhost)
    .map(({ short, points }) => ({
      label: short,
      counts: points.map((point) => ({ x: point.x, count: point.networks })),
    }));
  return {
    title: { text: panel.title, fontSize: 12.5, fontWeight: 'normal', frame: 'group' },
    width,
    height,
    encoding: { x: panel.x },
    layer: [
      ...chanceLayers(chance, { y: yAxis(panel), domain, height }, measure, theme),
      ...marks(panel, theme),
      ...countLayers(counts, height, theme, {
        lower: panel.nameHeight ?? 0,
        ...(panel.noun === undefined ? {} : { noun: panel.noun }),
      }),
    ],
  };
}

/** A figure of panels that have one scale of y, for they are compared, and a legend each.
 *  @param look what all of them have in common */
export function panelsSpec(
  panels: readonly Pick<Panel, 'title' | 'series'>[],
  look: Omit<Panel, 'title' | 'series' | 'domain'>,
  place: 'hconcat' | 'vconcat',
  theme: ThemeName,
): VegaLiteSpec {
  const all = panels.flatMap(({ series }) => series);
  const domain = domainOf({ series: all, measure: look.measure });
  return {
    config: themeConfig(theme),
    [place]: panels.map((panel) => panelSpec({ ...panel, ...look, domain }, theme)),
    spacing: 24,
    resolve: { scale: { color: 'independent', shape: 'independent' } },
  };
}

function marks(panel: Panel, theme: ThemeName): Json[] {
  const { series, measure, placeWords = (x) => `n = ${x}` } = panel;
  const { describe = (what, point) => describePoint(what, measure, point) } = panel;
  const all = series.flatMap(({ name, points }) =>
    points.map((point) => ({
      ...point,
      series: name,
      ...(panel.placeWords === undefined ? {} : { place: placeWords(point.x) }),
      words: point.words ?? describe(`${name}, ${placeWords(point.x)}`, point),
    })),
  );
  // What lies wholly off the axis is left out: clipped marks beyond the picture make resvg 2.6
  // abort.
  const isShown = (low: number, high: number) =>
    panel.domain === undefined || (high >= panel.domain[0] && low <= panel.domain[1]);
  const known = all.filter(({ low, high }) => low !== null && high !== null);
  const whiskers = known.filter(({ low, high }) => isShown(low ?? 0, high ?? 0));
  const withIntervals = new Set(whiskers.map((point) => point.series));
  const banded = withIntervals.size > mostBands ? new Set<string>() : withIntervals;
  const points = all.filter((point) => isShown(point.y, point.y));
  const y = yAxis(panel);
  const clip = panel.domain !== undefined;
  const range = { y: { ...y, field: 'low' }, y2: { field: 'high' } };
  const color = bySeries(panel, (look) => look[theme]);
  const shape = bySeries(panel, (look) => look.shape);
  const zero = { type: 'rule', color: themes[theme].line, strokeDash: [5, 4], aria: false };
  return [
    {
      data: { values: measure === 'matched' ? [{ y: 0 }] : [] },
      mark: zero,
      encoding: { x: null, y },
    },
    {
      data: { values: known.filter((point) => banded.has(point.series)) },
      mark: { type: 'area', opacity: 1, fillOpacity: 0.18, aria: false, clip },
      encoding: { ...range, color },
    },
    {
      data: { values: whiskers },
      mark: { type: 'rule', opacity: 1, strokeOpacity: 0.75, strokeWidth: 1, aria: false, clip },
      encoding: { ...range, color },
    },
    ...lineMarks(panel, all, { y, color, clip }),
    ...pointMarks(panel, points, { y, color, shape, clip }),
  ];
}

/** A point with the name of its line, and what is said of it. */
type NamedPoint = { readonly [K in Exclude<keyof SeriesPoint, 'words'>]: SeriesPoint[K] } & {
  readonly series: string;
  /** What x stands for, where the axis has names. */
  readonly place?: string;
  readonly words: string;
};

/** What the layers of lines and of points share. */
interface SharedLook {
  readonly y: Json;
  readonly color: Json;
  readonly clip: boolean;
}

// One layer a line: as an encoding, dashes would be drawn around the legend's symbols too.
function lineMarks(
  { series }: Panel,
  all: readonly NamedPoint[],
  { y, color, clip }: SharedLook,
): Json[] {
  return series.map(({ name, look, isGhost = false }) => {
    const line = { type: 'line', strokeWidth: 2.2, strokeJoin: 'round', aria: false, clip };
    return {
      data: { values: all.filter((point) => point.series === name) },
      mark: { ...line, strokeDash: [...(isGhost ? ghostDash : (look.dash ?? []))] },
      encoding: { y, color },
    };
  });
}

function pointMarks(
  { series }: Panel,
  points: readonly NamedPoint[],
  { y, color, shape, clip }: SharedLook & { readonly shape: Json },
): Json[] {
  return (series.some(({ isGhost }) => isGhost) ? [false, true] : [false]).map((hollow) => {
    const names = new Set(
      series.filter(({ isGhost = false }) => isGhost === hollow).map(({ name }) => name),
    );
    const look = hollow
      ? { size: 50, filled: false, strokeWidth: 1.4 }
      : { size: 75, filled: true };
    return {
      data: { values: points.filter((point) => names.has(point.series)) },
      mark: { type: 'point', ...look, opacity: 1, clip },
      encoding: { y, color, shape, ...wordsEncoding },
    };
  });
}

function yAxis(panel: Panel): { readonly [key: string]: Json } {
  const axis = valueAxis(panel.measure, panel.domain ?? domainOf(panel)) as object;
  const { yTitle, measure } = panel;
  const title = yTitle ?? (measure === 'matched' ? 'Pt over own base' : undefined);
  return { ...axis, ...(title === undefined ? {} : { title }) };
}

function bySeries({ series, columns }: Panel, look: (look: SeriesLook) => string): Json {
  return {
    field: 'series',
    type: 'nominal',
    scale: {
      domain: series.map(({ name }) => name),
      range: series.map((each) => look(each.look)),
    },
    legend: {
      title: null,
      orient: 'top',
      columns,
      symbolOpacity: 1,
      labelLimit: 350,
      values: series.filter(({ isUnlisted = false }) => !isUnlisted).map(({ name }) => name),
    },
  };
}
