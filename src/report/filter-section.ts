// The report's pictures of first-layer filters.
import { markup, type Html } from './html.js';

/** Filters of one network as a PNG. */
export interface FilterPicture {
  readonly network: string;
  readonly layer: string;
  readonly filters: number;
  readonly rows: number;
  readonly columns: number;
  /** Base64 of the file. */
  readonly png: string;
}

/** Section with one picture a network; null for none (imported studies and `keep: none` have no
 *  weights). */
export function filterSection(pictures: readonly FilterPicture[]): Html | null {
  if (pictures.length === 0) return null;
  return markup`<h2>First-layer filters</h2>
    ${pictures.map(
      ({ network, layer, filters, rows, columns, png }) =>
        markup`<figure>
          <img
            src="data:image/png;base64,${png}"
            alt="${filters} filters of ${layer} of ${network}"
          />
          <figcaption>
            ${network}: the ${filters} filters of ${layer}, ${rows} × ${columns} weights each, every
            one stretched to its own range.
          </figcaption>
        </figure>`,
    )}`;
}
