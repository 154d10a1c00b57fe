// What each treatment cost: iterations and FLOPs, its own and with what it goes back to.
import { mean } from '../stats/mean.js';
import { partsOf } from '../study/results/family.js';
import { directionOf } from '../study/results/task-labels.js';
import type { NetworkResult, Results, TrainingCost } from '../study/results/types.js';
import { treatmentKinds } from '../study/treatments.js';
import { type Html, markup, table } from './html.js';

const between = '\u2013';

/** The main family's costs, of one target after another where its tasks are unlike, for these
 *  differ in size; null where none is known. */
export function costSection(results: Results): Html | null {
  const { family } = results.study;
  const parts = partsOf(results).flatMap(({ target, results: part }) => {
    const where =
      target === null || family === null ? '' : `, ${directionOf(results, family, target)}`;
    const costs = costTable(part);
    return costs === null
      ? []
      : [markup`<h3>What each treatment costs to train${where}</h3>${costs}`];
  });
  if (parts.length === 0) return null;
  return markup`${parts}
    <p class="muted">
      Of one network of the main family trained alone, tests left out; ranges over n and over tasks.
      In all: with what its layers come from, which is trained once for many networks.
    </p>`;
}

// By treatment, FLOPs beside the mean base's.
function costTable(results: Results): Html | null {
  const known = results.networks.filter(
    ({ family, cost }) => family === results.study.family && cost !== undefined,
  );
  const base = mean(costsOf(known, 'base').map(({ flops }) => flops));
  const rows = treatmentKinds.flatMap((treatment) => {
    const costs = costsOf(known, treatment);
    if (costs.length === 0) return [];
    const range = (of: (cost: TrainingCost) => number, words: (value: number) => string) =>
      rangeWords(costs.map(of), words);
    return [
      [
        markup`<code>${treatment}</code>`,
        range(({ iterations }) => iterations, countWords),
        range(({ iterationsInAll }) => iterationsInAll, countWords),
        range(({ flops }) => flops, flopsWords),
        base === null ? between : range(({ flops }) => flops / base, timesWords),
        base === null ? between : range(({ flopsInAll }) => flopsInAll / base, timesWords),
      ],
    ];
  });
  if (rows.length === 0) return null;
  const header = [
    ...['treatment', 'iterations', 'iterations in all'],
    ...['FLOPs', 'times a base', 'times a base, in all'],
  ];
  return table(header, rows, [1, 2, 3, 4, 5]);
}

function costsOf(
  networks: readonly NetworkResult[],
  treatment: NetworkResult['treatment'],
): readonly TrainingCost[] {
  return networks.flatMap((network) =>
    network.treatment === treatment && network.cost !== undefined ? [network.cost] : [],
  );
}

// Over n, and over tasks of different size.
function rangeWords(values: readonly number[], words: (value: number) => string): string {
  const [low, high] = [words(Math.min(...values)), words(Math.max(...values))];
  return low === high ? low : `${low}${between}${high}`;
}

function countWords(count: number): string {
  return count.toLocaleString('en');
}

function timesWords(times: number): string {
  return times.toFixed(2);
}

const units = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z'];

function flopsWords(flops: number): string {
  const step = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(flops) / 3)));
  const value = flops / 1000 ** step;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${units[step]}`;
}
