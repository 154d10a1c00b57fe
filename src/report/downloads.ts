// Ways to take a figure along: its numbers as a link, its picture as the page's script saves it.
import type { Figure } from '../figures/spec.js';
import { type Html, markup } from './html.js';

/** Longer texts would make the page heavy. */
const MOST_CHARACTERS = 200_000;

/** Links under a figure. Without scripts, that of the numbers alone is shown. */
export function downloads(figure: Figure<string>, csv: string): Html {
  const link =
    csv.length <= MOST_CHARACTERS &&
    markup`<a download="${figure.id}.csv" href="data:text/csv;charset=utf-8,${encodeURIComponent(csv)}">CSV</a>`;
  const button = (kind: 'svg' | 'png', words: string): Html =>
    markup`<button type="button" hidden data-save="${kind}" data-name="${figure.id}" aria-label="${figure.title} as ${words}">${words}</button>`;
  return markup`<p class="downloads">${link} ${button('svg', 'SVG')} ${button('png', 'PNG')}</p>`;
}

/** Saves the light drawing of a figure, as it is or twice as large as pixels. */
export const downloadScript = `
for (const button of document.querySelectorAll('button[data-save]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const drawing = button.closest('.figure').querySelector('.drawing.wide.light svg').cloneNode(true);
    const [, , width, height] = drawing.getAttribute('viewBox').split(/\\s+/).map(Number);
    drawing.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    drawing.setAttribute('width', width);
    drawing.setAttribute('height', height);
    drawing.removeAttribute('style');
    const source = new XMLSerializer().serializeToString(drawing);
    const save = (blob, ending) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = button.dataset.name + '.' + ending;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    };
    if (button.dataset.save === 'svg') { save(new Blob([source], { type: 'image/svg+xml' }), 'svg'); return; }
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement('canvas');
      canvas.width = 2 * width;
      canvas.height = 2 * height;
      const context = canvas.getContext('2d');
      context.scale(2, 2);
      context.drawImage(image, 0, 0, width, height);
      canvas.toBlob((blob) => save(blob, 'png'), 'image/png');
    };
    image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(source);
  });
}
`;
