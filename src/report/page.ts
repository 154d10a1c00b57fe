// The report as one HTML page that needs nothing outside of itself.
import { countOf, formatAccuracy } from '../figures/format.js';
import type { Figure } from '../figures/spec.js';
import { groupBy } from '../study/results/order.js';
import type { Family, Results } from '../study/results/types.js';
import { type FilterPicture, filterSection } from './filter-section.js';
import { findingsOf } from './findings.js';
import { htmlText, markup, raw, table, type Html } from './html.js';
import { inlineSvg } from './inline-svg.js';
import { marginPt } from './paper/finding.js';
import { paperFindings } from './paper/findings.js';
import { comparisonTable, findingTable, noiseSentence, powerSentence } from './paper/tables.js';
import { sortScript, styleSheet } from './style.js';
import { againstTable, layerTable, networkTable, table1, treatmentTable } from './tables.js';
import { warningsOf, type ExecutorUse } from './warnings.js';

/** Where the numbers come from. */
export interface Provenance {
  /** Text of study.yaml as run. */
  readonly studyYaml: string;
  readonly selfferVersion: string;
  /** Content hash of the data, or null if it is not known (imported logs). */
  readonly dataHash: string | null;
  readonly executors: readonly ExecutorUse[];
  /** Further warnings, e.g. of the freeze audit. */
  readonly warnings?: readonly string[];
  /** For an imported study: the folder it is from, and how its names and numbers are to be read. */
  readonly imported?: { readonly from: string; readonly notes: readonly string[] };
}

/** A figure with its two drawings. */
export interface DrawnFigure {
  readonly figure: Figure;
  readonly light: string;
  readonly dark: string;
}

const contentPolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** What not every report has. */
export interface PageExtras {
  /** Another study to be set beside this one. */
  readonly against?: Results | null;
  readonly filters?: readonly FilterPicture[];
}

/** The page's HTML text. */
export function renderPage(
  results: Results,
  figures: readonly DrawnFigure[],
  provenance: Provenance,
  { against = null, filters = [] }: PageExtras = {},
): string {
  const { name } = results.study;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<title>${name}: how transferable are the features?</title>
<style>${raw(styleSheet)}</style>
</head>
<body>
<h1>${name}: how transferable are the features?</h1>
${summaryLine(results)}
${answers(results)}
${warningList([...(provenance.warnings ?? []), ...warningsOf(results, provenance.executors)])}
${figureSection(figures)}
${filterSection(filters)}
${paperSection(results)}
${numbers(results)}
${against && againstSection(results, against)}
${otherFamilies(results)}
<h2>What was done with the first n layers</h2>
<p>Written for a network of task B with a base of task A. ${onBothTargets(results)}</p>
${treatmentTable(results)}
<h2>All networks</h2>
<details${raw(results.networks.length <= 80 ? ' open' : '')}><summary>${results.networks.length} networks</summary>
${networkTable(results)}</details>
${provenanceSection(results, provenance)}
<script>${raw(sortScript)}</script>
</body>
</html>
`;
  return htmlText(page);
}

// The original has selffer networks of task A alone.
function onBothTargets({ networks }: Results): string {
  const pairs = networks.filter(({ target }) => target !== null);
  if (pairs.length === 0) return '';
  const kinds = groupBy(
    pairs.filter(({ state }) => state !== 'missing'),
    ({ target }) => target ?? '',
  );
  const sets = [...kinds.values()].map(
    (members) =>
      new Set(members.map(({ split, treatment, n }) => JSON.stringify([split, treatment, n]))),
  );
  const all = new Set(sets.flatMap((each) => [...each]));
  return sets.length > 1 && sets.every(({ size }) => size === all.size)
    ? `Every treatment runs on ${sets.length === 2 ? 'both' : 'all'} tasks.`
    : `Not every treatment runs on ${sets.length > 2 ? 'all' : 'both'} tasks here: see the list of networks.`;
}

function summaryLine(results: Results): Html {
  const { study, base, networks } = results;
  const done = networks.filter((network) => network.state === 'done').length;
  const statistic =
    study.statistic === 'top10' ? 'mean of the 10 best tests' : 'accuracy of the last test';
  return markup`<p class="muted">
    ${done} of ${networks.length} networks done. Statistic: ${statistic}. Main family:
    ${study.family ?? 'none'}; mean base accuracy ${formatAccuracy(base.mean)} over
    ${countOf(base.networks)}. Brackets are 95 % intervals in percentage points (Pt).
  </p>`;
}

function answers(results: Results): Html {
  const items = findingsOf(results).map(
    ({ question, answer }) =>
      markup`<dt>${question}</dt>
        <dd>${answer}</dd>`,
  );
  return markup`<dl class="answers">${items}</dl>`;
}

function warningList(warnings: readonly string[]): Html | null {
  if (warnings.length === 0) return null;
  return markup`<ul class="warnings">
    ${warnings.map((warning) => markup`<li>${warning}</li>`)}
  </ul>`;
}

function figureSection(figures: readonly DrawnFigure[]): Html {
  if (figures.length === 0) {
    return markup`<h2>Figures</h2>
      <p>None yet: no network has ended.</p>`;
  }
  const items = figures.map(({ figure, light, dark }) => {
    const svg = (text: string, theme: string) =>
      inlineSvg(text, `${figure.id}-${theme}`, figure.alt);
    return markup`<h3>${figure.title}</h3>
      <figure id="${figure.id}">
        <div class="on-light">${svg(light, 'light')}</div>
        <div class="on-dark">${svg(dark, 'dark')}</div>
        <figcaption>${figure.caption}</figcaption>
      </figure>`;
  });
  return markup`<h2>Figures</h2>
    ${items}`;
}

function paperSection(results: Results): Html {
  return markup`<h2>The paper’s findings, one by one</h2>
    <p class="muted">
      A verdict rests on 95 % intervals: “undecided” is what this study cannot tell. Losses and
      gains below ${marginPt} Pt count as none: a claimed loss or gain is “contradicted” if the
      interval rules out ${marginPt} Pt or more of it. Places in the network (first, middle, last layers)
      are the paper’s sevenths.
    </p>
    ${findingTable(paperFindings(results))}`;
}

function numbers(results: Results): Html | null {
  const layers = layerTable(results);
  const boost = table1(results);
  if (!layers) return null;
  return markup`<h2>Numbers</h2>
    <h3>By n: difference to the own base (Pt), mean accuracy (networks)</h3>
    ${layers}
    <p class="muted">
      Values without brackets have no interval: that needs 3 clusters of split, target and repeat.
    </p>
    ${
      boost &&
      markup`<h3>Table 1: fine-tuned transfer (AnB+), Pt</h3>
        ${boost}
        <p class="muted">
          Pooled: plain means over networks, as the paper computed them; they mix targets of
          different difficulty. Matched: each network minus the base of its own target first.
        </p>`
    }
    <h3>Paired tests</h3>
    <p>${powerSentence(results)} ${noiseSentence(results)}</p>
    <details>
      <summary>${results.comparisons.length} tests</summary>
      ${comparisonTable(results)}
      <p class="muted">
        Differences within (split, target, repeat) clusters that have both; Student’s t; p two-sided
        and not corrected for the number of tests. Resolves: the smallest true difference that such a
        test finds in 4 of 5 studies of this size.
      </p>
    </details>`;
}

function againstSection(results: Results, against: Results): Html | null {
  const comparison = againstTable(results, against);
  return markup`<h2>Against ${against.study.name}</h2>
    <p>
      Mean base accuracy ${formatAccuracy(results.base.mean)} here,
      ${formatAccuracy(against.base.mean)} there. Below: differences to the own base, in percentage
      points, so that studies of other data and networks can be set side by side.
    </p>
    ${comparison ?? markup`<p>The two have no treatment and n in common.</p>`}`;
}

function otherFamilies(results: Results): Html | null {
  const items = Object.entries(results.families).flatMap(([family, summary]) => {
    const layers = family === ('reduced' satisfies Family) ? null : layerTable(summary);
    return layers
      ? [
          markup`<h3>
              ${family}: base ${formatAccuracy(summary.base.mean)} (${summary.base.networks})
            </h3>
            ${layers}`,
        ]
      : [];
  });
  return items.length === 0
    ? null
    : markup`<h2>Other families, never pooled</h2>
        ${items}`;
}

function importedSection({ from, notes }: NonNullable<Provenance['imported']>): Html {
  return markup`<p>Imported from training logs in <code>${from}</code>.</p>
    <ul>
      ${notes.map((note) => markup`<li>${note}</li>`)}
    </ul>`;
}

function provenanceSection(results: Results, provenance: Provenance): Html {
  const { executors, selfferVersion, dataHash, studyYaml, imported } = provenance;
  const rows = executors.map(({ name, version, instructionSet, threads, host, networks }) => [
    name,
    version,
    instructionSet,
    threads,
    host,
    networks,
  ]);
  const header = ['executor', 'version', 'instruction set', 'threads', 'host', 'networks'];
  return markup`<h2>Where the numbers come from</h2>
    <p>
      Selffer ${selfferVersion}, ${results.study.weightLayers} weight layers, data
      ${dataHash === null ? 'not known' : markup`<code>${dataHash}</code>`}.
    </p>
    ${executors.length > 0 && table(header, rows, [3, 5])}
    ${imported ? importedSection(imported) : null}
    ${
      studyYaml !== '' &&
      markup`<details>
        <summary>study.yaml</summary>
        <pre>${studyYaml}</pre>
      </details>`
    }
    <p class="muted">
      Method: Yosinski, Clune, Bengio &amp; Lipson 2014, “How transferable are features in deep
      neural networks?”. Intervals are t intervals over (split, target, repeat) cluster means.
    </p>`;
}
