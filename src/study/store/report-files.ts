// The files that a report leaves in a study's folder. They show results.json as it was: they go
// when it changes.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { figureIds, type FigureName } from '../results/figure-ids.js';
import { taskLetters } from '../tasks.js';

/** Name of the page. */
export const REPORT = 'report.html';
/** Name of the paper's findings as Markdown. */
export const FINDINGS = 'findings.md';
/** Folder of the pictures. */
export const FIGURES = 'figures';
/** Folder of what goes into a paper. */
export const PAPER = 'paper';
/** Names of its files beside the figures. */
export const paperFiles = {
  tables: 'tables.tex',
  methods: 'methods.tex',
  references: 'references.bib',
} as const;

/** Name of a figure's file in {@link FIGURES}; dark ones are for slides. */
export function figureFile(
  id: FigureName,
  theme: 'light' | 'dark',
  ending: 'svg' | 'png',
): `${FigureName}${'' | '-dark'}.${'svg' | 'png'}` {
  return `${id}${theme === 'dark' ? '-dark' : ''}.${ending}`;
}

/** Name of a picture of a network's first-layer filters in {@link FIGURES}. */
export function filterFile(network: string): string {
  return `filters-${network.replaceAll('/', '-')}.png`;
}

const drawn = new RegExp(`^(${figureIds.join('|')})(-${taskLetters})?(-dark)?\\.(svg|png)$`);
const printed = new RegExp(`^(${figureIds.join('|')})(-${taskLetters})?(-column)?\\.pdf$`);

/** Whether there is anything that {@link removeReport} might remove. */
export function hasReport(directory: string): boolean {
  return [REPORT, FINDINGS, FIGURES, PAPER].some((name) => existsSync(join(directory, name)));
}

/** Removes the page, the findings, the pictures and the paper's files of an earlier report; files
 *  of other names stay. */
export function removeReport(directory: string): void {
  for (const name of [REPORT, FINDINGS]) rmSync(join(directory, name), { force: true });
  const figures = join(directory, FIGURES);
  for (const name of namesIn(figures)) {
    if (drawn.test(name) || /^filters-.+\.png$/.test(name)) rmSync(join(figures, name));
  }
  removePaper(directory);
}

/** Removes the paper's files of an earlier report; files of other names stay. */
export function removePaper(directory: string): void {
  const ours: readonly string[] = Object.values(paperFiles);
  const folder = join(directory, PAPER);
  for (const name of namesIn(folder)) {
    if (ours.includes(name) || printed.test(name)) rmSync(join(folder, name));
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
