// The figures of a study and what it answers, for the page: the report's own.
import { figuresOf } from '../figures/figures.js';
import type { LearningCurve } from '../figures/learning-curves.js';
import type { Figure, Room, ThemeName } from '../figures/spec.js';
import { findingsOf } from '../report/findings.js';
import { verdictWords } from '../report/paper/finding.js';
import { paperFindings } from '../report/paper/findings.js';
import type { Measurements } from '../study/measurements/types.js';
import { buildResults, type ResultsInput } from '../study/results/build.js';
import type { Results } from '../study/results/types.js';
import type { FiguresAnswer } from './api.js';

/** What figures are made of. */
export interface FiguresRequest {
  readonly revision: number;
  readonly own: ResultsInput;
  /** The study's folder; null if there are no learning curves in it. */
  readonly directory: string | null;
  readonly measurements: Measurements | null;
  /** Another study that is laid over them. */
  readonly against: ResultsInput | null;
  readonly theme: ThemeName;
  readonly room: Room;
}

/** What the thread that makes figures can be asked. */
export type FiguresQuestions = {
  /** A {@link FiguresAnswer} as JSON. */
  readonly figures: (request: FiguresRequest) => string;
};

/** Figures and answers; a figure that cannot be made costs itself alone. */
export function figuresAnswer(
  { revision, own, against, measurements, theme, room }: FiguresRequest,
  curves: readonly LearningCurve[],
): FiguresAnswer {
  const results = buildResults(own);
  const other = against === null ? null : buildResults(against);
  const { figures } = figuresOf(results, curves, other, measurements);
  return {
    revision,
    figures: figures.flatMap((figure) => drawn(figure, theme, room)),
    answers: answersOf(results),
  };
}

function drawn(
  figure: Figure,
  theme: ThemeName,
  room: Room,
): readonly FiguresAnswer['figures'][number][] {
  const { id, title, alt, caption } = figure;
  try {
    const spec = figure.spec(theme, room);
    return [{ id, title, description: [alt, caption].filter(Boolean).join(' '), spec }];
  } catch {
    return [];
  }
}

// The four answers have no verdict: they are answers themselves.
function answersOf(results: Results): FiguresAnswer['answers'] {
  return [
    ...findingsOf(results).map(({ question, answer }) => ({ question, verdict: '', text: answer })),
    ...paperFindings(results).map(({ id, target, statement, verdict, evidence }) => ({
      question: `${id}${target === undefined ? '' : `, ${target}`}: ${statement}`,
      verdict: verdictWords[verdict],
      text: evidence,
    })),
  ];
}
