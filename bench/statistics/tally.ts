// Counts over simulated studies of one cell: how often intervals hold the truth, what verdicts and
// answers say, and how often they are wrong.
import type { Verdict } from '../../src/report/paper/finding.js';
import { paperFindings } from '../../src/report/paper/findings.js';
import { findingsOf } from '../../src/report/findings.js';
import { buildResults } from '../../src/study/results/build.js';
import type { Results } from '../../src/study/results/types.js';
import { claimsOf } from './answers.js';
import { intervalsOf, type Stated } from './intervals.js';
import { type Design, deviates, simulate } from './simulate.js';
import { type FindingName, type Truth, weightLayers, type World } from './worlds.js';

/** Intervals of one kind over the studies of a cell. */
export interface Coverage {
  /** Intervals that were stated, those that held the truth, and those that were not stated. */
  stated: number;
  covered: number;
  absent: number;
  /** Sum of half widths, percentage points. */
  halfPt: number;
}

/** What came of a cell. */
export interface Tally {
  readonly studies: number;
  readonly intervals: ReadonlyMap<string, Coverage>;
  /** Studies by finding and verdict. */
  readonly verdicts: ReadonlyMap<string, ReadonlyMap<Verdict, number>>;
  /** Studies with a finding supported that is false, or contradicted that is true. */
  readonly falseSupport: number;
  readonly falseContradiction: number;
  /** Studies in which an answer in words makes a claim, and in which that is false. */
  readonly claims: ReadonlyMap<string, { made: number; wrong: number }>;
  /** Studies in which some answer is false. */
  readonly falseAnswer: number;
}

/** Whether a verdict calls something true that is not, or the other way round. That an effect is
 *  too small to count contradicts one of 1 Pt or more. */
export function errorOf(verdict: Verdict, truth: Truth): 'support' | 'contradiction' | null {
  if (verdict === 'supports') return truth === 'false' ? 'support' : null;
  if (verdict === 'contradicts') return truth === 'false' ? null : 'contradiction';
  return verdict === 'negligible' && truth === 'true' ? 'contradiction' : null;
}

/** Simulates studies and lets the product judge them.
 *  @param cell names the random numbers */
export function tally(
  world: World,
  design: Design,
  { studies, seed, cell }: { studies: number; seed: number; cell: string },
): Tally {
  const intervals = new Map<string, Coverage>();
  const verdicts = new Map<string, Map<Verdict, number>>();
  const claims = new Map<string, { made: number; wrong: number }>();
  const wrong = { support: 0, contradiction: 0, answer: 0 };
  for (let study = 0; study < studies; study++) {
    const networks = simulate(world, design, deviates(seed, cell, study));
    const facts = { name: 'simulated', weightLayers, statistic: 'final' } as const;
    const results = buildResults({ study: facts, networks });
    for (const each of statedBy(results, world)) addInterval(intervals, each);
    const errors = new Set(
      paperFindings(results).map(({ id, target = '', verdict }) => {
        const name = `${id}${target}`;
        const counts = verdicts.get(name) ?? new Map<Verdict, number>();
        verdicts.set(name, counts.set(verdict, (counts.get(verdict) ?? 0) + 1));
        const truth = world.truths[name as FindingName];
        return truth === undefined ? null : errorOf(verdict, truth);
      }),
    );
    if (errors.has('support')) wrong.support++;
    if (errors.has('contradiction')) wrong.contradiction++;
    const said = findingsOf(results).flatMap((finding) => {
      const target = / to ([AB])\?/.exec(finding.question)?.[1] ?? null;
      return claimsOf(finding, world, target);
    });
    for (const id of new Set(said.map((claim) => claim.id))) {
      const isWrong = said.some((claim) => claim.id === id && !claim.isTrue);
      const count = claims.get(id) ?? { made: 0, wrong: 0 };
      claims.set(id, { made: count.made + 1, wrong: count.wrong + (isWrong ? 1 : 0) });
    }
    if (said.some(({ isTrue }) => !isTrue)) wrong.answer++;
  }
  return {
    studies,
    intervals,
    verdicts,
    falseSupport: wrong.support,
    falseContradiction: wrong.contradiction,
    claims,
    falseAnswer: wrong.answer,
  };
}

// Of two unlike tasks, each target's.
function statedBy(results: Results, world: World): Stated[] {
  const targets = Object.entries(results.byTarget ?? {});
  return targets.length === 0
    ? intervalsOf(results, world)
    : targets.flatMap(([target, summary]) => intervalsOf(summary, world, target));
}

function addInterval(
  counts: Map<string, Coverage>,
  { kind, low, high, truth, toPoints }: Stated,
): void {
  const count = counts.get(kind) ?? { stated: 0, covered: 0, absent: 0, halfPt: 0 };
  counts.set(kind, count);
  if (low === null || high === null) {
    count.absent++;
    return;
  }
  count.stated++;
  if (low <= truth && truth <= high) count.covered++;
  count.halfPt += (toPoints * (high - low)) / 2;
}
