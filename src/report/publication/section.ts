// What a paper needs beside figures: a paragraph on methods, and what to cite.
import type { Results } from '../../study/results/types.js';
import { type Html, markup } from '../html.js';
import type { Provenance } from '../provenance.js';
import { methodsText } from './methods.js';
import { bibtex } from './references.js';

/** The section. */
export function publicationSection(results: Results, provenance: Provenance): Html {
  return markup`<h2>For a paper</h2>
    <p>${methodsText(results, provenance)}</p>
    <details>
      <summary>BibTeX</summary>
      <pre>${bibtex(provenance.selfferVersion)}</pre>
    </details>
    <p class="muted">
      <code>selffer report DIR --paper</code> writes this, the figures as PDF in the widths of one and two columns, and
      tables for LaTeX.
    </p>`;
}
