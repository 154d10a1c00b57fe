// What a finding of the paper is, and the rules by which a study supports or contradicts it:
// intervals, never means alone.

/** What a study says of a finding. `not-measured`: it lacks the networks, or the number is of other
 *  data. */
export type Verdict = 'supports' | 'contradicts' | 'undecided' | 'not-measured';

/** Names of the paper's findings, in the order of its text. */
export const findingIds = [
  'F1',
  'F2',
  'F3',
  'F4',
  'F5',
  'F6',
  'F7',
  'F8',
  'F9',
  'F10',
  'F11',
  'F12',
  'F13',
  'F14',
  'F15',
  'F16',
] as const;

/** One of the paper's findings beside what this study has. */
export interface PaperFinding {
  readonly id: (typeof findingIds)[number];
  readonly statement: string;
  /** What the paper or its released logs have (Pt: percentage points, matched by target unless said
   *  otherwise). */
  readonly original: string;
  readonly verdict: Verdict;
  /** What this study has, in one or two sentences. */
  readonly evidence: string;
}

/** A mean with its 95 % interval, percentage points. */
export interface Range {
  readonly meanPt: number | null;
  readonly lowPt: number | null;
  readonly highPt: number | null;
}

/** Differences smaller than this are called none: about the paper's own spread of bases within a
 *  half, percentage points. */
export const marginPt = 1;

/** Whether the value is below 0: its interval decides. */
export function isBelow({ lowPt, highPt }: Range): Verdict {
  if (lowPt === null || highPt === null) return 'undecided';
  if (highPt < 0) return 'supports';
  return lowPt > -marginPt ? 'contradicts' : 'undecided';
}

/** Whether there is a loss of a size that counts: the interval lies under 0 and the mean under
 *  -{@link marginPt}. */
export function isLoss(range: Range): Verdict {
  const verdict = isBelow(range);
  return verdict === 'supports' && (range.meanPt ?? 0) > -marginPt ? 'undecided' : verdict;
}

/** Whether the value is above 0. */
export function isAbove({ meanPt, lowPt, highPt }: Range): Verdict {
  const mirrored = { meanPt, lowPt: negated(highPt), highPt: negated(lowPt) };
  return isBelow(mirrored);
}

/** Equivalence: the interval lies within +-{@link marginPt} (supports) or leaves 0 and the margin
 *  out (contradicts). */
export function isNone({ lowPt, highPt }: Range): Verdict {
  if (lowPt === null || highPt === null) return 'undecided';
  if (lowPt > -marginPt && highPt < marginPt) return 'supports';
  return lowPt > marginPt || highPt < -marginPt ? 'contradicts' : 'undecided';
}

/** Non-inferiority: the interval lies above -{@link marginPt} (supports) or under it altogether
 *  (contradicts). */
export function isNoLoss({ lowPt, highPt }: Range): Verdict {
  if (lowPt === null || highPt === null) return 'undecided';
  if (lowPt > -marginPt) return 'supports';
  return highPt < -marginPt ? 'contradicts' : 'undecided';
}

/** Of statements that must all hold: one that is contradicted decides, one undecided leaves it
 *  open. */
export function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'not-measured';
  for (const each of ['contradicts', 'undecided', 'not-measured'] as const) {
    if (verdicts.includes(each)) return each;
  }
  return 'supports';
}

/** Of statements of which one suffices. */
export function any(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'not-measured';
  if (verdicts.includes('supports')) return 'supports';
  return verdicts.every((each) => each === 'contradicts') ? 'contradicts' : 'undecided';
}

function negated(value: number | null): number | null {
  return value === null ? null : -value;
}
