// The report's figures, drawn for light and dark pages.
import type { Figure, Room, ThemeName } from '../figures/spec.js';
import type { FigureName } from '../study/results/figure-ids.js';
import { downloads } from './downloads.js';
import { type Html, markup } from './html.js';
import { inlineSvg } from './inline-svg.js';

/** A figure with its drawings. */
export interface DrawnFigure<Id extends string = FigureName> {
  readonly figure: Figure<Id>;
  /** For a page; these are saved beside it too. */
  readonly wide: Readonly<Record<ThemeName, string>>;
  /** For a telephone. */
  readonly narrow: Readonly<Record<ThemeName, string>>;
  /** Its numbers. */
  readonly csv: string;
}

/** A figure that could not be drawn. */
export interface FailedFigure {
  readonly title: string;
  readonly reason: string;
}

/** Everything that a report has or should have of figures. */
export interface PageFigures {
  readonly drawn: readonly DrawnFigure<string>[];
  readonly failed?: readonly FailedFigure[];
  /** Words for those without data. */
  readonly withoutData?: readonly string[];
}

const rooms: readonly Room[] = ['wide', 'narrow'];
const themes: readonly ThemeName[] = ['light', 'dark'];

/** Section with every figure and its caption, and a line for those that are not there. */
export function figureSection({ drawn, failed = [], withoutData = [] }: PageFigures): Html {
  const items = drawn.map((each) => {
    const { figure } = each;
    const shown = rooms.flatMap((room) =>
      themes.map((theme) => {
        const svg = inlineSvg(each[room][theme], `${figure.id}-${room}-${theme}`, figure.alt);
        return markup`<div class="drawing ${room} ${theme}">${svg}</div>`;
      }),
    );
    return markup`<section class="figure">
        <h3>${figure.title}</h3>
        <figure id="${figure.id}">
          ${shown}
          <figcaption>${figure.caption}</figcaption>
        </figure>
        ${downloads(figure, each.csv)}
      </section>`;
  });
  return markup`<h2>Figures</h2>
    ${drawn.length === 0 && markup`<p>None yet: there is nothing to draw.</p>`} ${items}
    ${
      withoutData.length > 0 &&
      markup`<p class="muted">Left out, for want of data: ${withoutData.join('; ')}.</p>`
    }
    ${failed.length > 0 && failedList(failed)}`;
}

function failedList(failed: readonly FailedFigure[]): Html {
  return markup`<ul class="warnings">
    ${failed.map(({ title, reason }) => markup`<li>${title} could not be drawn: ${reason}</li>`)}
  </ul>`;
}
