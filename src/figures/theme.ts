// Colours and type of all figures, on a light and on a dark page.
import type { ThemeName, VegaLiteSpec } from './spec.js';

/** Colours that do not belong to a treatment. */
export interface Theme {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly line: string;
  /** Outline of marks and the plus in them. */
  readonly outline: string;
  readonly coadaptation: string;
  readonly specificity: string;
  readonly gain: string;
}

/** The two themes. Backgrounds are those of the report's page. */
export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: {
    background: '#ffffff',
    text: '#1b1f24',
    muted: '#59636e',
    grid: '#e4e8ec',
    line: '#1b1f24',
    outline: '#1b1f24',
    coadaptation: '#3568c8',
    specificity: '#c8402f',
    gain: '#7d9440',
  },
  dark: {
    background: '#15191e',
    text: '#e8ecf0',
    muted: '#a2adb8',
    grid: '#2b323a',
    line: '#e8ecf0',
    outline: '#15191e',
    coadaptation: '#6f9cf0',
    specificity: '#f07560',
    gain: '#a9c15f',
  },
};

/** Font of SVG and PNG: DejaVu Sans is shipped with the package; browsers without it take a similar
 *  one. */
const fontFamily = 'DejaVu Sans, Verdana, Geneva, sans-serif';

/** The `config` block of every specification. */
export function themeConfig(name: ThemeName): VegaLiteSpec {
  const theme = themes[name];
  const label = { labelColor: theme.muted, titleColor: theme.text };
  const type = { labelFontSize: 12, titleFontSize: 13, titleFontWeight: 'normal' };
  return {
    font: fontFamily,
    background: theme.background,
    padding: { left: 8, right: 16, top: 8, bottom: 8 },
    view: { stroke: null },
    axis: {
      ...label,
      ...type,
      grid: false,
      gridColor: theme.grid,
      domainColor: theme.muted,
      tickColor: theme.muted,
      labelLimit: 260,
      titleLimit: 600,
      titlePadding: 8,
    },
    legend: { ...label, ...type, labelLimit: 320, symbolSize: 110, rowPadding: 4 },
    header: { ...label, ...type, labelFontWeight: 'bold', labelColor: theme.text },
    title: { color: theme.text, subtitleColor: theme.muted, fontSize: 14, anchor: 'start' },
    text: { color: theme.text, fontSize: 12 },
  };
}
