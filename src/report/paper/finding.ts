// What a finding of the paper is, and the rules by which a study supports or contradicts it:
// intervals, never means alone.

/** What a study says of a finding. `negligible`: an effect, if there is any, is too small to count.
 *  `not-measured`: it lacks the networks, or the number is of other data. */
export type Verdict = 'supports' | 'contradicts' | 'negligible' | 'undecided' | 'not-measured';

/** Verdicts as readers see them; the words say all, colour only repeats them. */
export const verdictWords: Readonly<Record<Verdict, string>> = {
  supports: 'supported',
  contradicts: 'contradicted',
  negligible: 'no effect that counts',
  undecided: 'undecided',
  'not-measured': 'not measured',
};

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
  /** Where the two tasks are unlike, each target has a verdict of its own: what it is called. */
  readonly target?: string;
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

/** Differences smaller than this do not count: about the paper's own spread of bases within a half,
 *  percentage points. */
export const marginPt = 1;

/** Whether the interval lies within +-{@link marginPt}. */
function isWithinMargin({ lowPt, highPt }: Range): boolean {
  return lowPt !== null && highPt !== null && lowPt > -marginPt && highPt < marginPt;
}

/** Whether the value is below 0: the interval lies under 0 (supports), above it (contradicts), or
 *  within +-{@link marginPt} (negligible). */
export function isBelow(range: Range): Verdict {
  const { lowPt, highPt } = range;
  if (lowPt === null || highPt === null) return 'undecided';
  if (highPt < 0) return 'supports';
  if (lowPt > 0) return 'contradicts';
  return isWithinMargin(range) ? 'negligible' : 'undecided';
}

/** Whether there is a loss of a size that counts: the interval lies under 0 and the mean at
 *  -{@link marginPt} or under it. */
export function isLoss(range: Range): Verdict {
  const verdict = isBelow(range);
  if (verdict !== 'supports' || (range.meanPt ?? 0) <= -marginPt) return verdict;
  return isWithinMargin(range) ? 'negligible' : 'undecided';
}

/** Whether the value is above 0: {@link isBelow}, mirrored. */
export function isAbove({ meanPt, lowPt, highPt }: Range): Verdict {
  return isBelow({ meanPt: negated(meanPt), lowPt: negated(highPt), highPt: negated(lowPt) });
}

/** Equivalence: the interval lies within +-{@link marginPt} (supports) or leaves 0 and the margin
 *  out (contradicts). */
export function isNone(range: Range): Verdict {
  const { lowPt, highPt } = range;
  if (lowPt === null || highPt === null) return 'undecided';
  if (isWithinMargin(range)) return 'supports';
  return lowPt > marginPt || highPt < -marginPt ? 'contradicts' : 'undecided';
}

/** Non-inferiority: the interval lies above -{@link marginPt} (supports) or under it (contradicts).
 *  A loss smaller than that is no loss of a size that counts, so that being below 0 does not
 *  contradict. */
export function isNoLoss({ lowPt, highPt }: Range): Verdict {
  if (lowPt === null || highPt === null) return 'undecided';
  if (lowPt > -marginPt) return 'supports';
  return highPt < -marginPt ? 'contradicts' : 'undecided';
}

/** What rests most on trained bases: a loss in the middle, none at the end. */
const needTrained: ReadonlySet<PaperFinding['id']> = new Set(['F4', 'F5', 'F9']);

/** Left undecided, with the reason, where bases are not trained to their end; where they only still
 *  rise at their last tests, F4, F5 and F9 alone. */
export function unlessUntrained(
  finding: PaperFinding,
  { state, sentence }: { readonly state: string; readonly sentence: string | null },
): PaperFinding {
  if (state === 'rising' && !needTrained.has(finding.id)) return finding;
  if (sentence === null || finding.verdict === 'not-measured') return finding;
  const seen = finding.evidence.replace(/\.$/, '');
  return { ...finding, verdict: 'undecided', evidence: `${seen}. ${sentence}` };
}

/** Of statements that must all hold: one that is contradicted decides, then one whose effect is too
 *  small to count; one undecided leaves it open. */
export function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'not-measured';
  for (const each of ['contradicts', 'negligible', 'undecided', 'not-measured'] as const) {
    if (verdicts.includes(each)) return each;
  }
  return 'supports';
}

/** Of statements of which one suffices. */
export function any(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'not-measured';
  if (verdicts.includes('supports')) return 'supports';
  if (verdicts.every((each) => each === 'contradicts')) return 'contradicts';
  return verdicts.every((each) => each === 'contradicts' || each === 'negligible')
    ? 'negligible'
    : 'undecided';
}

function negated(value: number | null): number | null {
  return value === null ? null : -value;
}
