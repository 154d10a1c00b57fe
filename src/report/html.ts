// HTML text from values, with everything escaped that comes from outside.

/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly html: string;
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
  return { html };
}

/** Template tag: strings, numbers are escaped; Html and lists of it are put in as they are; null
 *  and false give nothing. */
export function markup(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[] | null | false)[]
): Html {
  const parts = strings.map((text, i) => text + (i < values.length ? render(values[i]) : ''));
  return { html: parts.join('') };
}

function render(
  value: string | number | Html | readonly Html[] | null | false | undefined,
): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  if ('html' in value) return value.html;
  return value.map((item) => item.html).join('\n');
}

/** A table: header cells and rows of cells; `numeric` columns are right-aligned. */
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
        ${row.map((cell, i) => markup`<td${kind(i)}>${cell}</td>`)}
      </tr>`,
  );
  return markup`<div class="scroll"><table${raw(attributes)}>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}
