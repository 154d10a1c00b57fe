// A study's report from its folder. What draws figures is loaded when it is asked for: it takes a
// second, and most programs never need it.
import type { ReportData, ReportFiles } from '../report/write-report.js';
import type { Results } from '../study/results/types.js';

/** What was written. */
export interface Report {
  readonly results: Results;
  /** Path of report.html. */
  readonly path: string;
  /** Paths of the figures. */
  readonly figures: readonly string[];
  /** What could not be drawn, and why. */
  readonly failed: readonly { readonly title: string; readonly reason: string }[];
}

/** Rebuilds results.json and report.html of a study's folder from its runs, as `selffer report`
 *  does.
 *  @param directory folder of the study
 *  @param options `against`: other results, laid over the figures
 *  @throws RunStoreError if it is not a study's folder */
export async function makeReport(
  directory: string,
  { against }: { readonly against?: Results } = {},
): Promise<Report> {
  const { reportData } = await import('../report/report-data.js');
  const { writeReport } = await import('../report/write-report.js');
  const own = reportData(directory);
  const data = against === undefined ? own : { ...own, against };
  return asReport(data, await writeReport(directory, data));
}

/** A report's files, with the results that it shows. */
export function asReport({ results }: Pick<ReportData, 'results'>, files: ReportFiles): Report {
  const { report, figures, failed } = files;
  return { results, path: report, figures, failed };
}
