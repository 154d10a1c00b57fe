// The report's files: report.html, and each figure beside it as SVG and PNG for papers and slides.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import { figuresOf } from '../figures/figures.js';
import type { LearningCurve } from '../figures/learning-curves.js';
import { renderFigure } from './draw/render.js';
import type { Results } from '../study/results/types.js';
import { encodePng, tileFilters } from './draw/filter-tiles.js';
import type { HostTensor } from '../tensor/tensor.js';
import type { FilterPicture } from './filter-section.js';
import { paperFindings } from './paper/findings.js';
import { findingMarkdown } from './paper/tables.js';
import type { DrawnFigure } from './figure-section.js';
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
  /** First-layer filters of base networks. */
  readonly filters?: readonly FilterSource[];
}

/** Weights of a network's first convolution, f32[O, I, k, k]. */
export interface FilterSource {
  readonly network: string;
  readonly layer: string;
  readonly weights: HostTensor;
}

/** Paths of the files written. */
export interface ReportFiles {
  readonly report: string;
  readonly figures: readonly string[];
}

/** Writes `directory`/report.html, `directory`/findings.md and
 *  `directory`/figures/ID{,-dark}.{svg,png}; older ones are replaced. */
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
  const filters = await drawFilters(folder, data.filters ?? []);
  const report = join(directory, 'report.html');
  writeFileAtomic(
    report,
    renderPage(data.results, drawn, data.provenance, {
      against: data.against ?? null,
      filters,
    }),
  );
  writeFileAtomic(
    join(directory, 'findings.md'),
    findingMarkdown(data.results, paperFindings(data.results)),
  );
  return { report, figures };
}

// The tiles are pictures, not charts: the same on a light and on a dark page.
async function drawFilters(
  folder: string,
  sources: readonly FilterSource[],
): Promise<FilterPicture[]> {
  const pictures: FilterPicture[] = [];
  for (const { network, layer, weights } of sources) {
    const png = await encodePng(tileFilters(weights, between));
    writeFileAtomic(join(folder, `filters-${network.replaceAll('/', '-')}.png`), png);
    const [filters = 0, , rows = 0, columns = 0] = weights.shape;
    pictures.push({ network, layer, filters, rows, columns, png: png.toString('base64') });
  }
  return pictures;
}
