// SVG drawn by vega as part of a page.
import { escapeHtml, raw, type Html } from './html.js';

const namelessGroup =
  /(<g class="[^"]*") role="graphics-symbol" aria-roledescription="[^"]*"(?! aria-label=)/g;

/** Puts SVG text into a page: ids get a prefix, so that two figures of one page do not share clip
 *  paths or gradients; the fixed size becomes the largest one, so that the picture scales; readers
 *  who cannot see it hear `alt`. */
export function inlineSvg(svg: string, prefix: string, alt: string): Html {
  const body = svg
    .slice(svg.indexOf('<svg'))
    // HTML knows both name spaces by itself.
    .replace(/\sxmlns(:xlink)?="[^"]*"/g, '')
    .replace(/\bid="/g, `id="${prefix}-`)
    .replace(/url\((["']?)#/g, `url($1#${prefix}-`)
    .replace(/href="#/g, `href="#${prefix}-`)
    // Vega says of every group of marks that it is a symbol, though it has no name: a screen
    // reader would stop at nothing.
    .replace(namelessGroup, '$1')
    // What a screen reader hears of a mark, a pointer that rests on it shows.
    .replace(/<path aria-label="([^"]*)" role="graphics-symbol"([^>]*)\/>/g, withTitle);
  const label = `role="img" aria-label="${escapeHtml(alt)}"`;
  return raw(
    body.replace(/^<svg([^>]*)>/, (_, attributes: string) => {
      const width = /\swidth="(\d+)/.exec(attributes)?.[1] ?? '800';
      const scalable = attributes.replace(/\s(width|height)="[^"]*"/g, '');
      return `<svg${scalable} style="max-width:${width}px" ${label}>`;
    }),
  );
}

function withTitle(path: string, label: string): string {
  return `${path.slice(0, -2)}><title>${label}</title></path>`;
}
