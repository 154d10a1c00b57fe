// A study's numbers as tables for a paper: matched differences, the two drops, the paper's Table 1.
import { formatAccuracy, formatPoints, formatRange, intervalWords } from '../../figures/format.js';
import { cutName } from '../../figures/cut-name.js';
import { partsOf } from '../../study/results/family.js';
import { directionOf } from '../../study/results/task-labels.js';
import type { FamilyResults, Results } from '../../study/results/types.js';
import { treatmentKinds } from '../../study/treatments.js';
import type { LatexTable } from './latex.js';

const unknown = '\u2013';

/** The tables that these results have numbers for; once a target where its tasks are unlike. */
export function paperTables(results: Results): readonly LatexTable[] {
  const { family } = results.study;
  return partsOf(results).flatMap(({ target, results: part }) => {
    const direction =
      target === null || family === null ? '' : `, ${directionOf(results, family, target)}`;
    const ending = target === null ? '' : `-${target}`;
    const where = `${results.study.name}${direction}`;
    return [matchedTable, dropTable, tableOne]
      .map((make) => make(part, results, { where, ending }))
      .filter(({ rows }) => rows.length > 0);
  });
}

/** Words and label of a part of a study. */
interface Place {
  readonly where: string;
  readonly ending: string;
}

function matchedTable(part: FamilyResults, { study }: Results, { where, ending }: Place) {
  const used = treatmentKinds.filter((kind) => (part.matched[kind] ?? []).length > 0);
  const layers = new Set(used.flatMap((kind) => (part.matched[kind] ?? []).map(({ n }) => n)));
  const rows = [...layers]
    .toSorted((a, b) => a - b)
    .map((n) => [
      cutName(study, n),
      ...used.map((kind) => {
        const found = part.matched[kind]?.find((each) => each.n === n);
        return found === undefined ? '' : points(found.meanPt, found.lowPt, found.highPt);
      }),
    ]);
  const { mean, networks } = part.base;
  return {
    label: `matched${ending}`,
    caption: `${where}: accuracy minus that of the own base, in percentage points (bases: ${formatAccuracy(mean)}, mean of ${networks}). Brackets: ${intervalWords(part.intervals)}.`,
    ...{ header: ['n', ...used], rows },
  };
}

function dropTable(part: FamilyResults, { study }: Results, { where, ending }: Place) {
  const rows = part.decomposition.map((each) => [
    cutName(study, each.n),
    points(each.coadaptationPt, each.coadaptationLowPt, each.coadaptationHighPt),
    points(each.specificityPt, each.specificityLowPt, each.specificityHighPt),
    String(each.pairs),
  ]);
  return {
    label: `drops${ending}`,
    caption: `${where}: what splitting co-adapted layers costs (base minus BnB) and what the features of another task cost (BnB minus AnB), in percentage points.`,
    header: ['n', 'co-adaptation', 'specificity', 'pairs'],
    rows,
  };
}

function tableOne(part: FamilyResults, _: Results, { where, ending }: Place) {
  const known = part.table1.filter(({ networks }) => networks > 0);
  const rows = known.map((each) => [
    formatRange(each.layers),
    points(each.matchedOverBasePt, null, null),
    points(each.matchedOverSelfferPt, null, null),
    String(each.networks),
  ]);
  return {
    label: `gain${ending}`,
    caption: `${where}: what transfer and fine-tuning gain (AnB+), matched, in percentage points.`,
    header: ['layers', 'over base', 'over BnB+', 'networks'],
    rows,
  };
}

function points(value: number | null, low: number | null, high: number | null): string {
  if (value === null) return unknown;
  const range =
    low === null || high === null ? '' : ` [${formatPoints(low)}, ${formatPoints(high)}]`;
  return `${formatPoints(value)}${range}`;
}
