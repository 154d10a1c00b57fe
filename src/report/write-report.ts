// The report's files: report.html, and each figure beside it as SVG and PNG for papers and slides.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import { figuresOf } from '../figures/figures.js';
import type { LearningCurve } from '../figures/learning-curves.js';
import { drawFigures, pngOf, reasonOf } from './draw/draw-figures.js';
import type { Measurements } from '../study/measurements/types.js';
import type { Results } from '../study/results/types.js';
import {
  figureFile,
  FIGURES,
  filterFile,
  FINDINGS,
  removeReport,
  REPORT,
} from '../study/store/report-files.js';
import { encodePng, tileFilters } from './draw/filter-tiles.js';
import type { HostTensor } from '../tensor/tensor.js';
import type { FilterPicture } from './filter-section.js';
import { paperFindings } from './paper/findings.js';
import { findingMarkdown } from './paper/tables.js';
import type { DrawnFigure, FailedFigure } from './figure-section.js';
import { renderPage } from './page.js';
import type { Provenance } from './provenance.js';

/** Colour between tiles: the pages' mid-grey. */
const between = [128, 134, 140];

/** Everything a report shows. */
export interface ReportData {
  readonly results: Results;
  readonly curves: readonly LearningCurve[];
  readonly provenance: Provenance;
  /** Another study to be laid over the figures. */
  readonly against?: Results;
  /** What was measured of these networks without training. */
  readonly measurements?: Measurements;
  /** First-layer filters of base networks. */
  readonly filters?: readonly FilterSource[];
}

/** Weights of a network's first convolution, f32[O, I, k, k]. */
export interface FilterSource {
  readonly network: string;
  readonly layer: string;
  readonly weights: HostTensor;
}

/** What was written. */
export interface ReportFiles {
  /** Path of the page. */
  readonly report: string;
  /** Paths of the pictures. */
  readonly figures: readonly string[];
  /** The figures as they were drawn. */
  readonly drawn: readonly DrawnFigure[];
  /** Figures and pictures that could not be drawn. */
  readonly failed: readonly FailedFigure[];
}

/** Writes `directory`/report.html, `directory`/findings.md and
 *  `directory`/figures/ID{,-dark}.{svg,png}. Those of an earlier report go first. A figure that
 *  cannot be drawn is named on the page, which is there before any picture is made. */
export async function writeReport(directory: string, data: ReportData): Promise<ReportFiles> {
  removeReport(directory);
  const folder = join(directory, FIGURES);
  mkdirSync(folder, { recursive: true });
  const { results, provenance, against = null, measurements = null } = data;
  const { figures, withoutData } = figuresOf(results, data.curves, against, measurements);
  const { drawn, failed } = await drawFigures(figures);
  const filters = await drawFilters(data.filters ?? []);
  const report = join(directory, REPORT);
  const writePage = (failures: readonly FailedFigure[]): void =>
    writeFileAtomic(
      report,
      renderPage(results, { drawn, failed: failures, withoutData }, provenance, {
        against,
        filters: filters.pictures,
        measurements,
      }),
    );
  const known = [...failed, ...filters.failed];
  writePage(known);
  writeFileAtomic(join(directory, FINDINGS), findingMarkdown(results, paperFindings(results)));
  for (const { network, png } of filters.pictures) {
    writeFileAtomic(join(folder, filterFile(network)), Buffer.from(png, 'base64'));
  }
  const pictures = writePictures(folder, drawn);
  if (pictures.failed.length > 0) writePage([...known, ...pictures.failed]);
  return { report, figures: pictures.paths, drawn, failed: [...known, ...pictures.failed] };
}

function writePictures(
  folder: string,
  drawn: readonly DrawnFigure[],
): { readonly paths: readonly string[]; readonly failed: readonly FailedFigure[] } {
  const paths: string[] = [];
  const failed: FailedFigure[] = [];
  const write = (name: string, content: string | Uint8Array): void => {
    const path = join(folder, name);
    writeFileAtomic(path, content);
    paths.push(path);
  };
  for (const { figure, wide } of drawn) {
    for (const theme of ['light', 'dark'] as const) {
      write(figureFile(figure.id, theme, 'svg'), wide[theme]);
      const picture = pngOf(`${figure.title}, ${theme}`, wide[theme]);
      if ('png' in picture) write(figureFile(figure.id, theme, 'png'), picture.png);
      else failed.push(picture.failed);
    }
  }
  return { paths, failed };
}

// The tiles are pictures, not charts: the same on a light and on a dark page.
async function drawFilters(sources: readonly FilterSource[]): Promise<{
  readonly pictures: readonly FilterPicture[];
  readonly failed: readonly FailedFigure[];
}> {
  const pictures: FilterPicture[] = [];
  const failed: FailedFigure[] = [];
  for (const { network, layer, weights } of sources) {
    try {
      const png = await encodePng(tileFilters(weights, between));
      const [filters = 0, , rows = 0, columns = 0] = weights.shape;
      pictures.push({ network, layer, filters, rows, columns, png: png.toString('base64') });
    } catch (error) {
      failed.push({ title: `The filters of ${network}`, reason: reasonOf(error) });
    }
  }
  return { pictures, failed };
}
