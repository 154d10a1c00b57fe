// The paper's findings and this study's tests as tables, for the report's page and for plain
// Markdown.
import { formatPoints, formatRange, intervalWords } from '../../figures/format.js';
import { overallComparison } from '../../study/results/comparisons.js';
import type { Comparison, Results, SummaryResults } from '../../study/results/types.js';
import { type Html, markup, raw, table } from '../html.js';
import { shortInterval } from '../tables.js';
import { marginPt, type PaperFinding, verdictWords } from './finding.js';

/** One row a finding. */
export function findingTable(findings: readonly PaperFinding[]): Html {
  return table(
    ['', 'the paper’s finding', 'paper', 'this study', 'verdict'],
    findings.map((finding) => [
      nameOf(finding),
      finding.statement,
      finding.original,
      finding.evidence,
      markup`<span class="verdict ${raw(finding.verdict)}">${verdictWords[finding.verdict]}</span>`,
    ]),
    [],
    ' class="findings"',
  );
}

// "F3", "F3, target B (natural)".
function nameOf({ id, target }: PaperFinding): string {
  return target === undefined ? id : `${id}, target ${target}`;
}

/** The same as a Markdown file, with the count of verdicts. */
export function findingMarkdown(results: Results, findings: readonly PaperFinding[]): string {
  const cell = (text: string) => plainMarkdown(text).replaceAll('|', '\\|');
  const rows = findings.map(
    (finding) =>
      `| ${[nameOf(finding), finding.statement, finding.original, finding.evidence, verdictWords[finding.verdict]].map(cell).join(' | ')} |`,
  );
  const preface = [
    'Computed from results.json.',
    'Pt: percentage points of top-1 accuracy over the base of the same split and target;',
    `brackets: ${intervalWords(results.intervals)}.`,
    `Contradicted: the interval lies on the wrong side of 0, where a claim is that something costs nothing under −${marginPt} Pt. No effect that counts: it lies within ${marginPt} Pt of 0.`,
  ];
  return `# ${plainMarkdown(results.study.name)}: the paper's findings

${preface.join(' ')} ${powerSentence(results)}

| | The paper's finding | Paper | This study | Verdict |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

// Names may hold anything: neither lines nor markup of their own.
function plainMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('<', '&lt;');
}

/** Paired differences over ranges of n, and at each n: intervals without p, for the number of tests
 *  is corrected for in the answers alone. */
export function comparisonTable({ comparisons }: SummaryResults): Html | null {
  if (comparisons.length === 0) return null;
  return table(
    ['', 'n', 'mean [95 % interval], Pt', 'independent values', 'resolves, Pt'],
    comparisons.map((each) => [
      `${each.treatment} \u2212 ${each.against}`,
      formatRange(each.layers),
      shortInterval(each.meanPt, each.lowPt, each.highPt),
      each.clusters,
      each.resolvablePt === null ? '\u2013' : formatPoints(each.resolvablePt, false),
    ]),
    [2, 3, 4],
  );
}

/** "This study can resolve differences of ...", for each question over all n; questions without
 *  three independent values are named too. */
export function powerSentence({ comparisons }: SummaryResults): string {
  const ranges = comparisons.filter(
    (each) => each === overallComparison({ comparisons }, each.treatment, each.against),
  );
  const known = ranges.filter(({ resolvablePt }) => resolvablePt !== null);
  const name = ({ treatment, against }: Comparison) => `${treatment} \u2212 ${against}`;
  if (known.length === 0) {
    return 'This study cannot resolve differences: that takes 3 independent values.';
  }
  const list = known.map(
    (each) => `${name(each)} ${formatPoints(each.resolvablePt ?? 0, false)} Pt`,
  );
  const open = ranges.filter(({ resolvablePt }) => resolvablePt === null).map(name);
  const few = Math.min(...known.map(({ clusters }) => clusters));
  return [
    `Differences that this study can resolve over n = ${formatRange(known[0]?.layers ?? '')}`,
    `(two-sided 5 %, found in 4 of 5 studies of this size): ${list.join(', ')}.`,
    ...(open.length > 0
      ? [`Cannot be tested with fewer than 3 independent values: ${open.join(', ')}.`]
      : []),
    `The scatter behind these numbers is estimated from as few as ${few} independent values:`,
    'take them as orders of magnitude.',
  ].join(' ');
}

/** Where the scatter comes from, in a sentence or two. */
export function noiseSentence({ noise }: SummaryResults): string {
  const { samplingPt, trainingPt, repeatedNetworks, betweenClustersPt } = noise;
  const sampling =
    samplingPt === null
      ? 'The number of test images is not known.'
      : `The test images alone give one network\u2019s accuracy a standard error of ${formatPoints(samplingPt, false)} Pt.`;
  const training =
    trainingPt === null
      ? 'Training noise is not known by itself: that takes repeats.'
      : `Training again with other random numbers gives a standard deviation of ${formatPoints(trainingPt, false)} Pt (${repeatedNetworks} networks repeated).`;
  const between =
    betweenClustersPt === null
      ? ''
      : ` Matched differences of one treatment and n vary between independent values by ${formatPoints(betweenClustersPt, false)} Pt, all sources together; the intervals are made of that.`;
  return `${sampling} ${training}${between}`;
}
