// Test accuracy during training: one panel a treatment, one line a network, coloured by n.
import type { Json } from '../base/canonical-json.js';
import { spread } from '../base/spread.js';
import type { Results } from '../study/results/types.js';
import { treatmentKinds } from '../study/treatments.js';
import { paddedDomain } from './axes.js';
import { chanceLevels, withChance } from './chance.js';
import { wordsEncoding } from './describe.js';
import type { Room, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

/** One network's tests in the order they were made: lines of its metrics.jsonl, or the part of them
 *  that is drawn. */
export interface LearningCurve {
  /** Name of the network, as in results.json. */
  readonly name: string;
  readonly tests: readonly {
    readonly iteration: number;
    readonly epoch: number;
    readonly testAccuracy: number;
  }[];
}

/** Points drawn a curve: enough for its shape. */
const MOST_POINTS = 60;
/** Points drawn in all, and the fewest a curve: a report of many networks stays small. */
const MOST_IN_ALL = 30_000;
const FEWEST_POINTS = 8;

/** Specification: panels by treatment with shared axes; x = epoch. Networks of the main family
 *  only. */
export function learningCurvesSpec(
  results: Results,
  curves: readonly LearningCurve[],
  theme: ThemeName,
  room: Room = 'wide',
): VegaLiteSpec {
  const values = curveValues(results, curves);
  const present = treatmentKinds.filter((each) => values.some((value) => value.treatment === each));
  const levels = chanceLevels(results, 'accuracy');
  const domain = withChance(paddedDomain(values.map(({ accuracy }) => accuracy)), levels);
  const inside = levels.filter((level) => level >= domain[0]);
  const y: Json = {
    field: 'accuracy',
    type: 'quantitative',
    title: null,
    scale: { zero: false, domain, nice: false },
    axis: { grid: true, tickCount: 5, format: '~f' },
  };
  return {
    config: themeConfig(theme),
    data: { values },
    columns: room === 'wide' ? 4 : 2,
    spacing: 18,
    resolve: { axis: { x: 'independent', y: 'independent' } },
    facet: { field: 'treatment', type: 'nominal', sort: [...present], title: null },
    spec: {
      width: room === 'wide' ? 140 : 108,
      height: 120,
      layer: [
        {
          data: { values: inside.map((accuracy) => ({ accuracy })) },
          mark: { type: 'rule', color: themes[theme].muted, strokeDash: [1, 3] },
          encoding: { y },
        },
        {
          // What is said of a line is where it ends.
          transform: [
            {
              joinaggregate: [{ op: 'argmax', field: 'epoch', as: 'last' }],
              groupby: ['name'],
            },
            {
              calculate:
                "datum.name + ': accuracy ' + format(datum.last.accuracy, '.3f') + ' at epoch ' + format(datum.last.epoch, '.4~g')",
              as: 'words',
            },
          ],
          mark: { type: 'line', strokeWidth: 1.1, opacity: 0.8 },
          encoding: {
            ...wordsEncoding,
            x: { field: 'epoch', type: 'quantitative', title: 'epoch', axis: { tickCount: 4 } },
            y,
            detail: { field: 'name' },
            color: layerColor(results.study.weightLayers, theme, room),
          },
        },
      ],
    },
  };
}

/** Points that are drawn of each of so many curves, at most. */
export function pointsDrawn(curves: number): number {
  const share = Math.floor(MOST_IN_ALL / Math.max(1, curves));
  return Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, share));
}

/** The points that are drawn: of networks of the main family. */
export function curveValues(results: Results, curves: readonly LearningCurve[]) {
  const tests = new Map(curves.map((curve) => [curve.name, curve.tests]));
  const most = pointsDrawn(curves.length);
  return results.networks
    .filter((network) => network.family === results.study.family)
    .flatMap(({ name, treatment, n }) => {
      const own = tests.get(name) ?? [];
      return spread(own.length, most).map((at) => {
        const { epoch, testAccuracy: accuracy } = own[at] as LearningCurve['tests'][number];
        return { name, treatment, n, epoch, accuracy };
      });
    });
}

// Three colours that are legible at both ends on either page.
function layerColor(weightLayers: number, theme: ThemeName, room: Room): Json {
  const range =
    theme === 'light' ? ['#e8951c', '#c4326c', '#2f1a66'] : ['#fde28a', '#f0719a', '#8c97f7'];
  return {
    field: 'n',
    type: 'quantitative',
    scale: { domain: [0, weightLayers], range },
    legend: {
      title: 'n',
      orient: room === 'wide' ? 'right' : 'top',
      tickMinStep: 1,
      gradientLength: 140,
      gradientOpacity: 1,
    },
  };
}
