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
import { confusions, type Mistake, worstMistakes } from './mistakes.js';

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
  const body = markup`${advice.answer.map((each, at) => (at === 0 ? markup`<p><strong>${each}</strong></p>` : markup`<p>${each}</p>`))}
${advice.remarks.length > 0 && markup`<ul class="warnings">${advice.remarks.map((each) => markup`<li>${each}</li>`)}</ul>`}
<h2>The ways that were judged</h2>
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

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const grouped = (value: number): string => value.toLocaleString('en-US');

function armTable({ arms }: Advice): Html {
  const rows = arms.map(({ words, accuracy, low, high, chosenLessThis: less, arm, ...each }) => [
    words,
    percent(accuracy),
    `${percent(low)} to ${percent(high)}`,
    less === null
      ? 'chosen'
      : `${less.differencePt.toFixed(1)} Pt (${less.lowPt.toFixed(1)} to ${less.highPt.toFixed(1)}), p ${less.p.toPrecision(2)}`,
    percent(each.selectionAccuracy),
    String(arm.rate),
    grouped(each.parametersTrained),
    `${each.trainSeconds.toFixed(0)} s`,
  ]);
  const header = [
    ...['way', 'final test', '95 % interval', 'chosen less this', 'images to choose by'],
    ...['rate', 'parameters trained', 'time'],
  ];
  return table(header, rows, [1, 4, 5, 6, 7]);
}

function cutTable({ cheap }: Advice): Html {
  const shown = (value: number | undefined): string =>
    value === undefined ? '' : value.toFixed(2);
  const rows = cheap.cuts.map(
    ({ n, name, width, accuracy, randomLabels, randomWeights, ...own }) => [
      ...[n, name, width, percent(accuracy), percent(randomLabels.accuracy)],
      randomWeights === null ? '' : percent(randomWeights.accuracy),
      ...[shown(own.logMe), shown(randomLabels.logMe), shown(randomWeights?.logMe)],
      ...[shown(own.hScore), shown(randomLabels.hScore), shown(randomWeights?.hScore)],
    ],
  );
  const header = [
    ...['n', 'cut', 'width', 'probe', 'random labels', 'random weights'],
    ...['LogME', 'random labels', 'random weights', 'H-score', 'random labels', 'random weights'],
  ];
  return markup`${table(header, rows, [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])}
<p class="muted">LogME (You et al. 2021) and the H-score (Bao et al. 2019, shrunk covariance) have no scale of their own: they are read beside their values for random labels and random weights, and decided nothing here.</p>`;
}

function confusionTable(counts: readonly (readonly number[])[], classes: readonly string[]): Html {
  if (counts.flat().every((each) => each === 0)) return markup`<p>Nothing was judged.</p>`;
  const rows = counts.map((row, at) => [classes[at] ?? '', ...row.map((each) => each || '')]);
  const columns = classes.map((_, at) => at + 1);
  return table(['images of (rows) taken for (columns)', ...classes], rows, columns);
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
    ['network', `${model.file}, ${grouped(model.parameters)} parameters with the new last layer`],
    ['SHA-256', model.sha256],
    [
      'images',
      `${data.train} to train on, ${data.selection} to choose by, ${data.test} to judge with once; ${data.classes.length} classes; ${data.together} images look like another and are in one part with it; seed ${data.seed}`,
    ],
    [
      'preparation',
      `(pixel - mean) / std with mean ${chosen.mean.join(', ')} and std ${chosen.std.join(', ')}; known from ${from}`,
    ],
    ['complete', isWhole ? 'yes' : 'no: the same command goes on'],
  ];
  return table(['what', 'value'], rows);
}
