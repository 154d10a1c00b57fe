// Figure 2, top: every network as one mark.
import { isMeasured, matchNetworks, referenceBases } from '../study/results/measured.js';
import type { Results } from '../study/results/types.js';
import { type TreatmentKind, treatments } from '../study/treatments.js';
import { ghostLayers, type GhostPoint, ghostTitle, onAxis } from './against.js';
import { layerAxis, paddedDomain, plotSize, valueAxis, type Measure } from './axes.js';
import { chanceLayers, chanceLevels, withChance } from './chance.js';
import { wordsEncoding } from './describe.js';
import { formatAccuracy, formatPoints } from './format.js';
import { markEncoding, markStyles } from './marks.js';
import type { Room, ThemeName, VegaLiteSpec } from './spec.js';
import { themeConfig, themes } from './theme.js';

/** One mark of the scatter figure. */
export interface ScatterPoint {
  readonly name: string;
  readonly treatment: TreatmentKind;
  readonly label: string;
  readonly n: number;
  readonly x: number;
  readonly y: number;
}

/** The main family's measured networks at their places. */
export function scatterPoints(results: Results, measure: Measure): ScatterPoint[] {
  const family = results.networks.filter((network) => network.family === results.study.family);
  const bases = new Set(referenceBases(family));
  const members = family.filter((network) =>
    network.treatment === 'base'
      ? bases.has(network)
      : treatments[network.treatment].inFigure2 !== 'none',
  );
  const values =
    measure === 'accuracy'
      ? members.filter(isMeasured).map((network) => ({ network, y: network.accuracy }))
      : matchNetworks(members).map(({ network, overBasePt }) => ({ network, y: overBasePt }));
  return values.map(({ network, y }) => {
    const { name, treatment, n } = network;
    const { label } = treatments[treatment];
    return { name, treatment, label, n, x: n + markStyles[treatment].offset, y };
  });
}

/** Specification of Figure 2 (top), absolute or matched. */
export function scatterSpec(
  results: Results,
  measure: Measure,
  theme: ThemeName,
  against: Results | null = null,
  room: Room = 'wide',
): VegaLiteSpec {
  const points = scatterPoints(results, measure);
  const used = [...new Set(points.map((point) => point.treatment))];
  const ghosts = against === null ? [] : ghostPoints(results, against, measure);
  const levels = chanceLevels(results, measure);
  const domain = withChance(
    paddedDomain([
      ...[...points, ...ghosts].map((point) => point.y),
      ...reference(results, measure),
    ]),
    levels,
  );
  const y = valueAxis(measure, domain);
  const size = plotSize[room];
  const x = layerAxis(
    results,
    used.some((kind) => treatments[kind].layers === 'all'),
    room,
  );
  const { line, outline } = themes[theme];
  return {
    config: themeConfig(theme),
    ...ghostTitle(against, theme),
    ...size,
    layer: [
      ...chanceLayers(levels, { y, domain, height: size.height }, measure, theme),
      {
        data: { values: reference(results, measure).map((y) => ({ y })) },
        mark: { type: 'rule', color: line, strokeDash: [5, 4], strokeWidth: 1 },
        encoding: { y },
      },
      ...ghostLayers(ghosts, y, theme, false).map((layer) => {
        const unit = layer as { readonly encoding: object };
        return { ...unit, encoding: { ...unit.encoding, x } };
      }),
      {
        data: { values: points.map((point) => ({ ...point, words: wordsOf(point, measure) })) },
        mark: { type: 'point', size: 105, stroke: outline, strokeWidth: 1, opacity: 0.92 },
        encoding: {
          x,
          y,
          ...markEncoding(used, theme, room),
          ...wordsEncoding,
        },
      },
    ],
  };
}

// Beside this study's marks, so that neither hides the other.
function ghostPoints(ours: Results, theirs: Results, measure: Measure): GhostPoint[] {
  return scatterPoints(theirs, measure)
    .map((point) => ({
      ...{ study: theirs.study.name, name: point.name, treatment: point.treatment },
      ...{ n: point.n, x: point.x + 0.05, y: point.y },
      words: `${theirs.study.name} ${wordsOf(point, measure)}`,
    }))
    .filter((point) => onAxis(point, ours, theirs));
}

function wordsOf({ name, y }: ScatterPoint, measure: Measure): string {
  return `${name}: ${measure === 'matched' ? `${formatPoints(y)} Pt` : formatAccuracy(y)}`;
}

/** Where the dashed line of the base lies: mean base accuracy, or 0. */
export function reference(results: Results, measure: Measure): number[] {
  if (results.base.mean === null) return [];
  return [measure === 'accuracy' ? results.base.mean : 0];
}
