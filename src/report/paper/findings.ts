// The paper's sixteen findings, each beside what this study says of it.
import { familyResults } from '../../study/results/family.js';
import type { Results } from '../../study/results/types.js';
import { baseFindings } from './bases.js';
import { distanceFindings } from './distance.js';
import { findingIds, type PaperFinding } from './finding.js';
import { frozenFindings } from './frozen.js';
import { reducedFinding } from './reduced.js';
import { tunedFindings } from './tuned.js';

/** F1 ... F16 of the paper, in this order. F3 to F11 speak of random halves if the study has them,
 *  else of its main family.
 *  @source Yosinski et al. 2014, section 4; numbers "matched" recomputed from the authors' released
 *  logs. */
export function paperFindings(results: Results): PaperFinding[] {
  const { weightLayers } = results.study;
  const halves = familyResults(results, 'random-halves');
  const family = halves ? 'random-halves' : results.study.family;
  const main = halves ?? results;
  const members = results.networks.filter((network) => network.family === family);
  const findings = [
    ...baseFindings(results),
    ...frozenFindings(main, weightLayers),
    ...tunedFindings(main, members),
    ...distanceFindings(results),
    reducedFinding(results),
  ];
  return findings.sort((a, b) => findingIds.indexOf(a.id) - findingIds.indexOf(b.id));
}
