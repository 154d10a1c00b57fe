// How each treatment looks: the paper's colours and shapes (fine-tuned = lighter, with a plus),
// tuned for both themes, and told apart by shape as well as by colour.
import { type TreatmentKind, treatmentKinds, treatments } from '../study/treatments.js';
import type { Json } from '../base/canonical-json.js';
import { legendColumns } from './axes.js';
import type { Room, ThemeName } from './spec.js';

/** Look of one treatment. */
export interface MarkStyle {
  /** Vega symbol name or SVG path in [-1, 1]. */
  readonly shape: string;
  readonly light: string;
  readonly dark: string;
  /** Of its lines on a light page, where `light` is too pale for a thin line. */
  readonly lightLine?: string;
  /** Shift along n in the scatter figure, as in the paper. */
  readonly offset: number;
  readonly dash: readonly number[];
}

const circle = 'M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z';
const diamond = 'M0,-1.25L1.25,0L0,1.25L-1.25,0Z';
const square = 'M-0.95,-0.95L0.95,-0.95L0.95,0.95L-0.95,0.95Z';
const triangle = 'M0,-1.1L1.1,0.95L-1.1,0.95Z';
// With a bar through them: one layer of many.
const bar = 'M-1.3,0L1.3,0';
const ring = circle + bar;
const lozenge = diamond + bar;
const plus = 'M0,-0.62L0,0.62M-0.62,0L0.62,0';

/** How each treatment is drawn. */
export const markStyles: Readonly<Record<TreatmentKind, MarkStyle>> = {
  base: {
    shape: circle,
    light: '#ffffff',
    dark: '#e8ecf0',
    offset: 0,
    dash: [],
  },
  BnB: {
    shape: circle,
    light: '#2c5fc4',
    dark: '#5f92f2',
    offset: -0.25,
    dash: [],
  },
  'BnB+': {
    shape: circle + plus,
    light: '#a9c1f2',
    dark: '#86d3f5',
    lightLine: '#86a6e8',
    offset: -0.09,
    dash: [6, 3],
  },
  AnB: {
    shape: diamond,
    light: '#c9301c',
    dark: '#f0705a',
    offset: 0.09,
    dash: [],
  },
  'AnB+': {
    shape: diamond + plus,
    light: '#f3aca0',
    dark: '#f9b877',
    lightLine: '#e88d7d',
    offset: 0.27,
    dash: [6, 3],
  },
  random: {
    shape: triangle,
    light: '#d8a200',
    dark: '#f0c33c',
    offset: 0,
    dash: [2, 3],
  },
  'warm-restart': {
    shape: square,
    light: '#2a8f80',
    dark: '#58c7b5',
    offset: 0,
    dash: [],
  },
  'BnB-p1': {
    shape: circle,
    light: '#6a90dc',
    dark: '#86adf5',
    offset: -0.33,
    dash: [1, 2],
  },
  'BnB-p2': {
    shape: circle,
    light: '#8f7fd6',
    dark: '#b3a6f0',
    offset: -0.41,
    dash: [4, 2],
  },
  'AnB-p1': {
    shape: diamond,
    light: '#dd7a4a',
    dark: '#f2a07a',
    offset: 0.33,
    dash: [1, 2],
  },
  'AnB-p2': {
    shape: diamond,
    light: '#b4577f',
    dark: '#e391b4',
    offset: 0.41,
    dash: [4, 2],
  },
  'base-long': {
    shape: square,
    light: '#8c8c8c',
    dark: '#b9c0c8',
    offset: 0.12,
    dash: [],
  },
  'BnB>': {
    shape: circle + plus,
    light: '#1f4590',
    dark: '#7aa5ff',
    offset: -0.17,
    dash: [2, 2],
  },
  'AnB>': {
    shape: diamond + plus,
    light: '#8f1d10',
    dark: '#ff8c78',
    offset: 0.18,
    dash: [2, 2],
  },
  'BnB-only': {
    shape: ring,
    light: '#5b86d8',
    dark: '#8db4ff',
    offset: -0.37,
    dash: [1, 3],
  },
  'AnB-only': {
    shape: lozenge,
    light: '#e0653f',
    dark: '#ff9d7a',
    offset: 0.37,
    dash: [1, 3],
  },
  'AnB-moments': {
    shape: triangle,
    light: '#b8860b',
    dark: '#e6b94d',
    offset: 0.45,
    dash: [5, 2],
  },
  'AnB+-slow': {
    shape: diamond + plus,
    light: '#a0567c',
    dark: '#d993b6',
    offset: 0.31,
    dash: [3, 3],
  },
  'warm-restart-2': {
    shape: square,
    light: '#186558',
    dark: '#8be0d0',
    offset: 0.12,
    dash: [],
  },
};

/** Colour of a treatment's line. */
export function lineColor(treatment: TreatmentKind, theme: ThemeName): string {
  const style = markStyles[treatment];
  return (theme === 'light' && style.lightLine) || style[theme];
}

/** Encodings `shape` and `fill` by field `label` with one shared legend, for the treatments
 *  given. */
export function markEncoding(
  used: readonly TreatmentKind[],
  theme: ThemeName,
  room: Room,
): { readonly shape: Json; readonly fill: Json } {
  const kinds = treatmentKinds.filter((kind) => used.includes(kind));
  const styles = kinds.map((kind) => markStyles[kind]);
  const domain = kinds.map((kind) => treatments[kind].label);
  const scale = (range: readonly string[]) => ({ domain, range });
  const legend = {
    title: null,
    orient: 'top',
    columns: legendColumns[room],
    symbolStrokeWidth: 1.2,
  };
  return {
    shape: {
      field: 'label',
      type: 'nominal',
      scale: scale(styles.map((style) => style.shape)),
      legend,
    },
    fill: {
      field: 'label',
      type: 'nominal',
      scale: scale(styles.map((style) => style[theme])),
      legend,
    },
  };
}
