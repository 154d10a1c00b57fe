// The report's figures, drawn for light and dark pages.
import type { Figure } from '../figures/spec.js';
import { type Html, markup } from './html.js';
import { inlineSvg } from './inline-svg.js';

/** A figure with its two drawings. */
export interface DrawnFigure {
  readonly figure: Figure;
  readonly light: string;
  readonly dark: string;
}

/** Section with every figure and its caption. */
export function figureSection(figures: readonly DrawnFigure[]): Html {
  if (figures.length === 0) {
    return markup`<h2>Figures</h2>
      <p>None yet: no network has ended.</p>`;
  }
  const items = figures.map(({ figure, light, dark }) => {
    const svg = (text: string, theme: string) =>
      inlineSvg(text, `${figure.id}-${theme}`, figure.alt);
    return markup`<h3>${figure.title}</h3>
      <figure id="${figure.id}">
        <div class="on-light">${svg(light, 'light')}</div>
        <div class="on-dark">${svg(dark, 'dark')}</div>
        <figcaption>${figure.caption}</figcaption>
      </figure>`;
  });
  return markup`<h2>Figures</h2>
    ${items}`;
}
