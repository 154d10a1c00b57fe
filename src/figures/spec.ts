// What a figure is: data for Vega-Lite, nothing drawn yet.
import type { Json } from '../base/canonical-json.js';
import type { FigureName } from '../study/results/figure-ids.js';

/** A Vega-Lite 6 specification as plain JSON. */
export type VegaLiteSpec = { readonly [key: string]: Json | undefined };

/** Background the figure is drawn for. */
export type ThemeName = 'light' | 'dark';

/** Room that the figure has: on a page or on a telephone. */
export type Room = 'wide' | 'narrow';

/** One figure of a report. */
export interface Figure<Id extends string = FigureName> {
  readonly id: Id;
  readonly title: string;
  /** One or two sentences under the figure: what is drawn, what the marks are. Plain text. */
  readonly caption: string;
  /** Sentence for readers who cannot see the picture. */
  readonly alt: string;
  /** @param room default wide */
  spec(theme: ThemeName, room?: Room): VegaLiteSpec;
}
