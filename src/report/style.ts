// The report's style sheet and its one script.

/** CSS: one column, readable measure, light and dark by the reader's preference, lists for
 *  tables on telephones, light and unfolded on paper. */
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
.done { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .9rem; margin: .75rem 0; font-size: .875rem; }
.done dt { color: var(--muted); } .done dd { margin: 0; overflow-wrap: anywhere; }
.answers { margin: 1.25rem 0; padding: .75rem 1.25rem; background: var(--soft); border-left: 4px solid var(--accent); border-radius: 4px; }
.answers dt { font-weight: 600; margin-top: .6rem; }
.answers dd { margin: .15rem 0 .6rem; }
.contents ol { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: 1rem 0; padding: 0; font-size: .875rem; }
a { color: var(--accent); }
.downloads { margin: -1.25rem 0 1.5rem; font-size: .8125rem; display: flex; gap: .9rem; }
.downloads button { font: inherit; color: var(--accent); background: none; border: 0; padding: 0; text-decoration: underline; cursor: pointer; }
.warnings { background: var(--warn); border-radius: 4px; padding: .6rem 1rem .6rem 2rem; }
figure { margin: 1.25rem 0 2rem; }
figure img { display: block; max-width: 100%; height: auto; }
figure svg { display: block; width: 100%; height: auto; }
/* Four drawings of each figure, one of them shown: by width, and by the reader's preference. */
.drawing.narrow, .drawing.dark { display: none; }
@media (prefers-color-scheme: dark) { .drawing.wide.light { display: none; } .drawing.wide.dark { display: block; } }
@media screen and (max-width: 40rem) {
  .drawing.wide, .drawing.wide.dark, .drawing.wide.light { display: none; } .drawing.narrow.light { display: block; }
  body { padding: 1rem .75rem 3rem; }
  .answers { padding: .5rem .75rem; }
  table, tbody, tr, td { display: block; } thead { display: none; } table { min-width: 0; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--rule); }
  tr td, td.number { display: grid; grid-template-columns: 8.5rem 1fr; gap: .5rem; padding: .1rem 0; border: 0; text-align: left; white-space: normal; }
  td::before { content: attr(data-label); color: var(--muted); }
  td:empty, td[data-label=""]::before { display: none; } td[data-label=""] { display: block; font-weight: 600; }
  tr td:first-child, body code { white-space: normal; overflow-wrap: anywhere; }
}
@media screen and (max-width: 40rem) and (prefers-color-scheme: dark) { .drawing.narrow.light { display: none; } .drawing.narrow.dark { display: block; } }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; margin: .5rem 0; min-width: 60%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
td { font-variant-numeric: tabular-nums; }
th { font-weight: 600; vertical-align: bottom; }
td:first-child, code { white-space: nowrap; }
.number { text-align: right; }
td.number { white-space: nowrap; }
table.sortable th button { font: inherit; color: inherit; text-align: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
table.sortable th[aria-sort=ascending]::after { content: " \\2191" / ""; }
table.sortable th[aria-sort=descending]::after { content: " \\2193" / ""; }
table.sources td:first-child { white-space: normal; min-width: 7rem; overflow-wrap: anywhere; } table.sources td:nth-child(2) { min-width: 10rem; } table.sources td:nth-child(5) { min-width: 7rem; }
table.ways td:first-child { white-space: normal; min-width: 11rem; } table.ways td:nth-child(3), table.ways td:nth-child(4) { min-width: 6.5rem; }
table.findings td:nth-child(2) { min-width: 10rem; } table.findings td:nth-child(3) { min-width: 8rem; }
.verdict { white-space: nowrap; font-weight: 600; }
.verdict.supports { color: var(--good); } .verdict.contradicts { color: var(--bad); } .verdict.negligible { color: var(--text); } .verdict.undecided, .verdict.not-measured { color: var(--muted); font-weight: 400; }
pre { background: var(--soft); padding: .75rem 1rem; overflow-x: auto; font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; border-radius: 4px; }
code { font: .9em ui-monospace, "DejaVu Sans Mono", monospace; }
summary { cursor: pointer; font-weight: 600; margin: .5rem 0; }
@media print {
  :root { color-scheme: light; --page: #ffffff; --text: #000000; --muted: #444444; --rule: #cccccc; --soft: #f4f6f8; --warn: #fff4d6; --good: #1a7f37; --bad: #b42318; --accent: #2c5fc4; }
  @page { size: A4; margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .drawing.wide.light, html .drawing.wide.light { display: block; } .drawing.wide.dark, .drawing.narrow { display: none; }
  /* Two figures and their words go on a page. */
  figure svg { width: auto; max-width: 100% !important; max-height: 78mm; margin: 0 auto; }
  #figure3 svg, #figure3-matched svg, #reduced-data svg { max-height: 94mm; }
  figure img { max-height: 50mm; width: auto; margin: 0 auto; }
  figure { margin: .25rem 0 .75rem; }
  .figure, figure, tr, dt, .warnings li { break-inside: avoid; } h2, h3, dt, summary { break-after: avoid; }
  thead { display: table-header-group; } th, td { padding: .08rem .5rem .08rem 0; }
  .scroll { overflow: visible; } table { font-size: 8pt; width: 100%; } td:first-child, td.number, code { white-space: normal; }
  pre { white-space: pre-wrap; font-size: 7.5pt; columns: 2; }
  details::details-content { content-visibility: visible; block-size: auto; display: block; }
  summary { list-style: none; } .contents, .downloads { display: none; }
}
`;

/** Makes buttons of the header cells of a table of class "sortable", which sort it; numbers by
 *  value, unknown ones last. What is wider than the page is a stop of the keyboard, which
 *  can then scroll it. Opens what is folded for as long as the page is printed, in browsers whose
 *  style sheets cannot. */
export const pageScript = `
let opened = [];
addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('details:not([open])')];
  for (const each of opened) each.open = true;
});
addEventListener('afterprint', () => { for (const each of opened) each.open = false; });
const reach = () => {
  for (const each of document.querySelectorAll('.scroll, pre')) {
    const isWide = each.scrollWidth > each.clientWidth;
    if (!isWide) { for (const name of ['tabindex', 'role', 'aria-label']) each.removeAttribute(name); continue; }
    each.tabIndex = 0;
    each.setAttribute('role', 'group');
    each.setAttribute('aria-label', 'Wider than the page');
  }
};
addEventListener('resize', reach);
addEventListener('toggle', reach, true);
reach();
for (const table of document.querySelectorAll('table.sortable')) {
  const headers = [...table.tHead.rows[0].cells];
  for (const header of headers) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...header.childNodes);
    header.append(button);
  }
  headers.forEach((header, column) => header.firstChild.addEventListener('click', () => {
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
