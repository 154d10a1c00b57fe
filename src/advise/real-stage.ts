// The real stage: arms are trained, those that do well for longer. What is trained how long is
// decided from the time that is left, once, and kept.
import { type Check, count, listOf, number, objectOf, orNull } from '../base/checks.js';
import { segmentsOf } from '../net/cuts.js';
import { gangFlops } from '../study/needs/cost.js';
import type { AdviceContext } from './advice-context.js';
import { type Arm, armCheck, armKey, familyOf, firstArms, LEAST_ARMS } from './arms.js';
import { type CheapStage, promisingCuts } from './cheap-stage.js';
import {
  type ArmResult,
  longestEpochs,
  planRound,
  ranked,
  type Round,
  roundCost,
  roundResults,
  type RoundStudy,
  trainRound,
} from './round.js';
import { scored } from './score.js';
import { stage } from './stage.js';

/** What a round was decided to be. */
export interface RoundDecision {
  readonly arms: readonly Arm[];
  readonly epochs: number;
  readonly imagesPerClass: number | null;
  /** Seconds until a process trains: measured by the first round. */
  readonly startSeconds: number;
}

/** Check of one that is read back. */
const decisionCheck: Check<RoundDecision> = objectOf<RoundDecision>({
  arms: listOf(armCheck),
  epochs: count,
  imagesPerClass: orNull(count),
  startSeconds: number,
});

/** Shares of the time that is left when a round is decided. */
const SHARES = { first: 0.45, second: 0.7, only: 0.75 } as const;
/** Epochs that a round should have before further arms are added, and share of the longest
 *  schedule. */
const FEW_EPOCHS = 3;
const SCREENED = 0.25;
/** Arms that the second round takes of the best as far as there is time, and in any case. */
const MOST_BEST = 6;
const LEAST_BEST = 2;
/** Of the measured rate: data are read and tests run too. */
const USED_RATE = 0.7;
/** Seconds until a process trains, where it was not measured; and of what was, for the files of
 *  its study are written too. */
const START = { seconds: 3, factor: 1.5 } as const;

/** What was trained. */
export interface RealStage {
  /** The last result of each arm, the best first. */
  readonly results: readonly ArmResult[];
  /** The last layer by logistic regression, with its score among them. */
  readonly probe: ArmResult | null;
  readonly rounds: readonly RoundDecision[];
  /** Whether every round was trained to its end. */
  readonly isWhole: boolean;
}

/** Trains the rounds; what was trained is not trained again.
 *  @param probe the last layer by logistic regression
 *  @throws what planning and workers throw */
export async function realStage(
  context: AdviceContext,
  cheap: CheapStage,
  probe: ArmResult | null,
): Promise<RealStage> {
  const { directory, source, data, host } = context;
  const segments = segmentsOf(source.network).length;
  const arms = firstArms(segments, promisingCuts(cheap));
  const first = await stage(directory, 'round-1', decisionCheck, () => decideFirst(context, arms));
  host.say(`round 1: ${first.arms.length} ways for ${epochsText(first.epochs)}`);
  const screened = await train(context, 'round-1', first);
  const one = withScores(screened.results, probe, [], data.selection);
  if (!screened.isWhole) return { ...one, rounds: [first], isWhole: false };
  const second = await stage(directory, 'round-2', decisionCheck, () =>
    decideSecond(context, one.results, screened.studies, first),
  );
  if (second.epochs <= first.epochs) return { ...one, rounds: [first], isWhole: true };
  host.say(`round 2: ${second.arms.length} ways for ${epochsText(second.epochs)}`);
  const longer = await train(context, 'round-2', second);
  const isAgain = ({ arm }: ArmResult): boolean =>
    longer.results.some((each) => armKey(each.arm) === armKey(arm));
  // Trained for longer counts; the others of the first round are kept where the second was cut off.
  const rest = longer.isWhole ? [] : one.results.filter((each) => !isAgain(each));
  const two = withScores(longer.results, probe, screened.results, data.selection);
  return {
    ...{ results: ranked([...two.results, ...rest]), probe: two.probe ?? one.probe },
    ...{ rounds: [first, second], isWhole: longer.isWhole },
  };
}

/** Scores of a round's results and the probe. */
function withScores(
  results: readonly ArmResult[],
  probe: ArmResult | null,
  earlier: readonly ArmResult[],
  images: number,
): Pick<RealStage, 'results' | 'probe'> {
  const all = probe === null ? results : [...results, probe];
  const found = scored(all, earlier, images);
  return {
    results: ranked(found.slice(0, results.length)),
    probe: probe === null ? null : (found.at(-1) ?? null),
  };
}

function epochsText(epochs: number): string {
  return epochs === 1 ? '1 epoch' : `${epochs} epochs`;
}

async function train(
  context: AdviceContext,
  name: string,
  decision: RoundDecision,
): Promise<{
  readonly studies: readonly RoundStudy[];
  readonly results: readonly ArmResult[];
  readonly isWhole: boolean;
}> {
  const studies = await planRound(context, { ...decision, name });
  const isWhole = await trainRound(context, studies);
  return { studies, results: roundResults(studies), isWhole };
}

async function decideFirst(context: AdviceContext, arms: readonly Arm[]): Promise<RoundDecision> {
  const round: Round = { name: 'round-1', arms, epochs: 1, imagesPerClass: null };
  const studies = await planRound(context, round);
  const pace = await paceOf(context, studies);
  const time = SHARES.first * context.host.left();
  const costOf = (count: number): Cost => costOfArms(context, studies, pace, arms.slice(0, count));
  const longest = longestEpochs(context.data.train);
  const wanted = Math.max(FEW_EPOCHS, Math.ceil(SCREENED * longest));
  // From the front as many as have time for a look.
  let taken = arms.length;
  while (taken > LEAST_ARMS && secondsOf(costOf(taken), wanted) > time) taken--;
  const cost = costOf(taken);
  // With so little of it, all the time goes to one round.
  const isOnly = secondsOf(cost, FEW_EPOCHS) > time;
  const share = isOnly ? SHARES.only / SHARES.first : 1;
  return {
    arms: arms.slice(0, taken),
    epochs: epochsIn(share * time, cost, longest),
    ...{ imagesPerClass: null, startSeconds: pace.startSeconds },
  };
}

async function decideSecond(
  context: AdviceContext,
  results: readonly ArmResult[],
  studies: readonly RoundStudy[],
  { startSeconds }: RoundDecision,
): Promise<RoundDecision> {
  const segments = segmentsOf(context.source.network).length;
  const longest = longestEpochs(context.data.train);
  const time = SHARES.second * context.host.left();
  const pace = { rate: trainedRate(studies, results) ?? ASSUMED_RATE, startSeconds };
  const all = finalists(results, segments, MOST_BEST);
  const round: Round = { name: 'round-2', arms: all, epochs: 1, imagesPerClass: null };
  const planned = await planRound(context, round);
  let best = MOST_BEST;
  let arms = all;
  let cost = costOfArms(context, planned, pace, arms);
  while (best > LEAST_BEST && secondsOf(cost, longest) > time) {
    arms = finalists(results, segments, --best);
    cost = costOfArms(context, planned, pace, arms);
  }
  return { arms, epochs: epochsIn(time, cost, longest), imagesPerClass: null, startSeconds };
}

/** FLOPs a second that networks were trained with; null if none was. */
function trainedRate(studies: readonly RoundStudy[], results: readonly ArmResult[]): number | null {
  let [flops, seconds] = [0, 0];
  for (const { plan, directory } of studies) {
    for (const network of plan.networks) {
      const found = results.find(
        (each) => each.study === directory && each.network === network.name,
      );
      if (found === undefined) continue;
      flops += gangFlops(plan.study.network, [network]);
      seconds += found.seconds;
    }
  }
  return seconds > 0 ? flops / seconds : null;
}

/** The best, and the best of each rival that everybody knows.
 *  @param best how many of the best */
export function finalists(
  results: readonly ArmResult[],
  segments: number,
  best = LEAST_BEST,
): readonly Arm[] {
  const bestOf = (family: string): readonly ArmResult[] =>
    results.filter(({ arm }) => familyOf(arm, segments) === family).slice(0, 1);
  const chosen = [
    ...bestOf('last layer only'),
    ...results.slice(0, best),
    ...bestOf('fine-tune everything'),
    ...bestOf('scratch'),
  ];
  return [...new Map(chosen.map(({ arm }) => [armKey(arm), arm])).values()];
}

/** What training takes: of an epoch, and beside that. */
interface Cost {
  readonly epochSeconds: number;
  readonly startSeconds: number;
}

function secondsOf({ epochSeconds, startSeconds }: Cost, epochs: number): number {
  return epochs * epochSeconds + startSeconds;
}

function epochsIn(time: number, { epochSeconds, startSeconds }: Cost, most: number): number {
  const epochs = Math.floor((time - startSeconds) / epochSeconds);
  return Math.max(1, Math.min(most, epochs));
}

/** How fast this machine trains. */
interface Pace {
  /** FLOPs a second. */
  readonly rate: number;
  readonly startSeconds: number;
}

/** Of some arms of studies that are planned for one epoch. */
function costOfArms(
  context: AdviceContext,
  studies: readonly RoundStudy[],
  { rate, startSeconds }: Pace,
  arms: readonly Arm[],
): Cost {
  const keys = new Set(arms.map(armKey));
  const { flops, gangs } = roundCost(context, studies, (arm) => keys.has(armKey(arm)));
  return { epochSeconds: flops / rate, startSeconds: startSeconds * gangs };
}

/** Measured with a process that trains for some steps: what that takes is mostly its start. */
async function paceOf(context: AdviceContext, studies: readonly RoundStudy[]): Promise<Pace> {
  const withBase = studies.filter(({ arms }) =>
    [...arms.values()].some(({ treatment }) => treatment === 'base'),
  );
  const { first } = roundCost(context, withBase);
  const started = performance.now();
  const measured = first === null ? null : await context.host.rate(first.plan, first.gang);
  const seconds = (performance.now() - started) / 1000;
  return {
    rate: USED_RATE * (measured ?? ASSUMED_RATE),
    startSeconds: measured === null ? START.seconds : START.factor * seconds,
  };
}

/** Where it cannot be measured: FLOPs a second of two cores. */
const ASSUMED_RATE = 5e10;
