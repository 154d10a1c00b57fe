// The shape of results.json, schema selffer.results/1. Unknown values are null, never 0. Accuracies
// are fractions in [0,1]; names ending in Pt are percentage points; low and high are the ends of 95
// % intervals, null below 3 units (unit.ts).
import type { Rise } from '../../stats/rise.js';
import type { TreatmentKind } from '../treatments.js';
import type { ByImage } from './by-image-types.js';
import type { RateTable } from './rate-types.js';
import type { TestSetResults } from './test-set-types.js';
import type { TargetSizes } from './target-size-types.js';

/** Kinds of task pairs; never pooled. A study's main family is the first of these that it has.
 *  Networks of a target that has a size of its own are of `target-size`, whatever its tasks are. */
export const families = [
  'random-halves',
  'natural-man-made',
  'classes',
  'two-sets',
  'whole',
  'reduced',
  'target-size',
] as const;

/** Kind of task pair a network belongs to. @useDeclaredType */
export type Family = (typeof families)[number];

/** Words for the tasks of a family by their letters, e.g. `{"A": "man-made", "B": "natural"}`;
 *  families whose tasks have no words but their letters are left out. */
export type TaskLabels = Readonly<Partial<Record<Family, Readonly<Record<string, string>>>>>;

/** Where a network can be: `dead` never left chance, `failed` ended with an error, `missing` has no
 *  log to import. */
export const networkStates = ['waiting', 'running', 'done', 'dead', 'failed', 'missing'] as const;

/** Where a network is. @useDeclaredType */
export type NetworkState = (typeof networkStates)[number];

/** What training a network takes, by count, tests left out. FLOPs: multiplications and additions of
 *  convolutions and inner products, forward and backward, of the network alone: in a gang, shared
 *  frozen layers are computed once for several. */
export interface TrainingCost {
  readonly iterations: number;
  readonly flops: number;
  /** With those of the network that it copies, and of the one that this copies. A base that was
   *  trained elsewhere counts nothing. */
  readonly iterationsInAll: number;
  readonly flopsInAll: number;
}

/** One network of the study. */
export interface NetworkResult {
  /** Path of the network, e.g. "split0/A3B+", with repeats "split0-r1/A3B+". */
  readonly name: string;
  readonly family: Family;
  /** Split without its repeat, e.g. "split0". */
  readonly split: string;
  readonly repeat: number;
  readonly treatment: TreatmentKind;
  /** Task the copied layers come from; null for base and random. */
  readonly source: string | null;
  /** Task it is trained and tested on; null where a split has only one task. */
  readonly target: string | null;
  /** Copied (or, for random, fresh and frozen) layers: 0 for base, all L for warm-restart. */
  readonly n: number;
  readonly state: NetworkState;
  /** The study's statistic. */
  readonly accuracy: number | null;
  /** Accuracy of the last test. */
  readonly finalAccuracy: number | null;
  /** Name in an imported study, else null. */
  readonly originalName: string | null;
  /** Training images kept of each class; null if all of them are, or if it is not known. */
  readonly imagesPerClass: number | null;
  /** Images of one test (a full pass); null if it is not known or the network has not ended. */
  readonly testImages: number | null;
  /** Classes of its task: chance is 1 / classes. Null if it is not known or the network has not
   *  ended. */
  readonly classes: number | null;
  /** Only where it is so: done, but with a training loss that ended above 0.9 ln C, so that its
   *  accuracy says how training failed, not what its features are worth. */
  readonly notLearnt?: true;
  /** Only of bases whose accuracy still rose at their last tests: see `riseAtEnd`. */
  readonly rising?: Rise;
  /** Of what the study itself trains; left out where it is not known. */
  readonly cost?: TrainingCost;
  /** Only in networks of a target that has a size of its own: see {@link SizeOf}. */
  readonly sizeOf?: SizeOf;
  /** Accuracy on further test sets after its last iteration, by their names; left out without. */
  readonly tests?: Readonly<Record<string, number>>;
  /** Its learning rate; only in studies of several. */
  readonly lr?: number;
  /** Accuracy of its last iteration on the training images that are kept aside; left out where
   *  there are none, or none was measured. */
  readonly selectionAccuracy?: number;
  /** Whether it counts, for no other rate did better on those images; only in studies of several
   *  rates. */
  readonly chosen?: boolean;
}

/** The family and split whose bases of other tasks a target of its own size copies from: its
 *  networks are those of that split, but for the number of images. */
export interface SizeOf {
  readonly family: Family;
  readonly split: string;
}

/** What one independent value of an interval is: a split, averaged over its targets; a (split,
 *  target), averaged over its repeats; or a repeat of the one pair of tasks that there is. */
export type Unit = 'split' | 'split-target' | 'repeat';

/** What the intervals of a summary are made of and speak of; single means that lack networks may
 *  rest on fewer units. */
export interface IntervalFacts {
  readonly unit: Unit;
  readonly units: number;
  /** What other studies an interval speaks of, in words that end a sentence. */
  readonly population: string;
}

/** The base networks of a family's targets: plain mean accuracy over all that are done. */
export interface BaseResult {
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly networks: number;
  readonly dead: number;
}

/** Plain mean accuracy over all done networks of one treatment and n. */
export interface LinePoint extends BaseResult {
  readonly n: number;
}

/** Mean over networks of accuracy minus the mean base of the network's own (split, target). */
export interface MatchedPoint {
  readonly n: number;
  readonly meanPt: number | null;
  readonly lowPt: number | null;
  readonly highPt: number | null;
  readonly networks: number;
  /** Independent values that the interval is made of. */
  readonly units: number;
}

/** Co-adaptation drop base - BnB and specificity drop BnB - AnB over (split, target) pairs that
 *  have all three. */
export interface DecompositionPoint {
  readonly n: number;
  readonly coadaptationPt: number | null;
  readonly coadaptationLowPt: number | null;
  readonly coadaptationHighPt: number | null;
  readonly specificityPt: number | null;
  readonly specificityLowPt: number | null;
  readonly specificityHighPt: number | null;
  /** Co-adaptation minus specificity drop, within units: which of the two is the larger. */
  readonly balancePt: number | null;
  readonly balanceLowPt: number | null;
  readonly balanceHighPt: number | null;
  readonly pairs: number;
  /** Independent values that the intervals are made of. */
  readonly units: number;
}

/** AnB+ against base, BnB+ and the warm restart, over a range of n: pooled as the paper's Table 1
 *  does, and matched. The intervals of differences are paired: over the units that have both
 *  sides. */
export interface Table1Row {
  /** Range of n, e.g. "1-7". */
  readonly layers: string;
  readonly overBasePt: number | null;
  readonly overSelfferPt: number | null;
  readonly matchedOverBasePt: number | null;
  readonly matchedOverBaseLowPt: number | null;
  readonly matchedOverBaseHighPt: number | null;
  readonly matchedOverSelfferPt: number | null;
  readonly matchedOverSelfferLowPt: number | null;
  readonly matchedOverSelfferHighPt: number | null;
  readonly matchedOverWarmRestartPt: number | null;
  readonly matchedOverWarmRestartLowPt: number | null;
  readonly matchedOverWarmRestartHighPt: number | null;
  /** AnB+ networks in the range, and BnB+ networks. */
  readonly networks: number;
  readonly selfferNetworks: number;
}

/** A paired t test of one treatment against another over the units that have both. */
export interface Comparison {
  readonly treatment: TreatmentKind;
  readonly against: TreatmentKind;
  /** One n ("3") or a range ("1-7"). */
  readonly layers: string;
  /** Mean over units. */
  readonly meanPt: number | null;
  readonly lowPt: number | null;
  readonly highPt: number | null;
  /** Units that have both. */
  readonly clusters: number;
  /** Student's t with clusters - 1 degrees of freedom, and its two-sided p; not corrected for the
   *  number of tests. */
  readonly t: number | null;
  readonly p: number | null;
  /** Smallest true difference that such a test finds (5 %, two-sided) in 4 of 5 studies of this
   *  size. */
  readonly resolvablePt: number | null;
}

/** Sources of scatter, percentage points of accuracy; see `buildNoise`. */
export interface Noise {
  readonly samplingPt: number | null;
  readonly trainingPt: number | null;
  readonly repeatedNetworks: number;
  readonly betweenClustersPt: number | null;
}

/** Summaries of one family, or of one target of it. */
export interface SummaryResults {
  readonly base: BaseResult;
  readonly lines: Readonly<Partial<Record<TreatmentKind, readonly LinePoint[]>>>;
  readonly matched: Readonly<Partial<Record<TreatmentKind, readonly MatchedPoint[]>>>;
  readonly decomposition: readonly DecompositionPoint[];
  readonly table1: readonly Table1Row[];
  readonly comparisons: readonly Comparison[];
  readonly noise: Noise;
  readonly intervals: IntervalFacts;
}

/** Summaries of one family. Where its two tasks are unlike, A to B and B to A are two questions:
 *  `byTarget` has the same summaries of the networks of one target, by its letter, and the pooled
 *  ones above are not to be read as an answer. */
export interface FamilyResults extends SummaryResults {
  readonly byTarget?: Readonly<Record<string, SummaryResults>>;
}

/** A base that the study has read from a file instead of training it. */
export interface ReadBase {
  /** Its name without folders. */
  readonly file: string;
  /** SHA-256 of its weights. */
  readonly weights: string;
  readonly classes: number;
  /** What the study states that it was trained on: "target", or nothing. */
  readonly hasSeen: readonly string[];
}

/** Facts of the study that tables and figures need. */
export interface StudyFacts {
  readonly name: string;
  /** L: number of segments; in a chain, of weight layers. */
  readonly weightLayers: number;
  /** Names of the segments 1..L; left out where each is one weight layer: its number says it. */
  readonly segmentNames?: readonly string[];
  readonly statistic: 'final' | 'top10';
  /** Tasks that are called more than their letter; left out if there are none. */
  readonly taskLabels?: TaskLabels;
  /** Further test sets by name, with the hash of their images; left out if there are none. */
  readonly tests?: Readonly<Record<string, string>>;
  /** Batch norms in frozen segments re-estimated their statistics on the target; left out if they
   *  kept the source's. */
  readonly frozenStatistics?: 'target';
  /** Learning rates that every network is trained at, the first that of what others copy; left
   *  out if there is one. */
  readonly rates?: readonly number[];
  /** What part of each class's training images no network learns from; left out: none. */
  readonly selection?: number;
  /** By their task's letter; left out if all bases are trained. */
  readonly readBases?: Readonly<Record<string, ReadBase>>;
}

/** `rates` of results.json: what several learning rates show. */
export interface RateResults {
  /** The study's list; what others copy is trained at the first. */
  readonly list: readonly number[];
  /** Networks that have not ended at every rate: which one counts may change. */
  readonly open: number;
  readonly families: Readonly<Partial<Record<Family, readonly RateTable[]>>>;
}

/** Content of results.json. The summaries at the top are those of `study.family`, the main
 *  family. */
export interface Results extends FamilyResults {
  readonly schema: 'selffer.results/1';
  readonly study: StudyFacts & { readonly family: Family | null };
  /** Those that count: of several learning rates the chosen one. */
  readonly networks: readonly NetworkResult[];
  /** The same networks at the rates that were not chosen; left out in studies of one rate. No
   *  summary but `rates` counts them. */
  readonly notChosen?: readonly NetworkResult[];
  /** What several learning rates show; left out in studies of one. */
  readonly rates?: RateResults;
  /** Summaries of each other family. */
  readonly families: Readonly<Partial<Record<Family, FamilyResults>>>;
  /** What rests on single test images, by family; left out if no network left its answers. */
  readonly byImage?: Readonly<Partial<Record<Family, readonly ByImage[]>>>;
  /** What networks reach on further test sets, by family; left out without any. */
  readonly tests?: Readonly<Partial<Record<Family, readonly TestSetResults[]>>>;
  /** What transfer gains against the number of the target's images, by the family of its tasks;
   *  left out if targets have no sizes of their own. */
  readonly targetSizes?: Readonly<Partial<Record<Family, readonly TargetSizes[]>>>;
}
