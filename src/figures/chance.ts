// Where guessing lies in a figure.
import type { Json } from '../base/canonical-json.js';
import { referenceBases } from '../study/results/measured.js';
import type { NetworkResult, Results } from '../study/results/types.js';
import type { Measure } from './axes.js';
import { formatAccuracy, formatPoints } from './format.js';
import type { ThemeName } from './spec.js';
import { themes } from './theme.js';

/** Accuracies of guessing, 1 / C of each number of classes among the networks, ascending; networks
 *  whose C is not known say nothing. */
export function chanceOf(networks: readonly NetworkResult[]): readonly number[] {
  const classes = networks.flatMap((network) => network.classes ?? []);
  return [...new Set(classes)].map((count) => 1 / count).sort((a, b) => a - b);
}

/** The same for the main family, in the unit of the figure. Matched, it is the distance to the mean
 *  base, known only if all tasks have as many classes. */
export function chanceLevels(results: Results, measure: Measure): readonly number[] {
  const family = results.networks.filter((network) => network.family === results.study.family);
  const bases = new Set(referenceBases(family));
  const chances = chanceOf(
    family.filter((network) => network.treatment !== 'base' || bases.has(network)),
  );
  if (measure === 'accuracy') return chances;
  const { mean } = results.base;
  const [chance] = chances;
  return mean === null || chance === undefined || chances.length > 1 ? [] : [100 * (chance - mean)];
}

/** The range of y grown so that chance is inside, if it lies near enough not to flatten all else:
 *  within the range's own height below it. */
export function withChance(
  [low, high]: readonly [number, number],
  levels: readonly number[],
): [number, number] {
  const range = high - low;
  const near = levels.filter((level) => level < low && level > low - range);
  return near.length === 0 ? [low, high] : [Math.min(...near) - 0.04 * range, high];
}

/** Chance as a dotted line with its name; where it lies below the range, a note at the lower edge
 *  says where. */
export function chanceLayers(
  levels: readonly number[],
  {
    y,
    domain,
    height,
  }: { readonly y: Json; readonly domain: readonly [number, number]; readonly height: number },
  measure: Measure,
  theme: ThemeName,
): Json[] {
  const { muted } = themes[theme];
  const inside = levels.filter((level) => level >= domain[0] && level <= domain[1]);
  const below = levels.filter((level) => level < domain[0]);
  const text = { type: 'text', align: 'left', fontSize: 10.5, color: muted, aria: false };
  const format = measure === 'accuracy' ? formatAccuracy : formatPoints;
  const note = `chance (${below.map((level) => format(level)).join(', ')}) lies below \u2193`;
  return [
    ...(inside.length === 0
      ? []
      : [
          {
            data: { values: inside.map((level) => ({ y: level })) },
            mark: { type: 'rule', color: muted, strokeDash: [1, 3], strokeWidth: 1.2 },
            encoding: { x: null, y },
          },
          {
            data: { values: inside.map((level) => ({ y: level })) },
            mark: { ...text, dy: -7 },
            encoding: { x: { value: 4 }, y, text: { value: 'chance' } },
          },
        ]),
    ...(below.length === 0
      ? []
      : [
          {
            data: { values: [{}] },
            mark: text,
            encoding: { x: { value: 4 }, y: { value: height - 8 }, text: { value: note } },
          },
        ]),
  ];
}
