// Figure 3 put together from its panels; those without data are left out.
import type { Json } from '../base/canonical-json.js';
import type { Results } from '../study/results/types.js';
import { treatments } from '../study/treatments.js';
import { ghostTitle } from './against.js';
import { layerAxis, nameHeight, type Measure, plotSize } from './axes.js';
import { chanceOf } from './chance.js';
import { directionSeries, randomSeries, relativeSeries } from './distance-panels.js';
import { countOf } from './format.js';
import { domainOf, panelSpec, type Panel, type Series } from './series-panel.js';
import type { Figure, Room, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig } from './theme.js';

const half = 296;

/** Figure 3 in the paper's form (accuracy above, differences of means below) or matched; null if
 *  the study has neither transfer between distant tasks nor random features. */
export function figure3(
  results: Results,
  measure: Measure,
  against: Results | null = null,
): Figure | null {
  const top = topPanels(results, measure);
  const relative = relativeSeries(results, measure);
  if (top.length === 0 || relative.length === 0) return null;
  const isMatched = measure === 'matched';
  const differences = isMatched
    ? 'each network minus the mean base of its own split and target'
    : 'mean minus mean base of its family (no intervals: see the matched form)';
  return {
    id: isMatched ? 'figure3-matched' : 'figure3',
    title: `Figure 3${isMatched ? ', matched' : ''}: similar tasks, distant tasks, random features`,
    caption: [
      `Frozen first n layers. Above: ${top.map(({ words }) => words).join('; ')}.`,
      `Below: the same and random halves together, ${differences}${randomNote(relative)}.`,
      'Numbers under the axes: networks behind each point.',
      'Bands or whiskers: 95 % intervals where there are 3 independent values.',
    ].join(' '),
    alt: 'Frozen features by number of layers: from similar tasks, from distant tasks, and random ones.',
    spec: (theme, room) => figure3Spec(results, measure, theme, against, room),
  };
}

// A panel that this study does not have is not made for another's sake. The figure's title names
// the other study.
function withGhosts(
  results: Results,
  against: Results | null,
  seriesOf: (study: Results) => Series[],
): Series[] {
  const own = seriesOf(results);
  if (against === null || own.length === 0) return own;
  const theirs = seriesOf(against).map((series) => {
    const same = own.find((each) => each.id === series.id && each.treatment === series.treatment);
    return {
      ...series,
      look: same?.look ?? series.look,
      name: `${series.name}, other study`,
      short: '',
      points: series.points.filter(({ x }) => x < results.study.weightLayers),
      isGhost: true,
      isUnlisted: same !== undefined,
    };
  });
  return [...own, ...theirs];
}

interface TopPanel {
  readonly title: string;
  readonly words: string;
  readonly series: Panel['series'];
}

function topPanels(results: Results, measure: Measure, against: Results | null = null): TopPanel[] {
  const panels = [
    {
      title: 'between distant tasks, both directions',
      words: 'transfer between distant tasks, one line a target',
      series: withGhosts(results, against, (study) => directionSeries(study, measure)),
    },
    {
      title: 'random features',
      words: `layers frozen at their random start${deadNote(results)}`,
      series: withGhosts(results, against, (study) => randomSeries(study, measure)),
    },
  ];
  return panels.filter(({ series }) => series.length > 0);
}

// The paper's axis: random features fall so far that nothing else could be read.
function randomNote(series: readonly Series[]): string {
  const kinds = new Set(series.map(isCopied));
  return kinds.size === 2 ? '; lines of random features may leave the axis, as in the paper' : '';
}

function isCopied({ treatment }: Series): boolean {
  return treatments[treatment].source !== 'none';
}

// Such a point says that training failed, not how good the features are.
function deadNote(results: Results): string {
  const random = results.networks.filter(({ treatment }) => treatment === 'random');
  const dead = random.filter(({ state }) => state === 'dead').length;
  const unlearnt = random.filter(({ notLearnt }) => notLearnt).length;
  const notes = [
    ...(dead > 0 ? [`${countOf(dead)} never left chance`] : []),
    ...(unlearnt > 0 ? [`${countOf(unlearnt)} did not learn`] : []),
  ];
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
}

function figure3Spec(
  results: Results,
  measure: Measure,
  theme: ThemeName,
  against: Results | null,
  room: Room = 'wide',
): VegaLiteSpec {
  const axis = { x: layerAxis(results, false, room), nameHeight: nameHeight(results, room) };
  const full = plotSize[room].width;
  const chance = measure === 'accuracy' ? chanceOf(results.networks) : [];
  const top = topPanels(results, measure, against);
  const panels = top.map(({ title, series }) => {
    const width = top.length === 1 || room === 'narrow' ? full : half;
    return panelSpec(
      { title, series, measure, ...axis, width, height: 210, columns: 1, chance },
      theme,
    );
  });
  const series = withGhosts(results, against, (study) => relativeSeries(study, measure));
  const transfer = series.filter(isCopied);
  const below = panelSpec(
    {
      title: 'each against its own base',
      series,
      measure: 'matched',
      ...(transfer.length === 0
        ? {}
        : { domain: domainOf({ series: transfer, measure: 'matched' }) }),
      ...axis,
      width: full,
      height: 250,
      // Names of lines that the other study alone has are long.
      columns: room === 'narrow' ? 1 : against === null ? 3 : 2,
    },
    theme,
  );
  const isolated = { scale: { color: 'independent', shape: 'independent' } };
  const row: Json = {
    [room === 'wide' ? 'hconcat' : 'vconcat']: panels,
    spacing: 24,
    resolve: isolated,
  };
  return {
    config: themeConfig(theme),
    ...ghostTitle(against, theme),
    vconcat: [row, below],
    spacing: 24,
    resolve: isolated,
  };
}
