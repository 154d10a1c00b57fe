// From what each network reached to the whole of results.json. Pure: the same networks in any order
// give the same bytes.
import type { Rise } from '../../stats/rise.js';
import { chooseRates, isChosen } from './choose-rate.js';
import { buildComparisons } from './comparisons.js';
import { buildDecomposition } from './decomposition.js';
import { unlikeTargets } from './family.js';
import { buildIntervals } from './intervals.js';
import { buildLines, buildMatched, summarise } from './lines.js';
import { referenceBases } from './measured.js';
import { buildNoise } from './noise.js';
import { compareNetworks } from './order.js';
import { buildRates } from './rates.js';
import { roundNumbers } from './round.js';
import { completeLabels } from './task-labels.js';
import { buildTestSets } from './test-sets.js';
import { buildTargetSizes } from './target-sizes.js';
import { buildTable1 } from './table1.js';
import { cellsOf } from './unit.js';
import {
  families,
  type Family,
  type FamilyResults,
  type NetworkResult,
  type Results,
  type StudyFacts,
  type SummaryResults,
  type TrainingCost,
} from './types.js';

/** What {@link buildResults} needs: facts of the study and every planned network, in any order and
 *  state. */
export interface ResultsInput {
  readonly study: StudyFacts;
  readonly networks: readonly NetworkResult[];
  /** What {@link buildByImage} made of files that are not part of the results. */
  readonly byImage?: Results['byImage'];
}

/** Builds the results table. Networks are put in the order of `compareNetworks`; of those at
 *  several learning rates the chosen ones count. Numbers are rounded to 12 significant digits. The
 *  main family is the first of `families` that the study has. */
export function buildResults(input: ResultsInput): Results {
  const { rates } = input.study;
  const all = chooseRates(input.networks, rates).map(plainNetwork).sort(compareNetworks);
  const networks = all.filter(isChosen);
  // Networks of targets of several sizes are no one population: they have a section of their own.
  const present = families.filter(
    (family) => family !== 'target-size' && networks.some((each) => each.family === family),
  );
  const targetSizes = buildTargetSizes(networks);
  const summary = (family: Family | undefined): FamilyResults => {
    const members = networks.filter((network) => network.family === family);
    return buildFamily(members, input.study.weightLayers);
  };
  const [main, ...others] = present;
  const { name, weightLayers, segmentNames, statistic, readBases } = input.study;
  const { frozenStatistics, tests, selection } = input.study;
  const rateResults = buildRates(all, rates);
  const testSets = buildTestSets(networks);
  const taskLabels = completeLabels(input.study, networks);
  const hasLabels = Object.keys(taskLabels).length > 0;
  return roundNumbers({
    schema: 'selffer.results/1',
    study: {
      name,
      family: main ?? null,
      weightLayers,
      ...(segmentNames === undefined ? {} : { segmentNames }),
      statistic,
      ...(hasLabels ? { taskLabels } : {}),
      ...(frozenStatistics === undefined ? {} : { frozenStatistics }),
      ...(rates === undefined ? {} : { rates }),
      ...(selection === undefined ? {} : { selection }),
      ...(readBases === undefined ? {} : { readBases }),
      ...(tests === undefined ? {} : { tests }),
    },
    ...summary(main),
    families: Object.fromEntries(others.map((family) => [family, summary(family)])),
    ...(testSets === undefined ? {} : { tests: testSets }),
    ...(input.byImage === undefined ? {} : { byImage: input.byImage }),
    ...(targetSizes === undefined ? {} : { targetSizes }),
    ...(rateResults === undefined ? {} : { rates: rateResults }),
    networks,
    ...(rates === undefined ? {} : { notChosen: all.filter((each) => !isChosen(each)) }),
  });
}

function buildFamily(networks: readonly NetworkResult[], weightLayers: number): FamilyResults {
  const targets = unlikeTargets(networks);
  const summaries = targets.map((target) => {
    const members = networks.filter((network) => network.target === target);
    return [target, buildSummary(members, weightLayers)] as const;
  });
  return {
    ...buildSummary(networks, weightLayers),
    ...(targets.length === 0 ? {} : { byTarget: Object.fromEntries(summaries) }),
  };
}

function buildSummary(networks: readonly NetworkResult[], weightLayers: number): SummaryResults {
  return {
    base: summarise(referenceBases(networks), cellsOf(networks)),
    lines: buildLines(networks),
    matched: buildMatched(networks),
    decomposition: buildDecomposition(networks),
    table1: buildTable1(networks, weightLayers),
    comparisons: buildComparisons(networks, weightLayers),
    noise: buildNoise(networks),
    intervals: buildIntervals(networks),
  };
}

// Only the keys of the schema, in its order: callers may pass richer records.
function plainNetwork(network: NetworkResult): NetworkResult {
  return {
    name: network.name,
    family: network.family,
    split: network.split,
    repeat: network.repeat,
    treatment: network.treatment,
    source: network.source,
    target: network.target,
    n: network.n,
    state: network.state,
    accuracy: network.accuracy,
    finalAccuracy: network.finalAccuracy,
    originalName: network.originalName,
    imagesPerClass: network.imagesPerClass,
    testImages: network.testImages,
    classes: network.classes,
    ...(network.notLearnt ? { notLearnt: true } : {}),
    ...(network.rising === undefined ? {} : { rising: plainRise(network.rising) }),
    ...(network.cost === undefined ? {} : { cost: plainCost(network.cost) }),
    ...(network.sizeOf === undefined ? {} : { sizeOf: network.sizeOf }),
    ...(network.tests === undefined ? {} : { tests: network.tests }),
    ...plainRate(network),
  };
}

function plainRate({ lr, selectionAccuracy, chosen }: NetworkResult): Partial<NetworkResult> {
  return {
    ...(lr === undefined ? {} : { lr }),
    ...(selectionAccuracy === undefined ? {} : { selectionAccuracy }),
    ...(chosen === undefined ? {} : { chosen }),
  };
}

function plainRise({ risePt, lowPt, highPt }: Rise): Rise {
  return { risePt, lowPt, highPt };
}

function plainCost({ iterations, flops, iterationsInAll, flopsInAll }: TrainingCost): TrainingCost {
  return { iterations, flops, iterationsInAll, flopsInAll };
}
