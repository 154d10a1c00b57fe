// Several networks beside each other: what the best way of each reaches.
import type { Json } from '../../base/canonical-json.js';
import type { Figure, Room } from '../../figures/spec.js';
import { plotSize } from '../../figures/axes.js';
import { themeConfig, themes } from '../../figures/theme.js';
import { type Html, markup, table } from '../../report/html.js';
import type { Advice, AdvisedSource } from '../advice.js';
import { differenceText, percent, probabilityText } from '../words.js';
import { shortName } from './marks.js';

/** The networks, the chosen one first; nothing where one was asked about. */
export function sourceSection({ sources }: Advice): Html | null {
  if (sources === undefined) return null;
  const header = [
    ...['network', 'best way', 'final test', '95 % interval', 'chosen less this', 'probe'],
  ];
  return markup`<h2>The networks beside each other</h2>
${table(header, sources.map(sourceRow), [2], ' class="sources"')}
<p class="muted">The best way of each by the images to choose by, on the same images of the final test; p by McNemar's test and Holm's rule for all networks that were compared. Probe: of frozen features at the cut where it did best, cross-validated on training images.</p>`;
}

function sourceRow({ name, best, isTrained, probe }: AdvisedSource): readonly string[] {
  const probed = probe === null ? '' : `${percent(probe.accuracy)} after ${probe.name}`;
  if (best === null) return [name, 'none was finished', '', '', '', probed];
  const { words, accuracy, low, high, chosenLessThis: less } = best;
  return [
    name,
    isTrained ? words : `${words} (its other ways were not trained)`,
    percent(accuracy),
    `${percent(low)} to ${percent(high)}`,
    less === null ? 'chosen' : `${differenceText(best)}, ${probabilityText(less.p)}`,
    probed,
  ];
}

/** The networks as points with intervals; nothing where one was asked about. */
export function sourceFigure({ sources = [], data }: Advice): readonly Figure<string>[] {
  const judged = sources.filter(({ best }) => best !== null);
  if (judged.length < 2) return [];
  const figure: Figure<string> = {
    id: 'sources',
    title: 'What each network brings',
    caption: `Filled: its best way on the ${data.test} images of the final test, with exact 95 % intervals. Hollow: a linear probe of its frozen features at its best cut, cross-validated on training images.`,
    alt: 'Accuracy of the best way and of a linear probe for each network.',
    spec: (theme, room = 'wide') => ({
      config: themeConfig(theme),
      width: plotSize[room].width - (room === 'wide' ? 150 : 60),
      height: 50 * sources.length,
      data: { values: valuesOf(sources, room) },
      encoding: {
        y: {
          field: 'name',
          type: 'nominal',
          title: null,
          sort: sources.map(({ name }) => shown(name, room)),
          axis: { labelLimit: 300 },
        },
        color: { value: themes[theme].coadaptation },
      },
      layer: [
        {
          transform: [{ filter: "datum.kind === 'final test'" }],
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: {
            x: {
              field: 'low',
              type: 'quantitative',
              title: 'accuracy',
              scale: { zero: false, padding: 12 },
              axis: { format: '.0%', grid: true },
            },
            x2: { field: 'high' },
          },
        },
        ...(['final test', 'probe'] as const).map((kind) => ({
          transform: [{ filter: `datum.kind === '${kind}'` }],
          mark: { type: 'point', filled: kind !== 'probe', size: 110, strokeWidth: 2 },
          encoding: { x: { field: 'accuracy', type: 'quantitative' } },
        })),
      ],
    }),
  };
  return [figure];
}

const shown = (name: string, room: Room): string => shortName(name, room === 'wide' ? 26 : 12);

function valuesOf(sources: readonly AdvisedSource[], room: Room): Json {
  return sources.flatMap(({ name: whole, best, probe }) => {
    const name = shown(whole, room);
    return [
      ...(best === null
        ? []
        : [{ name, kind: 'final test', accuracy: best.accuracy, low: best.low, high: best.high }]),
      ...(probe === null ? [] : [{ name, kind: 'probe', accuracy: probe.accuracy }]),
    ];
  });
}
