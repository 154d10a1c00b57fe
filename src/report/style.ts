// The report's style sheet and its one script (sorting a table by a click on a header).

/** CSS: one column, readable measure, light and dark by the reader's preference, light on paper. */
export const styleSheet = `
:root { color-scheme: light dark; --page: #ffffff; --text: #1b1f24; --muted: #59636e; --rule: #d8dee4; --soft: #f4f6f8; --accent: #2c5fc4; --warn: #fff4d6; --good: #1a7f37; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --good: #57c273; --bad: #f4806f; --page: #15191e; --text: #e8ecf0; --muted: #a2adb8; --rule: #343c45; --soft: #1d232a; --accent: #8ab0f7; --warn: #3a3117; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 52rem; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; border-bottom: 1px solid var(--rule); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p { margin: .5rem 0; }
.muted, figcaption { color: var(--muted); font-size: .875rem; }
.answers { margin: 1.25rem 0; padding: .75rem 1.25rem; background: var(--soft); border-left: 4px solid var(--accent); border-radius: 4px; }
.answers dt { font-weight: 600; margin-top: .6rem; }
.answers dd { margin: .15rem 0 .6rem; }
.warnings { background: var(--warn); border-radius: 4px; padding: .6rem 1rem .6rem 2rem; }
figure { margin: 1.25rem 0 2rem; }
figure img { display: block; max-width: 100%; height: auto; }
figure svg { display: block; width: 100%; height: auto; }
.on-dark { display: none; }
@media (prefers-color-scheme: dark) { .on-dark { display: block; } .on-light { display: none; } }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; margin: .5rem 0; min-width: 60%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
td { font-variant-numeric: tabular-nums; }
th { font-weight: 600; vertical-align: bottom; }
td:first-child, code { white-space: nowrap; }
.number { text-align: right; }
td.number { white-space: nowrap; }
table.sortable th { cursor: pointer; }
table.sortable th[aria-sort=ascending]::after { content: " \\2191"; }
table.sortable th[aria-sort=descending]::after { content: " \\2193"; }
table.findings td:nth-child(2) { min-width: 10rem; } table.findings td:nth-child(3) { min-width: 8rem; }
.verdict { white-space: nowrap; font-weight: 600; }
.verdict.supports { color: var(--good); } .verdict.contradicts { color: var(--bad); } .verdict.undecided, .verdict.not-measured { color: var(--muted); font-weight: 400; }
pre { background: var(--soft); padding: .75rem 1rem; overflow-x: auto; font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; border-radius: 4px; }
code { font: .9em ui-monospace, "DejaVu Sans Mono", monospace; }
summary { cursor: pointer; font-weight: 600; margin: .5rem 0; }
@media print {
  :root { color-scheme: light; --page: #ffffff; --text: #000000; --muted: #444444; --rule: #cccccc; --soft: #f4f6f8; --warn: #fff4d6; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  .on-dark { display: none; } .on-light { display: block; }
  figure svg { width: 76%; margin: 0 auto; } figure { margin: .5rem 0 1rem; }
  figure, tr, .answers { break-inside: avoid; } h2, h3 { break-after: avoid; }
}
`;

/** Sorts a table of class "sortable" by a click on a header cell; numbers by value, unknown ones
 *  last. */
export const sortScript = `
for (const table of document.querySelectorAll('table.sortable')) {
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => header.addEventListener('click', () => {
    const descending = header.getAttribute('aria-sort') === 'ascending';
    headers.forEach((other) => other.removeAttribute('aria-sort'));
    header.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    const value = (row) => row.cells[column].textContent.replace('\\u2212', '-');
    const collator = new Intl.Collator('en', { numeric: true });
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      const [unknownX, unknownY] = [x === '\\u2013', y === '\\u2013'];
      if (unknownX || unknownY) return unknownX - unknownY;
      const order = x !== '' && y !== '' && !isNaN(x) && !isNaN(y) ? x - y : collator.compare(x, y);
      return descending ? -order : order;
    });
    table.tBodies[0].append(...rows);
  }));
}
`;
