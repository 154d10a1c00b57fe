// The answer in words, computed from the results: where transfer starts to hurt, why, and what
// fine-tuning gains. A loss or gain is called one only if headlines.ts resolves it; without
// intervals the text says that it goes by means alone.
import { formatInterval, formatPoints, formatRange } from '../figures/format.js';
import { type View, viewsOf } from '../study/results/family.js';
import {
  type DropName,
  type Gain,
  type Headlines,
  headlinesOf,
} from '../study/results/headlines.js';
import { directionOf } from '../study/results/task-labels.js';
import type { MatchedPoint, Results, SummaryResults } from '../study/results/types.js';
import { marginPt } from './paper/finding.js';

/** One question with its computed answer, plain text. */
export interface Finding {
  readonly id: 'transfer' | 'co-adaptation' | 'specificity' | 'gain';
  readonly question: string;
  readonly answer: string;
}

const questions: readonly {
  readonly id: Finding['id'];
  readonly question: string;
  readonly answer: (summary: SummaryResults, headlines: Headlines) => string;
}[] = [
  { id: 'transfer', question: 'Where does transfer start to hurt?', answer: transfer },
  {
    id: 'co-adaptation',
    question: 'Are layers co-adapted?',
    answer: (summary, headlines) => drop(summary, headlines, 'co-adaptation'),
  },
  {
    id: 'specificity',
    question: 'How specific are features to their source task?',
    answer: (summary, headlines) => drop(summary, headlines, 'specificity') + takeover(headlines),
  },
  { id: 'gain', question: 'Does fine-tuned transfer gain anything?', answer: gain },
];

/** Answers for the study's main family: one to each question, or, where its two tasks are unlike,
 *  one a target, with the direction in the question. */
export function findingsOf(results: Results): Finding[] {
  const { family } = results.study;
  const views = family === null ? [] : viewsOf(results, family);
  const seen: readonly View[] =
    views.length > 0 ? views : [{ target: null, summary: results, networks: [] }];
  const judged = seen.map((view) => ({
    ...view,
    headlines: headlinesOf(view.summary, seen.length),
  }));
  return questions.flatMap(({ id, question, answer }) =>
    judged.map(({ target, summary, headlines }) => ({
      id,
      question:
        target === null || family === null
          ? question
          : question.replace('?', `, ${directionOf(results, family, target)}?`),
      answer: answer(summary, headlines),
    })),
  );
}

function transfer({ matched }: SummaryResults, { hurtsFrom }: Headlines): string {
  const known = (matched.AnB ?? []).filter((point) => point.meanPt !== null);
  const last = known.at(-1);
  if (!last) {
    return matched.AnB
      ? 'Not known: no frozen transfer network (AnB) with its base is done.'
      : 'Not asked: the study has no frozen transfer networks (AnB).';
  }
  const at = (point: MatchedPoint) =>
    `${formatInterval(point.meanPt, point.lowPt, point.highPt)} at n = ${point.n}`;
  if (known.every((point) => point.lowPt === null)) {
    const all = known.map((point) => `${formatPoints(point.meanPt ?? 0)} (n = ${point.n})`);
    return [
      `By means alone, frozen transfer lies ${all.join(', ')} Pt from its own base.`,
      'Whether that is more than chance cannot be said: intervals need 3 independent values.',
    ].join(' ');
  }
  if (hurtsFrom === null) {
    if (last.highPt !== null && last.highPt < 0) {
      return `At the deepest frozen transfer is ${at(last)}, which alone would leave 0 out, but not among so many questions: a hint, no answer.`;
    }
    const hint = known.some(({ highPt }) => highPt !== null && highPt < 0) ? ` ${hintWords}` : '';
    return `At no n is there a lasting loss that its interval tells from 0. At the deepest: ${at(last)}.${hint}`;
  }
  const first = known.find((point) => point.n === hurtsFrom) as MatchedPoint;
  const before = known.filter((point) => point.n < hurtsFrom).at(-1);
  const safe = before ? `Up to n = ${before.n} no lasting loss is resolved (${at(before)}). ` : '';
  const end = last.n === hurtsFrom ? '' : ` and at ${at(last)}`;
  return `From n = ${hurtsFrom} on: against its own base, frozen transfer is at ${at(first)}${end}. ${safe}`.trim();
}

const hintWords =
  'Some interval leaves 0 out, but of so many one does so by chance: a hint, no answer.';

function drop({ decomposition }: SummaryResults, { drops }: Headlines, name: DropName): string {
  const { largest, resolved, isHinted } = drops[name];
  if (largest === null) {
    return decomposition.length > 0
      ? 'Not known: no target has its base, BnB and AnB done.'
      : 'Not asked: it takes BnB and AnB at the same n.';
  }
  const { n, meanPt, lowPt, highPt } = largest;
  const value = `${formatInterval(meanPt, lowPt, highPt)} at n = ${n}`;
  if (lowPt === null) {
    const claim = (meanPt ?? 0) > 0 ? 'the largest' : 'there is none; the largest';
    return `By means alone, ${claim} ${name} drop is ${value}.`;
  }
  if (resolved.length > 0) {
    const layers = resolved.map((each) => each.n).join(', ');
    return `There is a ${name} drop at n = ${layers}; the largest mean is ${value}.`;
  }
  if (isHinted) return `The largest mean ${name} drop is ${value}. ${hintWords}`;
  return `No ${name} drop is resolved; the largest mean is ${value}.`;
}

function takeover({ drops, takeoverFrom }: Headlines): string {
  return takeoverFrom === null || drops.specificity.resolved.length === 0
    ? ''
    : ` It is the larger part of the loss from n = ${takeoverFrom} on.`;
}

function gain({ matched }: SummaryResults, { gains }: Headlines): string {
  const over = gains.base;
  if (over === null) {
    return matched['AnB+']
      ? 'Not known: no fine-tuned transfer network (AnB+) with its base is done.'
      : 'Not asked: the study has no fine-tuned transfer networks (AnB+).';
  }
  const { layers, meanPt, lowPt, highPt } = over;
  return `Over n = ${formatRange(layers)} it lies ${formatInterval(meanPt, lowPt, highPt)} from its own base. ${againstSelffer(gains['BnB+'])} ${againstRestart(gains['warm-restart'])}`;
}

function againstSelffer(gain: Gain | null): string {
  return gain === null
    ? 'There is no fine-tuned selffer to compare with.'
    : `Against the fine-tuned selffer (BnB+), which never saw the other task: ${verdict(gain)}.`;
}

function againstRestart(gain: Gain | null): string {
  return gain === null
    ? 'Without the warm restart as a control, a gain from transfer cannot be distinguished from one of training twice.'
    : `Against the warm restart, the same base simply trained again: ${verdict(gain)}.`;
}

function verdict({ meanPt, lowPt, highPt, isResolved }: Gain): string {
  const value = formatInterval(meanPt, lowPt, highPt);
  if (lowPt === null || highPt === null) return value;
  if (isResolved) {
    return `${value}, so ${lowPt > 0 ? 'the other task adds something' : 'transfer does worse'}`;
  }
  if (lowPt > 0 || highPt < 0) {
    return `${value}, which alone would leave 0 out, but not among so many questions: a hint`;
  }
  const atMost = `; a gain of ${marginPt} Pt or more is ruled out`;
  return `${value}, so the two cannot be told apart${highPt < marginPt ? atMost : ''}`;
}
