// The tables of the report.
import { cutName } from '../figures/cut-name.js';
import { formatAccuracy, formatPoints, formatRange } from '../figures/format.js';
import { differencesToBase } from '../study/results/measured.js';
import type {
  FamilyResults,
  NetworkResult,
  Results,
  StudyFacts,
  Table1Row,
} from '../study/results/types.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../study/treatments.js';
import { markup, table, type Html } from './html.js';

const dash = '\u2013';

/** What each treatment of the study means. */
export function treatmentTable(results: Results): Html {
  const used = treatmentKinds.filter((each) => results.networks.some((n) => n.treatment === each));
  return table(
    ['treatment', 'meaning'],
    used.map((treatment) => [markup`<code>${treatment}</code>`, treatments[treatment].meaning]),
  );
}

/** Table 1: pooled as in the paper, and matched. Null if there is nothing in it. */
export function table1(results: Results): Html | null {
  const rows = results.table1.filter((row) => row.networks > 0);
  if (rows.length === 0) return null;
  const header = [
    'n',
    'over base, pooled',
    'over BnB+, pooled',
    'over own base',
    'over BnB+, matched',
    'over warm restart, matched',
    'networks AnB+, BnB+',
  ];
  return table(header, rows.map(table1Cells), [1, 2, 3, 4, 5, 6]);
}

function table1Cells(row: Table1Row): string[] {
  const pooled = (value: number | null) => (value === null ? dash : formatPoints(value));
  return [
    formatRange(row.layers),
    pooled(row.overBasePt),
    pooled(row.overSelfferPt),
    shortInterval(row.matchedOverBasePt, row.matchedOverBaseLowPt, row.matchedOverBaseHighPt),
    shortInterval(
      row.matchedOverSelfferPt,
      row.matchedOverSelfferLowPt,
      row.matchedOverSelfferHighPt,
    ),
    shortInterval(
      row.matchedOverWarmRestartPt,
      row.matchedOverWarmRestartLowPt,
      row.matchedOverWarmRestartHighPt,
    ),
    `${row.networks}, ${row.selfferNetworks}`,
  ];
}

/** Value with its interval, or the value alone where there is none: tables say once below why. */
export function shortInterval(
  value: number | null,
  low: number | null,
  high: number | null,
): string {
  if (value === null) return dash;
  if (low === null || high === null) return formatPoints(value);
  return `${formatPoints(value)} [${formatPoints(low)}, ${formatPoints(high)}]`;
}

/** Matched difference, mean accuracy and number of networks for each n and treatment of a
 *  family. */
export function layerTable(summary: FamilyResults, study: StudyFacts): Html | null {
  const used = treatmentKinds.filter((treatment) => (summary.lines[treatment] ?? []).length > 0);
  const layers = [
    ...new Set(used.flatMap((each) => (summary.lines[each] ?? []).map((point) => point.n))),
  ].sort((a, b) => a - b);
  if (layers.length === 0) return null;
  const rows = layers.map((n) => [
    cutName(study, n),
    ...used.map((treatment) => layerCell(summary, treatment, n)),
  ]);
  return table(
    ['n', ...used],
    rows,
    used.map((_, i) => i + 1),
  );
}

/** Matched differences of two studies' main families, for each treatment and n that both have; null
 *  if there is none. */
export function againstTable(results: Results, against: Results): Html | null {
  const rows = treatmentKinds.flatMap((treatment) =>
    (results.matched[treatment] ?? []).flatMap((ours) => {
      const theirs = against.matched[treatment]?.find(({ n }) => n === ours.n);
      if (!theirs || ours.meanPt === null || theirs.meanPt === null) return [];
      return [
        [
          treatment,
          ours.n,
          shortInterval(ours.meanPt, ours.lowPt, ours.highPt),
          shortInterval(theirs.meanPt, theirs.lowPt, theirs.highPt),
          formatPoints(ours.meanPt - theirs.meanPt),
        ],
      ];
    }),
  );
  return rows.length === 0
    ? null
    : table(
        ['treatment', 'n', results.study.name, against.study.name, 'difference'],
        rows,
        [1, 2, 3, 4],
      );
}

function layerCell(summary: FamilyResults, treatment: TreatmentKind, n: number): Html {
  const line = summary.lines[treatment]?.find((point) => point.n === n);
  const matched = summary.matched[treatment]?.find((point) => point.n === n);
  if (!line) return markup``;
  const { meanPt = null, lowPt = null, highPt = null } = matched ?? {};
  const mean = meanPt === null ? dash : formatPoints(meanPt);
  const range =
    lowPt === null || highPt === null
      ? ''
      : markup`<br />[${formatPoints(lowPt)}, ${formatPoints(highPt)}]`;
  const dead = line.dead > 0 ? `, ${line.dead} dead` : '';
  return markup`${mean}${range}<br /><span class="muted"
      >${formatAccuracy(line.mean)} (${line.networks}${dead})</span
    >`;
}

/** Every network with its state. */
export function networkTable(results: Results): Html {
  const overBasePt = differencesToBase(results.networks);
  const hasNames = results.networks.some((network) => network.originalName !== null);
  const header = [
    'network',
    'treatment',
    'n',
    'source',
    'target',
    'state',
    'accuracy',
    'last test',
    'over base, Pt',
  ];
  const rows = results.networks.map((network) => {
    const over = overBasePt.get(network);
    return [
      network.name,
      network.treatment,
      network.n,
      network.source ?? dash,
      network.target ?? dash,
      stateWords(network),
      formatAccuracy(network.accuracy),
      formatAccuracy(network.finalAccuracy),
      over === undefined ? dash : formatPoints(over),
      ...(hasNames ? [network.originalName ?? dash] : []),
    ];
  });
  const columns = hasNames ? [...header, 'original name'] : header;
  return table(columns, rows, [2, 6, 7, 8], ' class="sortable"');
}

// Whether a process trains a network now is not known of a page that is kept.
function stateWords({ state, notLearnt }: NetworkResult): string {
  if (state === 'running') return 'begun';
  return notLearnt ? `${state}, did not learn` : state;
}
