// HTML text from values, with everything escaped that comes from outside.

// Not exported, and nothing that is read from a file can have such a key: only this file makes
// markup.
const content = Symbol('markup');

/** Markup that is safe to put into a page as it is: made by {@link markup} or {@link raw}. */
export interface Html {
  readonly [content]: string;
}

/** The text of markup. */
export function htmlText(value: Html): string {
  return value[content];
}

/** Escapes text for element content and for quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Declares markup, made by us, to be safe. */
export function raw(html: string): Html {
  return { [content]: html };
}

/** Template tag: Html and lists of it are put in as they are; null and false give nothing; all else
 *  is escaped, also what should not be there by its type (files may hold anything). */
export function markup(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[] | null | false)[]
): Html {
  const parts = strings.map((text, i) => text + (i < values.length ? render(values[i]) : ''));
  return raw(parts.join(''));
}

function render(
  value: string | number | Html | readonly Html[] | null | false | undefined,
): string {
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map((item: Html) => render(item)).join('\n');
  if (isHtml(value)) return value[content];
  return escapeHtml(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

function isHtml(value: unknown): value is Html {
  return typeof value === 'object' && value !== null && content in value;
}

/** A table: header cells and rows of cells; `numeric` columns are right-aligned. Every cell knows
 *  its header, for where there is room for a list only. */
export function table(
  header: readonly string[],
  rows: readonly (readonly (string | number | Html)[])[],
  numeric: readonly number[] = [],
  attributes = '',
): Html {
  const kind = (i: number) => raw(numeric.includes(i) ? ' class="number"' : '');
  const head = header.map((cell, i) => markup`<th scope="col" ${kind(i)}>${cell}</th>`);
  const body = rows.map(
    (row) =>
      markup`<tr>
        ${row.map((cell, i) => markup`<td${kind(i)} data-label="${header[i] ?? ''}">${cell}</td>`)}
      </tr>`,
  );
  return markup`<div class="scroll"><table${raw(attributes)}>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}
