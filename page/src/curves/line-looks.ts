// Colours and dashes of learning curves: the treatment's own, and where several networks of one
// treatment are compared, shades of it.
import type { ThemeName } from '../../../src/figures/spec.js';
import { lineColor, markStyles } from '../../../src/figures/marks.js';
import { themes } from '../../../src/figures/theme.js';
import type { TreatmentKind } from '../../../src/study/treatments.js';

/** How a curve is drawn. */
export interface LineLook {
  readonly color: string;
  readonly dash: readonly number[];
}

/** A look for each of these networks, in their order. */
export function lineLooks(
  networks: readonly { readonly treatment: string }[],
  theme: ThemeName,
): readonly LineLook[] {
  const seen = new Map<string, number>();
  const total = new Map<string, number>();
  for (const { treatment } of networks) total.set(treatment, (total.get(treatment) ?? 0) + 1);
  return networks.map(({ treatment }) => {
    const place = seen.get(treatment) ?? 0;
    seen.set(treatment, place + 1);
    const count = total.get(treatment) ?? 1;
    const color = colorOf(treatment, theme);
    const [low, high] = shadesOf(color);
    const shade = count === 1 ? 0 : low + ((high - low) * place) / (count - 1);
    return { color: shaded(color, shade), dash: dashOf(treatment) };
  });
}

const isKnown = (name: string): name is TreatmentKind => Object.hasOwn(markStyles, name);

// Colour of a treatment's lines: the report's. Its marks for the base are white with an outline,
// which a line has not.
function colorOf(treatment: string, theme: ThemeName): string {
  if (!isKnown(treatment)) return themes[theme].muted;
  return treatment === 'base' ? themes[theme].line : lineColor(treatment, theme);
}

function dashOf(treatment: string): readonly number[] {
  return isKnown(treatment) ? markStyles[treatment].dash : [];
}

// What is nearly black or white has room on one side only.
function shadesOf(color: string): readonly [number, number] {
  const mean = channelsOf(color).reduce((sum, value) => sum + value, 0) / 3;
  return [mean < 60 ? 0 : -1, mean > 210 ? 0 : 1];
}

const channelsOf = (color: string): readonly number[] =>
  [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));

// A shade of #rrggbb: -1 a good deal darker, 1 a good deal lighter, 0 itself.
function shaded(color: string, shade: number): string {
  const toward = shade < 0 ? 0 : 255;
  const share = 0.45 * Math.abs(shade);
  const mixed = channelsOf(color).map((value) => Math.round(value + (toward - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
