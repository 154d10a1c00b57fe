// How many networks are behind each point of a line figure: one row of small numbers a line, under
// the axis of n.
import type { Json } from '../base/canonical-json.js';
import type { Family } from '../study/results/types.js';
import type { ThemeName } from './spec.js';
import { themes } from './theme.js';

/** The numbers of one line. */
export interface CountRow {
  /** At most 8 characters: it stands left of the axis. Empty for the only row, which then has the
   *  noun there. */
  readonly label: string;
  readonly counts: readonly { readonly x: number; readonly count: number }[];
}

/** Families as there is room for beside an axis (Vega without a canvas overestimates widths). */
export const shortFamily: Readonly<Record<Family, string>> = {
  'random-halves': 'halves',
  'natural-man-made': 'nat/man',
  classes: 'classes',
  'two-sets': 'two sets',
  whole: 'whole',
  reduced: 'reduced',
  'target-size': 'size',
};

/** Height of one row, px. */
const rowHeight = 14;
/** Where rows start below the plotting area: under ticks, labels and title of the axis, px. */
const belowAxis = 54;

/** Where counts stand, and what is counted. */
export interface CountPlace {
  readonly noun?: string;
  /** Encoding of field `x`, where the plot's own (shared by all its layers) is not meant. */
  readonly x?: Json;
  /** How much lower than under an axis of one line of labels, px. */
  readonly lower?: number;
}

/** Layers that write the counts below a plot of this height, with the noun beside the axis' title.
 *  Rows without counts are left out. */
export function countLayers(
  rows: readonly CountRow[],
  height: number,
  theme: ThemeName,
  { noun = 'networks', x, lower = 0 }: CountPlace = {},
): Json[] {
  const filled = rows.filter(({ counts }) => counts.length > 0);
  if (filled.length === 0) return [];
  const { muted } = themes[theme];
  const start = height + belowAxis + lower;
  const words = { type: 'text', baseline: 'middle', fontSize: 10.5, color: muted, aria: false };
  const aside = (text: string, at: number): Json => ({
    data: { values: [{ text }] },
    mark: { ...words, align: 'right' },
    encoding: { x: { value: -8 }, y: { value: at }, text: { field: 'text' } },
  });
  return [
    aside(filled[0]?.label === '' ? '' : noun, start - rowHeight - 3),
    ...filled.flatMap(({ label, counts }, i): Json[] => {
      const at = start + i * rowHeight;
      return [
        aside(label === '' ? noun : label, at),
        {
          data: { values: counts.map(({ x, count }) => ({ x, count })) },
          mark: words,
          encoding: {
            ...(x === undefined ? {} : { x }),
            y: { value: at },
            text: { field: 'count' },
          },
        },
      ];
    }),
  ];
}
