// The report as one HTML page that needs nothing outside of itself.
import { countOf, formatAccuracy, intervalWords } from '../figures/format.js';
import type { Measurements } from '../study/measurements/types.js';
import { partsOf } from '../study/results/family.js';
import { groupBy } from '../study/results/order.js';
import { taskLabel } from '../study/results/task-labels.js';
import type { Results } from '../study/results/types.js';
import { byImageSection } from './by-image.js';
import { withContents } from './contents.js';
import { costSection } from './cost-table.js';
import { downloadScript } from './downloads.js';
import { figureSection, type PageFigures } from './figure-section.js';
import { type FilterPicture, filterSection } from './filter-section.js';
import { findingsOf } from './findings.js';
import { type Html, htmlText, markup, raw } from './html.js';
import { measuredSection } from './measured-section.js';
import { againstSection, numbers, otherFamilies, paperSection } from './numbers.js';
import { doneSection, type Provenance, provenanceSection } from './provenance.js';
import { pageShell } from './page-shell.js';
import { publicationSection } from './publication/section.js';
import { pageScript } from './style.js';
import { learningRateSection } from './learning-rates.js';
import { networkTable, treatmentTable } from './tables.js';
import { targetSizeSection } from './target-sizes.js';
import { testSetSection } from './test-sets.js';
import { warningsOf } from './warnings.js';

const reportScript = `${pageScript}${downloadScript}`;

/** What not every report has. */
export interface PageExtras {
  /** Another study to be set beside this one. */
  readonly against?: Results | null;
  readonly filters?: readonly FilterPicture[];
  readonly measurements?: Measurements | null;
}

/** The page's HTML text. */
export function renderPage(
  results: Results,
  figures: PageFigures,
  provenance: Provenance,
  { against = null, filters = [], measurements = null }: PageExtras = {},
): string {
  const { name } = results.study;
  const { body, contents } = withContents(markup`${answers(results)}
${warningList([...(provenance.warnings ?? []), ...warningsOf(results, provenance.executors)])}
${figureSection(figures)}
${filterSection(filters)}
${paperSection(results)}
${numbers(results)}
${byImageSection(results)}
${measuredSection(results, measurements)}
${testSetSection(results)}
${targetSizeSection(results)}
${learningRateSection(results)}
${against && againstSection(results, against)}
${otherFamilies(results)}
<h2>What was done with the first n layers</h2>
<p>Written for a network of task B with a base of task A. ${onBothTargets(results)}</p>
${treatmentTable(results)}
${costSection(results)}
<h2>All networks</h2>
<details${raw(results.networks.length <= 80 ? ' open' : '')}><summary>${results.networks.length} networks</summary>
${networkTable(results)}</details>
${publicationSection(results, provenance)}
${provenanceSection(results, provenance)}`);
  const whole = markup`${doneSection(provenance)}
${summaryLine(results)}
${contents}
${body}`;
  return htmlText(pageShell(`${name}: how transferable are the features?`, whole, reportScript));
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
  const { study, networks } = results;
  const done = networks.filter((network) => network.state === 'done').length;
  const statistic =
    study.statistic === 'top10' ? 'mean of the 10 best tests' : 'accuracy of the last test';
  return markup`<p class="muted">
    ${done} of ${networks.length} networks done. Statistic: ${statistic}. Main family:
    ${study.family ?? 'none'}; mean base accuracy ${baseWords(results)}. Brackets are in percentage
    points (Pt): ${intervalSentence(results)}
  </p>`;
}

// One base a target where these are unlike.
function baseWords(results: Results): string {
  const { family } = results.study;
  return partsOf(results)
    .map(({ target, results: { base } }) => {
      const where =
        target === null || family === null
          ? ''
          : ` of task ${taskLabel(results, family, target) ?? target}`;
      return `${formatAccuracy(base.mean)} over ${countOf(base.networks)}${where}`;
    })
    .join(', ');
}

// Which studies an interval speaks of; the parts of one family have one unit.
function intervalSentence(results: Results): string {
  const [part] = partsOf(results);
  const { intervals } = part?.results ?? results;
  const many =
    intervals.units < 3
      ? ' Three independent values at least make an interval: there is none.'
      : '';
  return `${intervalWords(intervals)}, not of other classes or other images.${many}`;
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
