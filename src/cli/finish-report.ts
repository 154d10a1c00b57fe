// The end of a run: results.json, report and figures of a study's folder, and the table for the
// terminal.
import { relative } from 'node:path';
import { readBasesOf } from '../report/read-bases.js';
import { resultsTable } from '../report/terminal-table.js';
import { untaughtOf } from '../report/warnings.js';
import { writeReport } from '../report/write-report.js';
import type { Results } from '../study/results/types.js';
import { outputColours } from './output.js';
import { reportData } from '../report/report-data.js';

/** What was written. */
export interface FinishedReport {
  readonly results: Results;
  /** Path of report.html. */
  readonly path: string;
  /** Table and path, for the terminal. */
  readonly text: string;
  /** A line for each figure that could not be drawn. */
  readonly failed: readonly string[];
}

/** Rebuilds results.json and the report of a study's folder from its runs; `against` is laid over
 *  its figures.
 *  @throws RunStoreError if it is not a study's folder */
export async function finishReport(
  directory: string,
  against: Results | null = null,
): Promise<FinishedReport> {
  const own = reportData(directory);
  const data = against === null ? own : { ...own, against };
  const { report, failed } = await writeReport(directory, data);
  const shown = relative(process.cwd(), report);
  const lines = [
    resultsTable(data.results, outputColours),
    // Names may hold anything, such as what a terminal would obey.
    ...[...untaughtOf(data.results), ...readBasesOf(data.results)].map((line) =>
      line.replace(/\p{Cc}/gu, '?'),
    ),
    `report: ${shown.startsWith('..') ? report : shown}`,
  ];
  return {
    results: data.results,
    path: report,
    text: lines.join('\n'),
    failed: failed.map(({ title, reason }) => `${title} could not be drawn: ${reason}`),
  };
}
