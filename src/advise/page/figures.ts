// The figures of an advice: sources, accuracy against cut, cost against accuracy, learning curve.
import type { Json } from '../../base/canonical-json.js';
import { plotSize } from '../../figures/axes.js';
import type { Figure } from '../../figures/spec.js';
import { themeConfig, themes } from '../../figures/theme.js';
import type { Advice } from '../advice.js';
import { cutFigure } from './cut-figure.js';
import { familyEncoding, guessingRule, intervalBars } from './marks.js';
import { sourceFigure } from './sources.js';

type AdviceFigure = Figure<string>;

/** Those that there are data for. */
export function adviceFigures(advice: Advice): readonly Figure<string>[] {
  return [
    ...sourceFigure(advice),
    cutFigure(advice),
    ...costFigure(advice),
    ...curveFigure(advice),
  ];
}

function costFigure({ arms, data }: Advice): readonly AdviceFigure[] {
  if (arms.length === 0) return [];
  const values = arms.map(({ family, accuracy, low, high, trainSeconds }) => ({
    ...{ family, accuracy, low, high, seconds: Math.max(0.1, trainSeconds) },
  }));
  const figure: AdviceFigure = {
    id: 'cost',
    title: 'What each way reaches, and what it costs',
    caption: `Final test: ${data.test} images that had no part in training or choosing; bars: exact 95 % intervals. Seconds of training on this machine. A dotted line, where there is one, is guessing.`,
    alt: 'Accuracy on the final test against seconds of training.',
    spec: (theme, room = 'wide') => {
      const present = values.map(({ family }) => family);
      const families = familyEncoding(theme, present, room);
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
          ...guessingRule(
            data.guessing,
            values.map(({ low }) => low),
            theme,
          ),
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
        ...guessingRule(
          data.guessing,
          all.map(({ low }) => low),
          theme,
        ),
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
