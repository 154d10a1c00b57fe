// LaTeX from values: text escaped, tables with the rules of the package booktabs.

const escapes: Readonly<Record<string, string>> = {
  '\\': String.raw`\textbackslash{}`,
  '{': String.raw`\{`,
  '}': String.raw`\}`,
  $: String.raw`\$`,
  '&': String.raw`\&`,
  '#': String.raw`\#`,
  '%': String.raw`\%`,
  _: String.raw`\_`,
  '~': String.raw`\textasciitilde{}`,
  '^': String.raw`\textasciicircum{}`,
  '<': String.raw`\textless{}`,
  '>': String.raw`\textgreater{}`,
  '\u2212': '$-$',
  '\u2013': '--',
  '\u00d7': String.raw`$\times$`,
  '\u00b1': String.raw`$\pm$`,
  '\u201c': '``',
  '\u201d': "''",
};

/** Text for LaTeX that shows it as it is; control characters become spaces. */
export function escapeLatex(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(
      /[\\{}$&#%_~^<>\u2212\u2013\u00d7\u00b1\u201c\u201d]/g,
      (each) => escapes[each] ?? each,
    );
}

/** A table as LaTeX takes it; the first column stands left, the others right. */
export interface LatexTable {
  /** What `\ref` calls it, after "tab:". */
  readonly label: string;
  /** Plain text, as are all cells. */
  readonly caption: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A floating table, for a document that has `\usepackage{booktabs}`. */
export function latexTable({ label, caption, header, rows }: LatexTable): string {
  const line = (cells: readonly string[]): string =>
    `    ${cells.map(escapeLatex).join(' & ')} ${String.raw`\\`}`;
  return [
    String.raw`\begin{table}`,
    String.raw`  \centering`,
    String.raw`  \caption{${escapeLatex(caption)}}`,
    String.raw`  \label{tab:${label}}`,
    String.raw`  \begin{tabular}{l${'r'.repeat(Math.max(0, header.length - 1))}}`,
    String.raw`    \toprule`,
    line(header),
    String.raw`    \midrule`,
    ...rows.map(line),
    String.raw`    \bottomrule`,
    String.raw`  \end{tabular}`,
    String.raw`\end{table}`,
    '',
  ].join('\n');
}
