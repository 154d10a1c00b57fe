// The report's section on the learning rate: which one each treatment does best at, and whether one
// rate for all networks would have made the drops other than they are.
import { formatAccuracy, formatInterval, formatRange } from '../figures/format.js';
import { mostChosen, type NamedRates, namedRates } from '../figures/learning-rates.js';
import type { RateChange, RatePoint, RateRow, RateTable } from '../study/results/rate-types.js';
import type { Results } from '../study/results/types.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../study/treatments.js';
import { type Html, markup, table } from './html.js';
import { shortInterval } from './tables.js';

/** Answers in words and tables; null for a study of one rate. */
export function learningRateSection(results: Results): Html | null {
  const { rates } = results;
  if (rates === undefined) return null;
  const share = results.study.selection ?? 0;
  return markup`<h2>At which learning rate?</h2>
    <p>
      Every network was trained at the rates ${rates.list.join(', ')} and counts at the one that did
      best on ${share} of its training images, which no network learned from. The validation images
      that this page is about had no say in it. What others copy was trained at ${rates.list[0] ?? ''}, the
      first of the list.
    </p>
    ${namedRates(results).map((part) => partOf(results, part))}
    <p class="muted">
      The change of a difference to the base is within the independent values of the study, base and
      network both at their chosen rates, against both at the first rate. The intervals are 95 % ones,
      not corrected for their number: of twenty, one leaves 0 out by chance.
    </p>`;
}

function partOf(results: Results, { table: rates, words }: NamedRates): Html {
  const changes = rates.changes.map((change) => [
    change.treatment,
    formatRange(change.layers),
    shortInterval(change.chosenPt, null, null),
    shortInterval(change.firstPt, null, null),
    shortInterval(change.changePt, change.changeLowPt, change.changeHighPt),
    change.units,
  ]);
  return markup`${words !== '' && markup`<h3>${words}</h3>`}
    ${rateAnswers(rates, results.rates?.list[0]).map((answer) => markup`<p>${answer}</p>`)}
    ${rateTable(rates, results.rates?.list ?? [])}
    ${
      changes.length > 0 &&
      markup`<details>
        <summary>Differences to the base at the chosen rates and at the first</summary>
        ${table(
          ['treatment', 'n', 'chosen rates, Pt', 'first rate, Pt', 'change, Pt', 'values'],
          changes,
          [2, 3, 4, 5],
        )}
      </details>`
    }`;
}

const drops: readonly TreatmentKind[] = ['BnB', 'AnB', 'random'];

/** Plain sentences: what the drops of frozen networks are at the chosen rates and at the first. */
export function rateAnswers({ changes }: RateTable, first: number | undefined): readonly string[] {
  return drops.flatMap((treatment) => {
    // Over all n comes before each of them.
    const change = changes.find((each) => each.treatment === treatment);
    return change === undefined || first === undefined ? [] : [changeSentence(change, first)];
  });
}

function changeSentence(change: RateChange, first: number): string {
  const { treatment, layers, chosenPt, firstPt, changePt, changeLowPt, changeHighPt } = change;
  const points = (value: number) => `${shortInterval(value, null, null)} Pt`;
  const found = `${treatments[treatment].label}, n = ${formatRange(layers)}: ${points(chosenPt)} against the base at the chosen rates, ${points(firstPt)} with ${first} for all; the change is ${formatInterval(changePt, changeLowPt, changeHighPt)}.`;
  if (changeLowPt === null || changeHighPt === null) return found;
  const isChanged = changeLowPt > 0 || changeHighPt < 0;
  return isChanged
    ? `${found} One rate for all networks would have moved the difference by that much.`
    : `${found} That one rate for all networks moves the difference is not shown.`;
}

function rateTable({ rows }: RateTable, rates: readonly number[]): Html {
  return table(
    ['treatment', 'n', ...rates.map((lr) => `accuracy at ${lr}`), 'chosen most often'],
    rows.map((row) => [
      row.treatment,
      row.n,
      ...row.points.map(pointText),
      mostChosen(row).join(', ') || '–',
    ]),
    [1, ...rates.map((_, at) => at + 2)],
  );
}

// "0.812 (chosen 3 of 4; 1 dead)".
function pointText({ accuracy, chosen, networks, dead, failed }: RatePoint): string {
  const notes = [
    `chosen ${chosen} of ${networks}`,
    ...(dead > 0 ? [`${dead} dead`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return `${formatAccuracy(accuracy)} (${notes.join('; ')})`;
}

/** Sentences about a list of rates that does not suffice, and about bases that would have been
 *  better at another rate. */
export function rateWarnings(results: Results): readonly string[] {
  const { rates } = results;
  if (rates === undefined) return [];
  const { open, list } = rates;
  return [
    ...(open === 0
      ? []
      : [
          `${open === 1 ? '1 network has' : `${open} networks have`} not ended at every learning rate: which rate counts may still change.`,
        ]),
    ...namedRates(results).flatMap(({ table: part, words }) => {
      const where = words === '' ? '' : ` (${words})`;
      return [...edgeWarnings(part, list, where), ...baseWarnings(part, list, where)];
    }),
  ];
}

// At the end of the list the best rate may lie beyond it.
function edgeWarnings(
  { rows }: RateTable,
  list: readonly number[],
  where: string,
): readonly string[] {
  const ends = [
    ['lowest', 'lower', Math.min(...list)],
    ['highest', 'higher', Math.max(...list)],
  ] as const;
  return ends.flatMap(([end, beyond, lr]) => {
    const kinds = treatmentKinds.filter((kind) =>
      isMajority(
        rows.filter(({ treatment }) => treatment === kind),
        lr,
      ),
    );
    if (kinds.length === 0) return [];
    return [
      `Most networks of ${kinds.join(', ')}${where} did best at ${lr}, the ${end} learning rate of the list: it should have ${beyond} ones too.`,
    ];
  });
}

function isMajority(rows: readonly RateRow[], lr: number): boolean {
  const points = rows.flatMap((row) => row.points);
  const count = (of: readonly RatePoint[]) => of.reduce((sum, { chosen }) => sum + chosen, 0);
  const all = count(points);
  return all > 0 && 2 * count(points.filter((point) => point.lr === lr)) > all;
}

function baseWarnings(
  { bases }: RateTable,
  list: readonly number[],
  where: string,
): readonly string[] {
  return bases
    .filter(({ overFirstLowPt }) => overFirstLowPt !== null && overFirstLowPt > 0)
    .map(
      ({ lr, overFirstPt, overFirstLowPt, overFirstHighPt }) =>
        `Bases${where} do better at ${lr} than at ${list[0]}, at which those that others copy were trained: ${formatInterval(overFirstPt, overFirstLowPt, overFirstHighPt)} on the images kept aside. Networks that copy them are compared with the better ones: give ${lr} as the first of the list.`,
    );
}
