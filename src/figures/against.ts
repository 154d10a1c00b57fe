// Another study laid over a figure: the same shapes, hollow and smaller, on dotted lines.
import type { Json } from '../base/canonical-json.js';
import type { Results } from '../study/results/types.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../study/treatments.js';
import { wordsEncoding } from './describe.js';
import { markStyles } from './marks.js';
import type { ThemeName } from './spec.js';
import { themes } from './theme.js';

/** One mark of the other study, at its place in the figure. */
export interface GhostPoint {
  /** Name of the other study. */
  readonly study: string;
  readonly treatment: TreatmentKind;
  readonly n?: number;
  readonly x: number;
  readonly y: number;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly networks?: number;
  /** Of a mark that is one network. */
  readonly name?: string;
  readonly words: string;
}

/** Dots and gaps of the other study's lines, px. */
export const ghostDash = [1.5, 3] as const;

/** Said under and in a figure that shows another study. */
export function ghostWords({ study }: Results): string {
  return `Dotted, hollow: ${study.name}`;
}

/** The words as the figure's title, so that a saved picture has them too; nothing without another
 *  study. */
export function ghostTitle(against: Results | null, theme: ThemeName): { readonly title?: Json } {
  if (against === null) return {};
  const { muted } = themes[theme];
  const type = { fontSize: 12, fontWeight: 'normal', fontStyle: 'italic', color: muted };
  return { title: { text: ghostWords(against), ...type } };
}

/** The layers n that fit this study's axis; a warm restart stands at its network's own L, the axis'
 *  last place only if L is the same. */
export function onAxis(
  { treatment, n }: Pick<GhostPoint, 'treatment'> & { readonly n: number },
  ours: Results,
  theirs: Results,
): boolean {
  const layers = ours.study.weightLayers;
  if (treatments[treatment].layers === 'all') return theirs.study.weightLayers === layers;
  return n < layers;
}

/** Hollow marks, and a dotted line through those of each treatment if `isLine`. */
export function ghostLayers(
  points: readonly GhostPoint[],
  y: Json,
  theme: ThemeName,
  isLine: boolean,
): Json[] {
  const used = treatmentKinds.filter((kind) => points.some(({ treatment }) => treatment === kind));
  return used.flatMap((kind): Json[] => {
    const values = points.filter(({ treatment }) => treatment === kind);
    const color = ghostColor(kind, theme);
    const data = { values: values.map((point) => ({ ...point })) };
    const line: Json = {
      data,
      mark: { type: 'line', color, strokeWidth: 1.6, strokeDash: [...ghostDash], aria: false },
      encoding: { y },
    };
    const point: Json = {
      data,
      mark: {
        type: 'point',
        shape: markStyles[kind].shape,
        size: 55,
        filled: false,
        fill: themes[theme].background,
        stroke: color,
        strokeWidth: 1.4,
        opacity: 0.9,
      },
      encoding: { y, ...wordsEncoding },
    };
    return isLine ? [line, point] : [point];
  });
}

// The base is white on light pages: its ghost takes the text's colour.
function ghostColor(treatment: TreatmentKind, theme: ThemeName): string {
  return treatment === 'base' ? themes[theme].muted : markStyles[treatment][theme];
}
