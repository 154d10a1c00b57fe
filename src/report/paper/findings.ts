// The paper's sixteen findings, each beside what this study says of it.
import { holm } from '../../stats/holm.js';
import { pOfInterval } from '../../stats/interval.js';
import { buildResults } from '../../study/results/build.js';
import { familyResults, type View, viewsOf } from '../../study/results/family.js';
import { taskLabel } from '../../study/results/task-labels.js';
import type {
  Comparison,
  Family,
  NetworkResult,
  Results,
  SummaryResults,
} from '../../study/results/types.js';
import { convergenceOf } from '../base-convergence.js';
import { balanceFinding } from './balance.js';
import { baseFindings } from './bases.js';
import { distanceFindings } from './distance.js';
import { findingIds, type PaperFinding } from './finding.js';
import { frozenFindings } from './frozen.js';
import { randomFinding } from './random.js';
import { reducedFinding } from './reduced.js';
import { scatterOf } from './sampling.js';
import { headlinesOf, tunedFindings } from './tuned.js';

/** F1 ... F16 of the paper, in this order. F3 to F11 speak of random halves if the study has them,
 *  else of its main family, of each target by itself where its tasks are unlike. Networks that did
 *  not learn are left out of all of them.
 *  @source Yosinski et al. 2014, section 4; numbers "matched" recomputed from the authors' released
 *  logs. */
export function paperFindings(results: Results): PaperFinding[] {
  const { learnt, unlearnt } = withoutUnlearnt(results);
  const scatter = scatterOf(learnt);
  const hasHalves = familyResults(learnt, 'random-halves') !== undefined;
  const family = hasHalves ? 'random-halves' : learnt.study.family;
  const findings = [
    ...baseFindings(learnt, scatter),
    ...copyFindings(learnt, family),
    ...distanceFindings(learnt, scatter.noise),
    randomFinding(learnt, scatter, unlearnt),
    reducedFinding(learnt, scatter),
  ];
  return findings.sort((a, b) => findingIds.indexOf(a.id) - findingIds.indexOf(b.id));
}

// F3 to F11. Two unlike tasks are two questions: each target has findings of its own. F10 and F11
// of all targets are the study's headlines: p corrected for their number, by their weights.
function copyFindings(results: Results, family: Family | null): PaperFinding[] {
  const { weightLayers } = results.study;
  const views = family === null ? [] : viewsOf(results, family);
  const questions = views.flatMap(({ summary }) => headlinesOf(summary));
  const corrected = holm(
    questions.map(({ comparison: { lowPt, highPt, clusters } }) =>
      pOfInterval({ low: lowPt, high: highPt }, clusters),
    ),
    questions.map(({ weight }) => weight),
  );
  const resolved = new Set(
    questions.filter((_, i) => (corrected[i] ?? 1) <= 0.05).map(({ comparison }) => comparison),
  );
  const isResolved = (comparison: Comparison): boolean => resolved.has(comparison);
  const findingsOf = ({ summary, networks }: Pick<View, 'summary' | 'networks'>) =>
    summaryFindings(summary, weightLayers, networks, isResolved);
  if (family === null || views.length === 0) {
    return findingsOf({ summary: results, networks: [] });
  }
  return views.flatMap((view) => {
    const { target } = view;
    const findings = findingsOf(view);
    if (target === null) return findings;
    const label = taskLabel(results, family, target);
    const name = label === null ? target : `${target} (${label})`;
    return findings.map((each) => ({ ...each, target: name }));
  });
}

function summaryFindings(
  summary: SummaryResults,
  weightLayers: number,
  members: readonly NetworkResult[],
  isResolved: (comparison: Comparison) => boolean,
): PaperFinding[] {
  const convergence = convergenceOf(summary, members);
  return [
    ...frozenFindings(summary, weightLayers, convergence),
    balanceFinding(summary, weightLayers, convergence),
    ...tunedFindings(summary, members, convergence, isResolved),
  ];
}

// The same study as if these networks had not ended: their accuracy says how training failed.
function withoutUnlearnt(results: Results): {
  readonly learnt: Results;
  readonly unlearnt: readonly NetworkResult[];
} {
  const unlearnt = results.networks.filter(({ notLearnt }) => notLearnt);
  if (unlearnt.length === 0) return { learnt: results, unlearnt };
  const networks = results.networks.filter(({ notLearnt }) => !notLearnt);
  const { study, byImage } = results;
  return { learnt: buildResults({ study, networks, byImage }), unlearnt };
}
