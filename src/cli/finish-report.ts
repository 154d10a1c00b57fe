// Report and figures of a study's folder, and the table for the terminal.
import { relative } from 'node:path';
import { makeReport, type Report } from '../library/report.js';
import { readBasesOf } from '../report/read-bases.js';
import { resultsTable } from '../report/terminal-table.js';
import { untaughtOf } from '../report/warnings.js';
import type { Results } from '../study/results/types.js';
import { fileLink } from './file-link.js';
import { outputColours, outputLinks } from './output.js';

/** What was written. */
export interface FinishedReport {
  readonly results: Results;
  /** Table and path, for the terminal. */
  readonly text: string;
  /** A line for each figure that could not be drawn. */
  readonly failed: readonly string[];
}

/** Rebuilds results.json and the report of a study's folder from its runs.
 *  @throws RunStoreError if it is not a study's folder */
export async function finishReport(directory: string): Promise<FinishedReport> {
  return inWords(await makeReport(directory));
}

/** A report as the terminal shows it. */
export function inWords({ results, path, failed }: Report): FinishedReport {
  const below = relative(process.cwd(), path);
  // Names of folders may hold anything, such as what a terminal would obey.
  const shown = (below.startsWith('..') ? path : below).replace(/\p{Cc}/gu, '?');
  const lines = [
    resultsTable(results, outputColours),
    ...[...untaughtOf(results), ...readBasesOf(results)].map((line) =>
      line.replace(/\p{Cc}/gu, '?'),
    ),
    `report: ${fileLink(shown, path, outputLinks)}`,
  ];
  return {
    results,
    text: lines.join('\n'),
    failed: failed.map(({ title, reason }) => `${title} could not be drawn: ${reason}`),
  };
}
