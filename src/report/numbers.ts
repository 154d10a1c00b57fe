// The report's sections of numbers: tables by n, paired tests, another study, other families, the
// paper's findings.
import { formatAccuracy } from '../figures/format.js';
import type { Family, Results } from '../study/results/types.js';
import { type Html, markup } from './html.js';
import { marginPt } from './paper/finding.js';
import { paperFindings } from './paper/findings.js';
import { comparisonTable, findingTable, noiseSentence, powerSentence } from './paper/tables.js';
import { againstTable, layerTable, table1 } from './tables.js';

/** The paper's findings, each with its verdict. */
export function paperSection(results: Results): Html {
  return markup`<h2>The paper’s findings, one by one</h2>
    <p class="muted">
      A verdict rests on 95 % intervals: “undecided” is what this study cannot tell. Losses and
      gains below ${marginPt} Pt count as none: a claimed loss or gain is “contradicted” if the
      interval rules out ${marginPt} Pt or more of it. Places in the network (first, middle, last layers)
      are the paper’s sevenths.
    </p>
    ${findingTable(paperFindings(results))}`;
}

/** Tables of the main family; null for a study without lines. */
export function numbers(results: Results): Html | null {
  const layers = layerTable(results, results.study);
  const boost = table1(results);
  if (!layers) return null;
  return markup`<h2>Numbers</h2>
    <h3>By n: difference to the own base (Pt), mean accuracy (networks)</h3>
    ${layers}
    <p class="muted">
      Values without brackets have no interval: that needs 3 independent values.
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

/** Differences to the own base of two studies, side by side. */
export function againstSection(results: Results, against: Results): Html | null {
  const comparison = againstTable(results, against);
  return markup`<h2>Against ${against.study.name}</h2>
    <p>
      Mean base accuracy ${formatAccuracy(results.base.mean)} here,
      ${formatAccuracy(against.base.mean)} there. Below: differences to the own base, in percentage
      points, so that studies of other data and networks can be set side by side.
    </p>
    ${comparison ?? markup`<p>The two have no treatment and n in common.</p>`}`;
}

/** Tables of the families that are not the main one; null for none. */
export function otherFamilies(results: Results): Html | null {
  const items = Object.entries(results.families).flatMap(([family, summary]) => {
    const layers =
      family === ('reduced' satisfies Family) ? null : layerTable(summary, results.study);
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
