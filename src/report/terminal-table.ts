// The table a run ends with, for terminals of 80 columns and more.
import Table from 'cli-table3';
import { formatAccuracy, formatPoints, intervalWords } from '../figures/format.js';
import { cutName } from '../figures/cut-name.js';
import { partsOf } from '../study/results/family.js';
import { directionOf } from '../study/results/task-labels.js';
import type { Results } from '../study/results/types.js';
import { type TreatmentKind, treatmentKinds } from '../study/treatments.js';

/** The colours used, as picocolors has them; {@link plainColors} for none. */
export interface Colors {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
}

const same = (text: string) => text;

/** No colours. */
export const plainColors: Colors = { bold: same, dim: same, green: same, red: same };

/** Base accuracy and, for each n and treatment, the matched difference in Pt with half the width of
 *  its 95 % interval: red if the interval lies under 0, green if above; once a target where the two
 *  tasks are unlike. Ends without a line feed. */
export function resultsTable(results: Results, colors: Colors = plainColors): string {
  const { family } = results.study;
  return partsOf(results)
    .map(({ target, results: part }) => {
      const direction =
        target === null || family === null ? '' : `${directionOf(results, family, target)}: `;
      return tableOf(part, direction, colors);
    })
    .join('\n\n');
}

function tableOf(results: Results, direction: string, colors: Colors): string {
  const { base } = results;
  const title = `${direction}base accuracy ${formatAccuracy(base.mean)} (networks: ${base.networks}); differences to the own base in percentage points`;
  const used = treatmentKinds.filter((each) => (results.matched[each] ?? []).length > 0);
  if (used.length === 0) return title;
  const table = new Table({
    head: ['n', ...used].map((cell) => colors.bold(cell)),
    colAligns: ['right', ...used.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  const layers = new Set(
    used.flatMap((each) => (results.matched[each] ?? []).map((point) => point.n)),
  );
  for (const n of [...layers].sort((a, b) => a - b)) {
    table.push([
      cutName(results.study, n),
      ...used.map((treatment) => cell(results, treatment, n, colors)),
    ]);
  }
  return [title, table.toString(), note(results, used)].filter((line) => line !== '').join('\n');
}

function cell(results: Results, treatment: TreatmentKind, n: number, colors: Colors): string {
  const point = results.matched[treatment]?.find((each) => each.n === n);
  if (!point) return '';
  const { meanPt, lowPt, highPt } = point;
  if (meanPt === null) return '\u2013';
  const mean = formatPoints(meanPt);
  if (lowPt === null || highPt === null) return mean;
  const text = `${mean} \u00b1${((highPt - lowPt) / 2).toFixed(1)}`;
  if (highPt < 0) return colors.red(text);
  return lowPt > 0 ? colors.green(text) : text;
}

function note(results: Results, used: readonly TreatmentKind[]): string {
  const points = used.flatMap((treatment) => results.matched[treatment] ?? []);
  const lacks = points.some((point) => point.meanPt !== null && point.lowPt === null);
  const has = points.some((point) => point.lowPt !== null);
  const sentences = [
    ...(has ? [`\u00b1: ${intervalWords(results.intervals).replace(' (', ',\n(')}.`] : []),
    ...(lacks ? ['No \u00b1: a 95 % interval needs 3 independent values.'] : []),
  ];
  return sentences.join('\n');
}
