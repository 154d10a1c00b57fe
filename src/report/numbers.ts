// The report's sections of numbers: tables by n, paired tests, another study, other families, the
// paper's findings.
import { formatAccuracy, intervalWords } from '../figures/format.js';
import { partsOf, viewsOf } from '../study/results/family.js';
import { directionOf } from '../study/results/task-labels.js';
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
      A verdict rests on 95 % intervals. “Contradicted”: the interval lies on the wrong side of 0,
      where a claim is that something costs nothing under −${marginPt} Pt.
      “No effect that counts”: it lies within ${marginPt} Pt of 0 on both sides. “Undecided”: this study
      cannot tell. A claim about several n is tested at each of them with p corrected for their number
      (Holm). Networks that did not learn are left out. Places in the network (first, middle, last layers)
      are the paper’s sevenths.
    </p>
    ${findingTable(paperFindings(results))}`;
}

/** Tables of the main family, of one target after another where its two tasks are unlike; null for
 *  a study without lines. */
export function numbers(results: Results): Html | null {
  const { family } = results.study;
  const parts = partsOf(results).flatMap(({ target, results: part }) => {
    const direction =
      target === null || family === null ? null : directionOf(results, family, target);
    return partNumbers(part, direction) ?? [];
  });
  return parts.length === 0
    ? null
    : markup`<h2>Numbers</h2>
        ${parts}`;
}

function partNumbers(results: Results, direction: string | null): Html | null {
  const layers = layerTable(results, results.study);
  const boost = table1(results);
  if (!layers) return null;
  const where = direction === null ? '' : `, ${direction}`;
  return markup`<h3>By n${where}: difference to the own base (Pt), mean accuracy (networks)</h3>
    ${layers}
    <p class="muted">
      Brackets: ${intervalWords(results.intervals)}. Values without brackets have no interval: that
      needs 3 independent values.
    </p>
    ${
      boost &&
      markup`<h3>Table 1${where}: fine-tuned transfer (AnB+), Pt</h3>
        ${boost}
        <p class="muted">
          Pooled: plain means over networks, as the paper computed them; they mix targets of
          different difficulty. Matched: each network minus the base of its own target first.
        </p>`
    }
    <h3>Paired differences${where}</h3>
    <p>${powerSentence(results)} ${noiseSentence(results)}</p>
    <details>
      <summary>${results.comparisons.length} differences</summary>
      ${comparisonTable(results)}
      <p class="muted">
        Differences within the independent values that have both. Of so many intervals, one in
        twenty leaves 0 out by chance: the answers above are corrected for that, these are not.
        Resolves: the smallest true difference that a study of this size finds in 4 of 5 cases.
        results.json has t and p.
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

/** Tables of the families that are not the main one, once a target where their tasks are unlike;
 *  null for none. */
export function otherFamilies(results: Results): Html | null {
  const others = (Object.keys(results.families) as Family[]).filter((each) => each !== 'reduced');
  const items = others.flatMap((family) =>
    viewsOf(results, family).flatMap(({ target, summary }) => {
      const layers = layerTable(summary, results.study);
      if (!layers) return [];
      const where = target === null ? '' : `, ${directionOf(results, family, target)}`;
      return [
        markup`<h3>
              ${family}${where}: base ${formatAccuracy(summary.base.mean)} (${summary.base.networks})
            </h3>
            ${layers}`,
      ];
    }),
  );
  return items.length === 0
    ? null
    : markup`<h2>Other families, never pooled</h2>
        ${items}`;
}
