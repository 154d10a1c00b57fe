// report.html of an advice: the answer in words, figures, tables, mistakes; one page that needs
// nothing outside of itself.
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { drawFigures } from '../../report/draw/draw-figures.js';
import { figureSection } from '../../report/figure-section.js';
import { type Html, htmlText, markup, table } from '../../report/html.js';
import { pageShell } from '../../report/page-shell.js';
import type { Advice } from '../advice.js';
import type { Judgement } from '../judged.js';
import { adviceFigures } from './figures.js';
import { differenceText, grouped, percent, probabilityText } from '../words.js';
import { confusions, type Mistake, worstMistakes } from './mistakes.js';
import { sourceSection } from './sources.js';

/** Name of the page. */
const ADVICE_PAGE = 'report.html';

/** Writes `directory`/report.html. @throws DataError if the store cannot be read */
export async function writeAdvicePage(
  directory: string,
  advice: Advice,
  judged: Judgement,
  store: string,
): Promise<void> {
  const figures = await drawFigures(adviceFigures(advice));
  const mistakes = await worstMistakes(store, judged);
  const { classes } = advice.data;
  const body = markup`<div class="answers">
${advice.answer.map((each, at) => (at === 0 ? markup`<p><strong>${each}</strong></p>` : markup`<p>${each}</p>`))}
</div>
${advice.remarks.length > 0 && markup`<ul class="warnings">${advice.remarks.map((each) => markup`<li>${each}</li>`)}</ul>`}
${sourceSection(advice)}
<h2>The ways that were judged${advice.sources !== undefined && `, with ${advice.sources[0]?.name ?? ''}`}</h2>
${armTable(advice)}
${figureSection(figures)}
<h2>What frozen features say</h2>
${cutTable(advice)}
<h2>Where the chosen network errs</h2>
${confusionTable(confusions(judged, classes.length), classes)}
${mistakeList(mistakes, classes)}
<h2>How it was done</h2>
${facts(advice)}`;
  const page = pageShell('Where to cut, and what to train', body);
  writeFileAtomic(join(directory, ADVICE_PAGE), htmlText(page));
}

function armTable({ arms }: Advice): Html {
  const rows = arms.map((each) => [
    each.words,
    percent(each.accuracy),
    `${percent(each.low)} to ${percent(each.high)}`,
    each.chosenLessThis === null
      ? 'chosen'
      : `${differenceText(each)}, ${probabilityText(each.chosenLessThis.p)}`,
    percent(each.selectionAccuracy),
    String(each.arm.rate),
    grouped(each.parametersTrained),
    `${each.trainSeconds.toFixed(0)} s`,
  ]);
  const header = [
    ...['way', 'final test', '95 % interval', 'chosen less this', 'to choose by'],
    ...['rate', 'parameters', 'time'],
  ];
  return markup`${table(header, rows, [1, 4, 5, 6, 7], ' class="ways"')}
<p class="muted">To choose by: the accuracy by which the way was chosen. Parameters: those that training changes. Time: of training, on this machine.</p>`;
}

function cutTable({ cheap }: Advice): Html {
  const beside = (own: string, labels: string, weights: string | undefined): string =>
    `${own} (${[labels, ...(weights === undefined ? [] : [weights])].join('; ')})`;
  const rows = cheap.cuts.map(({ n, name, width, randomLabels: labels, randomWeights, ...own }) => {
    const weights = randomWeights ?? undefined;
    return [
      ...[n, name, width],
      beside(percent(own.accuracy), percent(labels.accuracy), weights && percent(weights.accuracy)),
      beside(own.logMe.toFixed(2), labels.logMe.toFixed(2), weights?.logMe.toFixed(2)),
      beside(own.hScore.toFixed(2), labels.hScore.toFixed(2), weights?.hScore.toFixed(2)),
    ];
  });
  return markup`${table(['n', 'cut', 'width', 'probe', 'LogME', 'H-score'], rows, [0, 2, 3, 4, 5])}
<p class="muted">In brackets the values for random labels and for random weights. LogME (You et al. 2021) and the H-score (Bao et al. 2019, shrunk covariance) have no scale of their own: they are read beside these, and decided nothing here.</p>`;
}

/** Classes up to which there is a table of all against all, and up to which its columns have
 *  names. */
const MOST_CLASSES = { table: 20, names: 5 };
const MOST_CONFUSIONS = 20;

function confusionTable(counts: readonly (readonly number[])[], classes: readonly string[]): Html {
  if (counts.flat().every((each) => each === 0)) return markup`<p>Nothing was judged.</p>`;
  if (classes.length > MOST_CLASSES.table) return confusionList(counts, classes);
  const isNamed = classes.length <= MOST_CLASSES.names;
  const named = classes.map((name, at) => (isNamed ? name : `${at + 1} ${name}`));
  const rows = counts.map((row, at) => [named[at] ?? '', ...row.map((each) => each || '')]);
  const columns = classes.map((_, at) => at + 1);
  const header = isNamed ? classes : columns.map(String);
  return markup`${table(['', ...header], rows, columns)}
<p class="muted">Images of the class of a row that were taken for the class of a column.</p>`;
}

function confusionList(counts: readonly (readonly number[])[], classes: readonly string[]): Html {
  const rows = counts
    .flatMap((row, own) => row.map((count, taken) => ({ own, taken, count })))
    .filter(({ own, taken, count }) => own !== taken && count > 0)
    .sort((a, b) => b.count - a.count || a.own - b.own || a.taken - b.taken)
    .slice(0, MOST_CONFUSIONS)
    .map(({ own, taken, count }) => [classes[own] ?? '', classes[taken] ?? '', count]);
  if (rows.length === 0) return markup`<p>No image was given another class than its own.</p>`;
  return table(['images of', 'taken for', 'images'], rows, [2]);
}

function mistakeList(mistakes: readonly Mistake[], classes: readonly string[]): Html | null {
  if (mistakes.length === 0) return null;
  const items = mistakes.map(
    ({ picture, label, answer, confidence }) =>
      markup`<figure style="display:inline-block;margin:0 12px 12px 0;width:120px"><img alt="an image of ${classes[label] ?? ''}" width="96" height="96" src="data:image/jpeg;base64,${picture}"><figcaption>${classes[label] ?? ''}, taken for ${classes[answer] ?? ''} (${percent(confidence)})</figcaption></figure>`,
  );
  return markup`<h3>The surest mistakes</h3><div>${items}</div>`;
}

function facts({ model, data, preprocessing, isWhole }: Advice): Html {
  const { chosen, from } = preprocessing;
  const rows = [
    ['network', `${model.given}, ${grouped(model.parameters)} parameters with the new last layer`],
    ['SHA-256', model.sha256],
    [
      'images',
      `${data.train} to train on, ${data.selection} to choose by, ${data.test} to judge with once; ${data.classes.length} classes; ${data.together} images look like another and are in one part with it; seed ${data.seed}`,
    ],
    [
      'preparation',
      `(pixel - mean) / std with mean ${chosen.mean.join(', ')} and std ${chosen.std.join(', ')}; known from ${from}`,
    ],
    ['complete', isWhole ? 'yes' : 'no: the same command resumes it'],
  ];
  return table(['what', 'value'], rows);
}
