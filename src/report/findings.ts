// The answer in words, computed from the results: where transfer starts to hurt, why, and what
// fine-tuning gains. A loss or gain is called one only if its 95 % interval leaves 0 out; without
// intervals the text says that it goes by means alone.
import { type DropName, isResolved, largestDrop } from '../figures/drops.js';
import { formatInterval, formatPoints, formatRange } from '../figures/format.js';
import type {
  DecompositionPoint,
  MatchedPoint,
  Results,
  Table1Row,
} from '../study/results/types.js';
import { marginPt } from './paper/finding.js';

/** One question with its computed answer, plain text. */
export interface Finding {
  readonly id: 'transfer' | 'co-adaptation' | 'specificity' | 'gain';
  readonly question: string;
  readonly answer: string;
}

/** Answers for the study's main family. */
export function findingsOf(results: Results): Finding[] {
  return [
    { id: 'transfer', question: 'Where does transfer start to hurt?', answer: transfer(results) },
    {
      id: 'co-adaptation',
      question: 'Are layers co-adapted?',
      answer: drop(results, 'co-adaptation'),
    },
    {
      id: 'specificity',
      question: 'How specific are features to their source task?',
      answer: drop(results, 'specificity') + takeover(results),
    },
    {
      id: 'gain',
      question: 'Does fine-tuned transfer gain anything?',
      answer: gain(results),
    },
  ];
}

/** Smallest n from which on frozen transfer is below its base: the interval at n lies under 0 and
 *  no later mean is above 0. Null if there is no such n. */
export function hurtsFrom(points: readonly MatchedPoint[]): number | null {
  const known = points.filter((point) => point.meanPt !== null);
  const found = known.find(
    (point, i) =>
      point.highPt !== null &&
      point.highPt < 0 &&
      known.slice(i).every((later) => (later.meanPt ?? 0) < 0),
  );
  return found?.n ?? null;
}

function transfer(results: Results): string {
  const known = (results.matched.AnB ?? []).filter((point) => point.meanPt !== null);
  const last = known.at(-1);
  if (!last) {
    return results.matched.AnB
      ? 'Not known: no frozen transfer network (AnB) with its base is done.'
      : 'Not asked: the study has no frozen transfer networks (AnB).';
  }
  const at = (point: MatchedPoint) =>
    `${formatInterval(point.meanPt, point.lowPt, point.highPt)} at n = ${point.n}`;
  const known95 = known.filter((point) => point.lowPt !== null);
  if (known95.length === 0) {
    const all = known.map((point) => `${formatPoints(point.meanPt ?? 0)} (n = ${point.n})`);
    return [
      `By means alone, frozen transfer lies ${all.join(', ')} Pt from its own base.`,
      'Whether that is more than chance cannot be said:',
      'intervals need 3 clusters of split, target and repeat.',
    ].join(' ');
  }
  const from = hurtsFrom(known);
  if (from === null) {
    return `At no n is there a lasting loss that its interval tells from 0. At the deepest: ${at(last)}.`;
  }
  const first = known.find((point) => point.n === from) as MatchedPoint;
  const before = known.filter((point) => point.n < from).at(-1);
  const safe = before ? `Up to n = ${before.n} no loss is resolved (${at(before)}). ` : '';
  const end = last.n === from ? '' : ` and at ${at(last)}`;
  return `From n = ${from} on: against its own base, frozen transfer is at ${at(first)}${end}. ${safe}`.trim();
}

function drop(results: Results, name: DropName): string {
  const largest = largestDrop(results, name);
  if (largest === null) {
    return results.decomposition.length > 0
      ? 'Not known: no target has its base, BnB and AnB done.'
      : 'Not asked: it takes BnB and AnB at the same n.';
  }
  const { n, meanPt, lowPt, highPt } = largest;
  const value = `${formatInterval(meanPt, lowPt, highPt)} at n = ${n}`;
  if (lowPt === null) {
    const claim = (meanPt ?? 0) > 0 ? 'the largest' : 'there is none; the largest';
    return `By means alone, ${claim} ${name} drop is ${value}.`;
  }
  if (isResolved(largest)) return `The largest ${name} drop is ${value}.`;
  return `No ${name} drop is resolved; the largest mean is ${value}.`;
}

function takeover(results: Results): string {
  const known = results.decomposition.filter((point) => point.specificityPt !== null);
  const isLarger = (point: DecompositionPoint) =>
    (point.specificityPt ?? 0) > Math.max(point.coadaptationPt ?? 0, 0);
  const start = known.find((_, i) => known.slice(i).every(isLarger));
  return start ? ` It is the larger part of the loss from n = ${start.n} on.` : '';
}

function gain(results: Results): string {
  const row = results.table1[0];
  if (!row || row.matchedOverBasePt === null) {
    return results.matched['AnB+']
      ? 'Not known: no fine-tuned transfer network (AnB+) with its base is done.'
      : 'Not asked: the study has no fine-tuned transfer networks (AnB+).';
  }
  const { matchedOverBasePt, matchedOverBaseLowPt, matchedOverBaseHighPt } = row;
  const over = formatInterval(matchedOverBasePt, matchedOverBaseLowPt, matchedOverBaseHighPt);
  return `Over n = ${formatRange(row.layers)} it lies ${over} from its own base. ${againstSelffer(row)} ${againstRestart(row)}`;
}

function againstSelffer(row: Table1Row): string {
  if (row.matchedOverSelfferPt === null) return 'There is no fine-tuned selffer to compare with.';
  const { matchedOverSelfferLowPt: low, matchedOverSelfferHighPt: high } = row;
  const value = formatInterval(row.matchedOverSelfferPt, low, high);
  return `Against the fine-tuned selffer (BnB+), which never saw the other task: ${value}${verdict(low, high)}.`;
}

function againstRestart(row: Table1Row): string {
  if (row.matchedOverWarmRestartPt === null) {
    return 'Without the warm restart as a control, a gain from transfer cannot be distinguished from one of training twice.';
  }
  const { matchedOverWarmRestartLowPt: low, matchedOverWarmRestartHighPt: high } = row;
  const value = formatInterval(row.matchedOverWarmRestartPt, low, high);
  return `Against the warm restart, the same base simply trained again: ${value}${verdict(low, high)}.`;
}

function verdict(lowPt: number | null, highPt: number | null): string {
  if (lowPt === null || highPt === null) return '';
  if (lowPt > 0) return ', so the other task adds something';
  if (highPt < 0) return ', so transfer does worse';
  const atMost = `; a gain of ${marginPt} Pt or more is ruled out`;
  return `, so the two cannot be told apart${highPt < marginPt ? atMost : ''}`;
}
