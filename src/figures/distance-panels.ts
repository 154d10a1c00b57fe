// Figure 3 of the paper: what frozen features lose with n when they come from a similar task, from
// a distant one, or from no task at all. Panels: tasks made of named classes, in both directions;
// random features; all of them against their own base.
import { tInterval } from '../stats/interval.js';
import { mean } from '../stats/mean.js';
import { familyResults, unlikeFamilies as distant, viewsOf } from '../study/results/family.js';
import { layersOf, matchedUnits, summarise } from '../study/results/lines.js';
import { matchNetworks } from '../study/results/measured.js';
import { cellsOf } from '../study/results/unit.js';
import { taskLabel } from '../study/results/task-labels.js';
import {
  families,
  type NetworkResult,
  type Results,
  type SummaryResults,
} from '../study/results/types.js';
import type { Measure } from './axes.js';
import { shortFamily } from './count-strip.js';
import type { Series, SeriesLook, SeriesPoint } from './series-panel.js';

const hexagon = 'M1.05,0L0.53,0.91L-0.53,0.91L-1.05,0L-0.53,-0.91L0.53,-0.91Z';
const distantLooks: readonly SeriesLook[] = [
  { shape: hexagon, light: '#d96c00', dark: '#ffa04d' },
  { shape: 'square', light: '#7b4fc0', dark: '#b795f0', dash: [6, 3] },
  { shape: 'circle', light: '#2a7f9e', dark: '#64bfe0' },
  { shape: 'triangle-down', light: '#5d6b2f', dark: '#b3c66d', dash: [6, 3] },
];
const similarLook: SeriesLook = { shape: 'diamond', light: '#c9301c', dark: '#f0705a' };
const randomLooks: readonly SeriesLook[] = [
  { shape: 'triangle-up', light: '#b98900', dark: '#f0c33c' },
  { shape: 'triangle-right', light: '#8a7440', dark: '#cdb98a', dash: [6, 3] },
  { shape: 'triangle-left', light: '#6f8a1f', dark: '#b6d05e', dash: [2, 2] },
  { shape: 'cross', light: '#9a4f2b', dark: '#e0a27d', dash: [8, 2] },
  { shape: 'wedge', light: '#4d7d6a', dark: '#8fcfb6', dash: [4, 2, 1, 2] },
];

/** One of their tasks, of which no word is known, left of an axis. */
const oneTask: Readonly<Record<(typeof distant)[number], string>> = {
  'natural-man-made': 'task',
  classes: 'class',
  'two-sets': 'set',
};

/** Lines of the first panel: AnB onto each target of each distant pair of tasks, from the bases of
 *  that target at n = 0. */
export function directionSeries(results: Results, measure: Measure): Series[] {
  const lines = distant.flatMap((family) => {
    const targets = new Set(
      results.networks.filter((each) => each.family === family).map(({ target }) => target),
    );
    return [...targets].flatMap((target) => {
      const members = results.networks.filter(
        (each) => each.family === family && each.target === target,
      );
      const transfer = members.filter(({ treatment }) => treatment === 'AnB');
      const points = pointsOf(members, transfer, measure);
      return points.length === 0 ? [] : [{ ...wordsOf(results, family, target ?? ''), points }];
    });
  });
  return lines.map((line, i) => ({
    treatment: 'AnB',
    ...line,
    look: distantLooks[i % distantLooks.length] as SeriesLook,
  }));
}

/** Frozen random features that make one line: of a family, or of one target of it where its tasks
 *  are unlike, for these differ in difficulty. */
interface RandomPart {
  readonly id: string;
  /** What they are called in words, and at most 8 characters of it. */
  readonly words: string;
  readonly short: string;
  readonly look: SeriesLook;
  readonly summary: SummaryResults;
  readonly networks: readonly NetworkResult[];
}

// The same look in every panel, whichever of its lines a panel has.
function randomParts(results: Results): RandomPart[] {
  const views = families.flatMap((family) =>
    viewsOf(results, family)
      .filter(({ networks }) => networks.some(({ treatment }) => treatment === 'random'))
      .map((view) => ({ family, ...view })),
  );
  return views.map(({ family, target, summary, networks }, i) => {
    const label = target === null ? null : taskLabel(results, family, target);
    const task = label ?? target;
    return {
      id: task === null ? family : `${family}/${task}`,
      words: label ?? (target === null ? family : `${target}, ${family}`),
      short: task === null ? shortFamily[family] : task.slice(0, 8),
      look: randomLooks[i % randomLooks.length] as SeriesLook,
      summary,
      networks,
    };
  });
}

/** Lines of the second panel: frozen random features of each family that has them, or of each of
 *  its targets where its tasks are unlike, from the bases of these at n = 0. */
export function randomSeries(results: Results, measure: Measure): Series[] {
  return randomParts(results).flatMap(({ id, words, short, look, networks }): Series[] => {
    const random = networks.filter(({ treatment }) => treatment === 'random');
    const points = pointsOf(networks, random, measure);
    if (points.length === 0) return [];
    return [{ id, treatment: 'random', name: `random, ${words}`, short, look, points }];
  });
}

/** Lines of the third panel, in percentage points. `accuracy`: difference of the two means, as the
 *  paper has it (no interval: the two are not independent); `matched`: mean of each network's
 *  difference to its own base. */
export function relativeSeries(results: Results, measure: Measure): Series[] {
  const line = (
    summary: SummaryResults | undefined,
    treatment: 'AnB' | 'random',
  ): SeriesPoint[] => {
    if (!summary) return [];
    const points =
      measure === 'matched' ? matchedLine(summary, treatment) : pooledLine(summary, treatment);
    return points.length === 0
      ? []
      : [{ x: 0, y: 0, low: null, high: null, networks: summary.base.networks }, ...points];
  };
  const similar: Series = {
    id: 'random-halves',
    treatment: 'AnB',
    name: 'AnB, similar (halves)',
    short: 'halves',
    look: similarLook,
    points: line(familyResults(results, 'random-halves'), 'AnB'),
  };
  // Onto each target of each distant pair, with the look of the first panel.
  const looks = new Map(directionSeries(results, measure).map(({ id, look }) => [id, look]));
  const apart = distant.flatMap((family) =>
    viewsOf(results, family).map(({ target, summary }): Series => {
      const words = wordsOf(results, family, target ?? '');
      return {
        treatment: 'AnB',
        ...words,
        look: looks.get(words.id) ?? (distantLooks[0] as SeriesLook),
        points: line(summary, 'AnB'),
      };
    }),
  );
  const random = randomParts(results).map(({ id, words, short, look, summary }): Series => ({
    ...{ id, treatment: 'random', name: `random, ${words}`, look },
    short: `R ${short}`,
    points: line(summary, 'random'),
  }));
  return [similar, ...apart, ...random].filter(({ points }) => points.length > 0);
}

function pooledLine({ base, lines }: SummaryResults, treatment: 'AnB' | 'random'): SeriesPoint[] {
  const reference = base.mean;
  if (reference === null) return [];
  return (lines[treatment] ?? []).flatMap(({ n, mean: accuracy, networks }) =>
    accuracy === null
      ? []
      : [{ x: n, y: 100 * (accuracy - reference), low: null, high: null, networks }],
  );
}

function matchedLine({ matched }: SummaryResults, treatment: 'AnB' | 'random'): SeriesPoint[] {
  return (matched[treatment] ?? []).flatMap(({ n, meanPt, lowPt, highPt, networks }) =>
    meanPt === null ? [] : [{ x: n, y: meanPt, low: lowPt, high: highPt, networks }],
  );
}

// Means of the networks at each n, after the point of their bases; none if no network at n >= 1 is
// measured.
function pointsOf(
  members: readonly NetworkResult[],
  chosen: readonly NetworkResult[],
  measure: Measure,
): SeriesPoint[] {
  const bases = members.filter(({ treatment }) => treatment === 'base');
  const cells = cellsOf(members);
  const at = (x: number, networks: readonly NetworkResult[]): SeriesPoint[] => {
    if (measure === 'accuracy') {
      const { mean: y, low, high, networks: count } = summarise(networks, cells);
      return y === null ? [] : [{ x, y, low, high, networks: count }];
    }
    const matched = matchNetworks(members).filter(({ network }) => networks.includes(network));
    const y = mean(matched.map(({ overBasePt }) => overBasePt));
    const interval = tInterval(matchedUnits(matched, cells));
    const [low, high] = [interval?.low ?? null, interval?.high ?? null];
    return y === null ? [] : [{ x, y, low, high, networks: matched.length }];
  };
  const points = layersOf(chosen).flatMap((n) =>
    at(
      n,
      chosen.filter((network) => network.n === n),
    ),
  );
  return points.length === 0 ? [] : [...at(0, bases), ...points];
}

// A task is known by its label, in another study too, where letters may be the other way round.
function wordsOf(results: Results, family: (typeof distant)[number], target: string) {
  const label = taskLabel(results, family, target);
  const id = `${family}/${label ?? target}`;
  return label === null
    ? {
        id,
        name: `AnB onto ${target}, ${family}`,
        short: `${oneTask[family]} ${target}`,
      }
    : { id, name: `AnB onto ${label}`, short: label.slice(0, 8) };
}
