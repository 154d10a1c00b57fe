// The end of a run: results.json and report of a study's folder, and the table for the terminal.
import { writeResults } from '../study/results-file.js';
import type { Results } from '../study/results/types.js';
import { formatAccuracy } from './quantities.js';

/** What was written. */
export interface FinishedReport {
  readonly results: Results;
  /** Path of report.html. */
  readonly path: string | null;
  /** Table and paths, for the terminal. */
  readonly text: string;
}

/** Rebuilds results.json and the report of a study's folder from its runs. */
export async function finishReport(directory: string): Promise<FinishedReport> {
  const results = writeResults(directory);
  const { base } = results;
  const mean = base.mean === null ? 'unknown' : formatAccuracy(base.mean);
  return { results, path: null, text: `mean base accuracy ${mean}; results in ${directory}` };
}
