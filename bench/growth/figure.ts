// The growth of cost as a figure.
import type { VegaLiteSpec } from '../../src/figures/spec.js';
import { themeConfig, themes } from '../../src/figures/theme.js';

/** One measured point. */
export interface Point {
  readonly panel: 'gang' | 'batch';
  readonly way: string;
  /** Networks in the gang, or images in the minibatch. */
  readonly x: number;
  /** Milliseconds of an iteration; by number of networks: mean over gangs that hold every network
   *  of the family equally often. */
  readonly ms: number;
}

/** Left: an iteration by number of networks; right: time an image of one base network by
 *  minibatch. */
export function growthFigure(network: string, points: readonly Point[]): VegaLiteSpec {
  const { coadaptation, specificity } = themes.light;
  const panel = (name: Point['panel'], x: string, y: string, title: string): VegaLiteSpec => {
    const values = points
      .filter((point) => point.panel === name)
      .map(({ way, x: at, ms }) => ({ way, x: at, y: name === 'gang' ? ms : (1000 * ms) / at }));
    return {
      title,
      width: 330,
      height: 260,
      data: { values },
      mark: { type: 'line', point: true },
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          title: x,
          ...(name === 'batch' && { scale: { type: 'log', base: 2 } }),
          axis: { values: [...new Set(values.map((value) => value.x))] },
        },
        y: { field: 'y', type: 'quantitative', title: y, scale: { zero: true } },
        ...(name === 'gang' && {
          color: {
            field: 'way',
            type: 'nominal',
            title: null,
            scale: { domain: ['one gang', 'one by one'], range: [coadaptation, specificity] },
            legend: { orient: 'top-left' },
          },
        }),
      },
    };
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: themeConfig('light'),
    hconcat: [
      panel('gang', 'networks', 'ms an iteration', `${network}, minibatches of 128`),
      panel('batch', 'images in a minibatch', 'µs an image', `${network}, one base network`),
    ],
    resolve: { scale: { color: 'independent' } },
  };
}
