// The figures of an advice: accuracy against cut, cost against accuracy, and the learning curve.
import type { Json } from '../../base/canonical-json.js';
import { paddedDomain, plotSize } from '../../figures/axes.js';
import type { Figure, Room, ThemeName } from '../../figures/spec.js';
import { themeConfig, themes } from '../../figures/theme.js';
import type { Advice } from '../advice.js';
import { families, type Family } from '../arms.js';

type AdviceFigure = Figure<string>;

/** Those that there are data for. */
export function adviceFigures(advice: Advice): readonly Figure<string>[] {
  return [cutFigure(advice), ...costFigure(advice), ...curveFigure(advice)];
}

type Look = Readonly<Record<ThemeName, string>> & { readonly shape: string };

const looks: Readonly<Record<Family, Look>> = {
  'last layer only': { light: '#2f6fb7', dark: '#78aef0', shape: 'square' },
  frozen: { light: '#0e8a83', dark: '#4fc4bb', shape: 'diamond' },
  'fine-tune everything': { light: '#c8402f', dark: '#f07560', shape: 'triangle-up' },
  'fine-tuned': { light: '#a05fb4', dark: '#cf9be0', shape: 'triangle-down' },
  scratch: { light: '#59636e', dark: '#a2adb8', shape: 'cross' },
};

/** Colour and shape of each family, with a legend. */
function familyEncoding(
  theme: ThemeName,
  present: readonly string[],
): Readonly<Record<string, Json>> {
  const shown = families.filter((family) => present.includes(family));
  const domain: Json = [...shown];
  const legend: Json = { orient: 'top', title: null, columns: 3 };
  return {
    color: {
      field: 'family',
      type: 'nominal',
      scale: { domain, range: shown.map((family) => looks[family][theme]) },
      legend,
    },
    shape: {
      field: 'family',
      type: 'nominal',
      scale: { domain, range: shown.map((family) => looks[family].shape) },
      legend,
    },
  };
}

const accuracyAxis = (values: readonly number[], title: string): Json => ({
  field: 'accuracy',
  type: 'quantitative',
  title,
  scale: { domain: paddedDomain(values), nice: false, zero: false },
  axis: { format: '.0%', grid: true },
});

const rule = (value: number, theme: ThemeName): Json => ({
  data: { values: [{ accuracy: value, words: 'guessing' }] },
  mark: { type: 'rule', strokeDash: [2, 3], strokeWidth: 1.5 },
  // From side to side: it has no place on the axis of the others.
  encoding: {
    x: { value: 0 },
    x2: { value: 'width' },
    y: { field: 'accuracy', type: 'quantitative' },
    color: { value: themes[theme].text },
  },
});

function cutFigure({ cheap, trained, data }: Advice): AdviceFigure {
  const probes = cheap.cuts.flatMap(({ n, accuracy, randomLabels, randomWeights }) => [
    { n, accuracy, line: 'probe' },
    { n, accuracy: randomLabels.accuracy, line: 'random labels' },
    ...(randomWeights === null
      ? []
      : [{ n, accuracy: randomWeights.accuracy, line: 'random weights' }]),
  ]);
  const points = trained.map(({ arm, family, selectionAccuracy }) => ({
    ...{ n: arm.n, accuracy: selectionAccuracy, family },
  }));
  const all = [...probes, ...points].map(({ accuracy }) => accuracy);
  return {
    id: 'cuts',
    title: 'Accuracy against the place of the cut',
    caption: `Lines: a linear probe on frozen features, cross-validated on ${cheap.images} training images, with its values for random labels and for random weights. Marks: networks that were trained, on the ${data.selection} images to choose by; n = 0 from scratch. Dotted: guessing.`,
    alt: 'Accuracy of linear probes and of trained networks against the number of copied segments.',
    spec: (theme, room = 'wide') => ({
      config: themeConfig(theme),
      ...plotSize[room],
      encoding: { x: cutAxis(cheap, room) },
      layer: [
        rule(data.guessing, theme),
        probeLines(probes, all, theme),
        {
          data: { values: points },
          mark: { type: 'point', filled: true, size: 110, opacity: 0.9 },
          encoding: {
            y: { field: 'accuracy', type: 'quantitative' },
            ...familyEncoding(
              theme,
              points.map(({ family }) => family),
            ),
          },
        },
      ],
    }),
  };
}

function cutAxis({ cuts }: Advice['cheap'], room: Room): Json {
  const names = Object.fromEntries(cuts.map(({ n, name }) => [String(n), name]));
  const named = {
    labelExpr: `datum.label + ' ' + (${JSON.stringify(names)}[datum.label] || '')`,
    labelAngle: -35,
    labelOverlap: false,
    labelLimit: 220,
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

function probeLines(values: readonly Json[], all: readonly number[], theme: ThemeName): Json {
  return {
    data: { values },
    mark: { type: 'line', point: { size: 30 }, color: themes[theme].text },
    encoding: {
      y: accuracyAxis(all, 'accuracy'),
      strokeDash: {
        field: 'line',
        type: 'nominal',
        scale: { domain: Object.keys(dashes), range: Object.values(dashes) },
        legend: { orient: 'bottom', title: null },
      },
    },
  };
}

/** Bars from `low` to `high`, with the axis of accuracy. */
function intervalBars(values: readonly { readonly low: number; readonly high: number }[]): Json {
  const ends = values.flatMap(({ low, high }) => [low, high]);
  return {
    mark: { type: 'rule', strokeWidth: 1.5 },
    encoding: {
      y: { ...(accuracyAxis(ends, 'accuracy on the final test') as object), field: 'low' },
      y2: { field: 'high' },
    },
  };
}

function costFigure({ arms, data }: Advice): readonly AdviceFigure[] {
  if (arms.length === 0) return [];
  const values = arms.map(({ family, accuracy, low, high, trainSeconds }) => ({
    ...{ family, accuracy, low, high, seconds: Math.max(0.1, trainSeconds) },
  }));
  const figure: AdviceFigure = {
    id: 'cost',
    title: 'What each way reaches, and what it costs',
    caption: `Final test: ${data.test} images that had no part in training or choosing; bars: exact 95 % intervals. Seconds of training on this machine.`,
    alt: 'Accuracy on the final test against seconds of training.',
    spec: (theme, room = 'wide') => {
      const families = familyEncoding(
        theme,
        values.map(({ family }) => family),
      );
      return {
        config: themeConfig(theme),
        ...plotSize[room],
        data: { values },
        encoding: {
          x: {
            field: 'seconds',
            type: 'quantitative',
            title: 'seconds of training',
            scale: { type: 'log', nice: true },
            axis: { tickCount: 4, format: '~g' },
          },
          color: families.color as Json,
        },
        layer: [
          rule(data.guessing, theme),
          intervalBars(values),
          {
            mark: { type: 'point', filled: true, size: 130 },
            encoding: {
              y: { field: 'accuracy', type: 'quantitative' },
              shape: families.shape as Json,
            },
          },
        ],
      };
    },
  };
  return [figure];
}

function curveFigure({ curve, extrapolation, data }: Advice): readonly AdviceFigure[] {
  if (curve.length < 2) return [];
  const values = curve.map((each) => ({ ...each, kind: 'trained' }));
  const next = extrapolation === null ? [] : [{ ...extrapolation, kind: 'if the line goes on' }];
  const all = [...values, ...next];
  const figure: AdviceFigure = {
    id: 'images',
    title: 'What more images would bring',
    caption: `The chosen way, trained with fewer images, on the final test (${data.test} images); bars: 95 % intervals.${next.length === 0 ? '' : ' Hollow: a line through the logit of accuracy against the logarithm of the number of images, one doubling further; its interval is a bootstrap over the test images and takes the line for true.'}`,
    alt: 'Accuracy of the chosen way against training images per class.',
    spec: (theme, room = 'wide') => ({
      config: themeConfig(theme),
      ...plotSize[room],
      data: { values: all },
      encoding: {
        x: {
          field: 'imagesPerClass',
          type: 'quantitative',
          title: 'training images per class',
          scale: { type: 'log', base: 2, nice: false, padding: 24 },
          axis: { values: all.map(({ imagesPerClass }) => imagesPerClass), format: 'd' },
        },
        color: { value: themes[theme].coadaptation },
      },
      layer: [
        rule(data.guessing, theme),
        intervalBars(all),
        {
          transform: [{ filter: "datum.kind === 'trained'" }],
          mark: { type: 'line' },
          encoding: { y: { field: 'accuracy', type: 'quantitative' } },
        },
        {
          mark: { type: 'point', size: 110, strokeWidth: 2 },
          encoding: {
            y: { field: 'accuracy', type: 'quantitative' },
            fill: {
              condition: {
                test: "datum.kind === 'trained'",
                value: themes[theme].coadaptation,
              },
              value: themes[theme].background,
            },
          },
        },
      ],
    }),
  };
  return [figure];
}
