// Accuracy against the learning rate, one panel for each n: which rate each treatment does best at.
import type { Json } from '../base/canonical-json.js';
import type { RateRow, RateTable } from '../study/results/rate-types.js';
import { isOfFewImages } from '../study/results/measured.js';
import { taskLabel } from '../study/results/task-labels.js';
import type { Family, Results } from '../study/results/types.js';
import { treatments } from '../study/treatments.js';
import { legendColumns, plotSize } from './axes.js';
import { formatAccuracy } from './format.js';
import { markStyles } from './marks.js';
import { domainOf, type Panel, panelSpec, type Series } from './series-panel.js';
import type { Figure, Room, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

/** Networks that one table of rates is about, and what tells them from the others. */
export interface NamedRates {
  readonly table: RateTable;
  /** "", or "natural-man-made, target natural", "target-size, 20 images a class". */
  readonly words: string;
}

/** All tables of `rates`, in the order of results.json. */
export function namedRates(results: Results): readonly NamedRates[] {
  const { families } = results.rates ?? { families: {} };
  const entries = Object.entries(families) as [Family, readonly RateTable[]][];
  const isAlone = entries.length === 1;
  return entries.flatMap(([family, tables]) =>
    tables.map((table) => {
      const { target, imagesPerClass } = table;
      const label = target === null ? null : (taskLabel(results, family, target) ?? target);
      const words = [
        ...(isAlone ? [] : [family]),
        ...(label === null ? [] : [`target ${label}`]),
        ...(imagesPerClass === undefined ? [] : [`${imagesPerClass ?? 'all'} images a class`]),
      ];
      return { table, words: words.join(', ') };
    }),
  );
}

/** The rates of a row that were chosen most often; none if none was chosen yet. */
export function mostChosen({ points }: RateRow): readonly number[] {
  const most = Math.max(...points.map(({ chosen }) => chosen));
  return most === 0 ? [] : points.flatMap(({ lr, chosen }) => (chosen === most ? [lr] : []));
}

/** The figure; null for a study of one rate, or one without a network that has ended. */
export function learningRateFigure(results: Results): Figure | null {
  const rates = results.rates?.list ?? [];
  const parts = namedRates(results)
    .filter(({ table }) => table.imagesPerClass === undefined)
    .map((part) => ({ ...part, panels: rowsByLayer(part.table) }))
    .filter(({ panels }) => panels.length > 0);
  if (parts.length === 0) return null;
  return {
    id: 'learning-rates',
    title: 'Accuracy at each learning rate',
    caption: [
      'Mean accuracy of the networks of each treatment against the learning rate, one panel for each n;',
      'the base is the same in all. Rings: the rate that was chosen most often, on training images kept',
      'aside, not on those that are shown. Numbers under the axes: how often a rate was chosen.',
    ].join(' '),
    alt: 'Accuracy by learning rate, one panel for each number of layers.',
    spec: (theme, room) =>
      ratesSpec(
        parts.flatMap(({ panels, words }) =>
          panels.map(([n, rows]) => ({ title: titleOf(n, words), rows })),
        ),
        { rates, chance: chanceOf(results), theme, room: room ?? 'wide' },
      ),
  };
}

function titleOf(n: number, words: string): string {
  return `${n === 0 ? 'base' : `n = ${n}`}${words === '' ? '' : `: ${words}`}`;
}

// The base is in every panel; alone where there is nothing else.
function rowsByLayer({ rows }: RateTable): readonly (readonly [number, readonly RateRow[]])[] {
  const known = rows.filter(({ points }) => points.some(({ accuracy }) => accuracy !== null));
  const bases = known.filter(({ treatment }) => treatments[treatment].layers === 'none');
  const layers = [...new Set(known.map(({ n }) => n))].filter((n) => n > 0).sort((a, b) => a - b);
  if (layers.length === 0) return bases.length === 0 ? [] : [[0, bases]];
  return layers.map((n) => [n, [...bases, ...known.filter((row) => row.n === n)]]);
}

function chanceOf({ networks, study }: Results): readonly number[] {
  const own = networks.filter(({ family }) => family === study.family && !isOfFewImages(family));
  return [...new Set(own.flatMap(({ classes }) => (classes === null ? [] : [1 / classes])))];
}

interface Drawing {
  readonly rates: readonly number[];
  readonly chance: readonly number[];
  readonly theme: ThemeName;
  readonly room: Room;
}

/** Columns of panels; their width, px. */
const grid = { wide: [2, 270], narrow: [1, plotSize.narrow.width] } as const;

function ratesSpec(
  panels: readonly { readonly title: string; readonly rows: readonly RateRow[] }[],
  drawing: Drawing,
): VegaLiteSpec {
  const { theme, room, chance } = drawing;
  const [columns, width] = grid[room];
  // Every panel has every line, if only its name: they share one legend.
  const lines = new Map(
    panels.flatMap(({ rows }) => rows.map((row) => [row.treatment, seriesOf(row)])),
  );
  const all = panels.map(({ title, rows }) => {
    const own = new Map(rows.map((row) => [row.treatment, seriesOf(row)]));
    const series = [...lines].map(([kind, line]) => own.get(kind) ?? { ...line, points: [] });
    return { title, rows, series };
  });
  const shared = all.flatMap(({ series }) => series);
  // One range for all, so that panels can be compared.
  const domain = domainOf({ series: shared, measure: 'accuracy' });
  const x = rateAxis(drawing.rates);
  return {
    config: themeConfig(theme),
    concat: all.map(({ title, rows, series }) => {
      const panel: Panel = {
        ...{ title, series, x, width, height: 210, domain, chance, measure: 'accuracy' },
        columns: legendColumns[room],
        noun: 'chosen',
      };
      const spec = panelSpec(panel, theme);
      return { ...spec, layer: [...(spec['layer'] as Json[]), rings(rows, theme)] };
    }),
    columns,
    spacing: 28,
    resolve: { scale: { color: 'shared', shape: 'shared', x: 'independent' } },
  };
}

function rateAxis(rates: readonly number[]): Json {
  const sorted = [...rates].sort((a, b) => a - b);
  const [low, high] = [sorted[0] ?? 1, sorted.at(-1) ?? 1];
  const margin = (high / low) ** 0.12;
  return {
    field: 'x',
    type: 'quantitative',
    title: 'learning rate (logarithmic)',
    scale: { type: 'log', domain: [low / margin, high * margin], nice: false },
    axis: { values: sorted, labelExpr: 'toString(datum.value)', labelOverlap: true },
  };
}

function seriesOf({ treatment, points }: RateRow): Series {
  const { label, short } = treatments[treatment];
  const { shape, light, dark, lightLine, dash } = markStyles[treatment];
  // A base is drawn white, for its outline; as a line it needs a colour.
  const isWhite = treatment === 'base';
  const look = { shape, light: isWhite ? '#6b7580' : (lightLine ?? light), dark, dash };
  const known = points.filter(({ accuracy }) => accuracy !== null);
  const sorted = [...known].sort((a, b) => a.lr - b.lr);
  return {
    ...{ id: treatment, treatment, name: label, short, look },
    points: sorted.map(({ lr, accuracy, chosen, networks }) => ({
      ...{ x: lr, y: accuracy ?? 0, low: null, high: null, networks: chosen },
      words: `${label}, rate ${lr}: accuracy ${formatAccuracy(accuracy)}, chosen by ${chosen} of ${networks} networks`,
    })),
  };
}

// Around the marks of the rates that were chosen most often.
function rings(rows: readonly RateRow[], theme: ThemeName): Json {
  const values = rows.flatMap((row) => {
    const chosen = mostChosen(row);
    return row.points.flatMap(({ lr, accuracy }) =>
      accuracy !== null && chosen.includes(lr) ? [{ x: lr, y: accuracy }] : [],
    );
  });
  const mark = { type: 'point', shape: 'circle', size: 230, strokeWidth: 1.6, filled: false };
  return {
    data: { values },
    mark: { ...mark, color: themes[theme].text, opacity: 1, aria: false },
    encoding: { y: { field: 'y', type: 'quantitative' } },
  };
}
