// Marks and axes that the figures of an advice share.
import type { Json } from '../../base/canonical-json.js';
import { paddedDomain } from '../../figures/axes.js';
import type { Room, ThemeName } from '../../figures/spec.js';
import { themes } from '../../figures/theme.js';
import { families, type Family } from '../arms.js';

type Look = Readonly<Record<ThemeName, string>> & { readonly shape: string };

const looks: Readonly<Record<Family, Look>> = {
  'last layer only': { light: '#2f6fb7', dark: '#78aef0', shape: 'square' },
  frozen: { light: '#0e8a83', dark: '#4fc4bb', shape: 'diamond' },
  'fine-tune everything': { light: '#c8402f', dark: '#f07560', shape: 'triangle-up' },
  'fine-tuned': { light: '#a05fb4', dark: '#cf9be0', shape: 'triangle-down' },
  scratch: { light: '#59636e', dark: '#a2adb8', shape: 'cross' },
};

/** Colour and shape of each family, with a legend. */
export function familyEncoding(
  theme: ThemeName,
  present: readonly string[],
  room: Room,
): Readonly<Record<string, Json>> {
  const shown = families.filter((family) => present.includes(family));
  const domain: Json = [...shown];
  const legend: Json = { orient: 'top', title: null, columns: room === 'wide' ? 5 : 2 };
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

/** Axis of accuracy that shows all values. */
export const accuracyAxis = (values: readonly number[], title: string): Json => ({
  field: 'accuracy',
  type: 'quantitative',
  title,
  scale: { domain: paddedDomain(values), nice: false, zero: false },
  axis: { format: '.0%', grid: true },
});

/** A line from side to side at what guessing gets; nothing where that lies below the values. */
export function guessingRule(
  guessing: number,
  values: readonly number[],
  theme: ThemeName,
): readonly Json[] {
  if (guessing < Math.min(...values)) return [];
  const rule = {
    data: { values: [{ accuracy: guessing }] },
    mark: { type: 'rule', strokeDash: [2, 3], strokeWidth: 1.5 },
    encoding: {
      x: { value: 0 },
      x2: { value: 'width' },
      y: { field: 'accuracy', type: 'quantitative' },
      color: { value: themes[theme].text },
    },
  };
  return [rule];
}

/** A name that is no longer than there is room for: of a longer one its end, which tells it
 *  apart. */
export function shortName(name: string, most: number): string {
  return name.length <= most ? name : `\u2026${name.slice(1 - most)}`;
}

/** Bars from `low` to `high`, with the axis of accuracy. */
export function intervalBars(
  values: readonly { readonly low: number; readonly high: number }[],
  title = 'accuracy on the final test',
): Json {
  const ends = values.flatMap(({ low, high }) => [low, high]);
  return {
    mark: { type: 'rule', strokeWidth: 1.5 },
    encoding: {
      y: { ...(accuracyAxis(ends, title) as object), field: 'low' },
      y2: { field: 'high' },
    },
  };
}
