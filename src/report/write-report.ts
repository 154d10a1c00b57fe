// The report's files: report.html, and each figure beside it as SVG and PNG for papers and slides.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import { figuresOf } from '../figures/figures.js';
import type { LearningCurve } from '../figures/learning-curves.js';
import { renderFigure } from '../figures/render.js';
import type { Results } from '../study/results/types.js';
import { paperFindings } from './paper/findings.js';
import { findingMarkdown } from './paper/tables.js';
import { renderPage, type DrawnFigure, type Provenance } from './page.js';

/** Everything a report shows. */
export interface ReportData {
  readonly results: Results;
  readonly curves: readonly LearningCurve[];
  readonly provenance: Provenance;
  /** Another study to be laid over the figures. */
  readonly against?: Results;
}

/** Paths of the files written. */
export interface ReportFiles {
  readonly report: string;
  readonly figures: readonly string[];
}

/** Writes `directory`/report.html, `directory`/findings.md and `directory`/figures/ID{,-dark}.{svg,png}; older ones are replaced. */
export async function writeReport(directory: string, data: ReportData): Promise<ReportFiles> {
  const folder = join(directory, 'figures');
  mkdirSync(folder, { recursive: true });
  const figures: string[] = [];
  const drawn: DrawnFigure[] = [];
  for (const figure of figuresOf(data.results, data.curves, data.against ?? null)) {
    const light = await renderFigure(figure.spec('light'));
    const dark = await renderFigure(figure.spec('dark'));
    for (const [ending, { svg, png }] of [
      ['', light],
      ['-dark', dark],
    ] as const) {
      const path = join(folder, `${figure.id}${ending}`);
      writeFileAtomic(`${path}.svg`, svg);
      writeFileAtomic(`${path}.png`, png);
      figures.push(`${path}.svg`, `${path}.png`);
    }
    drawn.push({ figure, light: light.svg, dark: dark.svg });
  }
  const report = join(directory, 'report.html');
  writeFileAtomic(report, renderPage(data.results, drawn, data.provenance, data.against ?? null));
  writeFileAtomic(
    join(directory, 'findings.md'),
    findingMarkdown(data.results, paperFindings(data.results)),
  );
  return { report, figures };
}
