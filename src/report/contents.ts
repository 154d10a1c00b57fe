// The list of a page's sections, and their ids to lead to.
import { escapeHtml, type Html, htmlText, markup, raw } from './html.js';

/** Fewer sections are seen at once. */
const LEAST_SECTIONS = 4;

/** A page's body, its second-level headings with ids, and a list of links to them, which is empty
 *  where there are few. */
export function withContents(body: Html): { readonly body: Html; readonly contents: Html } {
  const sections: { readonly id: string; readonly title: string }[] = [];
  // Titles are ours: made of markup, with everything escaped that comes from outside.
  const text = htmlText(body).replace(/<h2>([^<]*)<\/h2>/g, (_, title: string) => {
    const id = idOf(title, new Set(sections.map((each) => each.id)));
    sections.push({ id, title });
    return `<h2 id="${escapeHtml(id)}">${title}</h2>`;
  });
  if (sections.length < LEAST_SECTIONS) return { body: raw(text), contents: markup`` };
  const links = sections.map(({ id, title }) => raw(`<li><a href="#${id}">${title}</a></li>`));
  const contents = markup`<nav class="contents" aria-label="Contents"><ol>${links}</ol></nav>`;
  return { body: raw(text), contents };
}

function idOf(title: string, taken: ReadonlySet<string>): string {
  const words = title
    .replace(/&[a-z#0-9]+;/g, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const base = `section-${(words ?? ['untitled']).join('-')}`;
  let id = base;
  for (let count = 2; taken.has(id); count++) id = `${base}-${count}`;
  return id;
}
