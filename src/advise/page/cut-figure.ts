// Accuracy against the place of the cut.
import type { Json } from '../../base/canonical-json.js';
import { plotSize } from '../../figures/axes.js';
import type { Figure, Room, ThemeName } from '../../figures/spec.js';
import { themeConfig, themes } from '../../figures/theme.js';
import { binomialInterval } from '../../stats/interval.js';
import type { Advice } from '../advice.js';
import { accuracyAxis, familyEncoding, guessingRule, shortName } from './marks.js';

/** Accuracy against the place of the cut: probes of frozen features, and what was trained. */
export function cutFigure({ cheap, trained, data }: Advice): Figure<string> {
  const probes = cheap.cuts.flatMap(({ n, accuracy, randomLabels, randomWeights }) => [
    { n, accuracy, line: 'probe' },
    { n, accuracy: randomLabels.accuracy, line: 'random labels' },
    ...(randomWeights === null
      ? []
      : [{ n, accuracy: randomWeights.accuracy, line: 'random weights' }]),
  ]);
  const band = cheap.cuts.map(({ n, accuracy }) => ({ n, ...range(accuracy, cheap.images) }));
  const points = trained.map(({ arm, family, selectionAccuracy: accuracy }) => ({
    ...{ n: arm.n, accuracy, family, ...range(accuracy, data.selection) },
  }));
  const present = points.map(({ family }) => family);
  const all = [
    data.guessing,
    ...probes.map(({ accuracy }) => accuracy),
    ...[...band, ...points].flatMap(({ low, high }) => [low, high]),
  ];
  return {
    id: 'cuts',
    title: 'Accuracy against the place of the cut',
    caption: `Lines: a linear probe on frozen features, cross-validated on ${cheap.images} training images, with its values for random labels and for random weights. Marks: networks that were trained, on the ${data.selection} images to choose by; n = 0 from scratch. Band and bars: exact 95 % intervals for so many images. Dotted, from side to side: guessing.`,
    alt: 'Accuracy of linear probes and of trained networks against the number of copied segments.',
    spec: (theme, room = 'wide') => {
      const families = familyEncoding(theme, present, room);
      return {
        config: themeConfig(theme),
        ...plotSize[room],
        encoding: { x: cutAxis(cheap, room) },
        layer: [
          {
            data: { values: band },
            mark: { type: 'area', opacity: 0.14, color: themes[theme].text },
            encoding: {
              y: { ...(accuracyAxis(all, 'accuracy') as object), field: 'low' },
              y2: { field: 'high' },
            },
          },
          ...guessingRule(data.guessing, all, theme),
          probeLines(probes, theme, room),
          trainedMarks(points, families),
        ],
      };
    },
  };
}

function trainedMarks(points: Json, families: Readonly<Record<string, Json>>): Json {
  return {
    data: { values: points },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.6 },
        encoding: {
          y: { field: 'low', type: 'quantitative' },
          y2: { field: 'high' },
          color: families['color'] as Json,
        },
      },
      {
        mark: { type: 'point', filled: true, size: 110, opacity: 0.9 },
        encoding: { y: { field: 'accuracy', type: 'quantitative' }, ...families },
      },
    ],
  };
}

function range(accuracy: number, images: number) {
  return binomialInterval(Math.round(accuracy * images), images, 0.95);
}

/** Letters of a name under the axis. */
const LONGEST_NAME = 18;

function cutAxis({ cuts }: Advice['cheap'], room: Room): Json {
  const names = Object.fromEntries(
    cuts.map(({ n, name }) => [String(n), shortName(name, LONGEST_NAME)]),
  );
  const named = {
    labelExpr: `datum.label + ' ' + (${JSON.stringify(names)}[datum.label] || '')`,
    labelAngle: -35,
    labelOverlap: false,
    // Widths of letters are taken to be larger than they are.
    labelLimit: 300,
  };
  return {
    field: 'n',
    type: 'quantitative',
    title: 'copied segments, n',
    axis: {
      values: [0, ...cuts.map(({ n }) => n)],
      format: 'd',
      ...(room === 'narrow' ? {} : named),
    },
  };
}

const dashes: Readonly<Record<string, Json>> = {
  probe: [1, 0],
  'random weights': [6, 3],
  'random labels': [2, 2],
};

function probeLines(values: readonly Json[], theme: ThemeName, room: Room): Json {
  return {
    data: { values },
    mark: {
      type: 'line',
      point: { size: 30, color: themes[theme].text },
      color: themes[theme].text,
    },
    encoding: {
      y: { field: 'accuracy', type: 'quantitative' },
      strokeDash: {
        field: 'line',
        type: 'nominal',
        scale: { domain: Object.keys(dashes), range: Object.values(dashes) },
        legend: {
          orient: 'bottom',
          title: null,
          symbolType: 'stroke',
          symbolSize: 500,
          columns: room === 'wide' ? 3 : 2,
        },
      },
    },
  };
}
