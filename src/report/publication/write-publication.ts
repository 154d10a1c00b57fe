// `report --paper`: what goes into a paper, as files in the study's folder.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { PAPER, paperFiles, removePaper } from '../../study/store/report-files.js';
import { reasonOf } from '../draw/draw-figures.js';
import type { DrawnFigure, FailedFigure } from '../figure-section.js';
import type { ReportData } from '../write-report.js';
import { escapeLatex, latexTable } from './latex.js';
import { methodsText } from './methods.js';
import { paperWidths, renderPdf } from './pdf.js';
import { bibtex } from './references.js';
import { paperTables } from './tables.js';

/** What was written. */
export interface PublicationFiles {
  /** Path of the folder. */
  readonly folder: string;
  /** Figures that could not be made PDF. */
  readonly failed: readonly FailedFigure[];
}

/** Writes `directory`/paper/: tables.tex, methods.tex, references.bib, and each figure as ID.pdf
 *  (two columns wide) and ID-column.pdf (one). Those of an earlier report go first.
 *  @param drawn the figures of the report, which says of those that could not be drawn */
export async function writePublication(
  directory: string,
  { results, provenance }: Pick<ReportData, 'results' | 'provenance'>,
  drawn: readonly DrawnFigure[],
): Promise<PublicationFiles> {
  removePaper(directory);
  const folder = join(directory, PAPER);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string | Uint8Array): void =>
    writeFileAtomic(join(folder, name), content);
  write(paperFiles.tables, tablesText(paperTables(results).map(latexTable)));
  write(paperFiles.methods, `${escapeLatex(methodsText(results, provenance))}\n`);
  write(paperFiles.references, bibtex(provenance.selfferVersion));
  const failed: FailedFigure[] = [];
  for (const each of drawn) {
    try {
      for (const [name, content] of await pdfsOf(each)) write(name, content);
    } catch (error) {
      failed.push({ title: `${each.figure.title} (as PDF)`, reason: reasonOf(error) });
    }
  }
  return { folder, failed };
}

function tablesText(tables: readonly string[]): string {
  const head = String.raw`% Needs \usepackage{booktabs}.`;
  return [head, ...tables].join('\n');
}

async function pdfsOf({
  figure: { id },
  wide,
  narrow,
}: DrawnFigure): Promise<readonly (readonly [string, Buffer])[]> {
  return [
    [`${id}.pdf`, await renderPdf(wide.light, paperWidths.page)],
    [`${id}-column.pdf`, await renderPdf(narrow.light, paperWidths.column)],
  ];
}
