// The real stage: arms are trained, those that do well for longer. What is trained how long is
// decided from the time that is left, once, and kept.
import { type Check, count, listOf, objectOf, orNull } from '../base/checks.js';
import { segmentsOf } from '../net/cuts.js';
import { gangFlops } from '../study/needs/cost.js';
import type { AdviceContext } from './advice-context.js';
import { type Arm, armCheck, armKey, familyOf, firstArms, LEAST_ARMS } from './arms.js';
import { type CheapStage, promisingCuts } from './cheap-stage.js';
import {
  type ArmResult,
  planRound,
  ranked,
  type Round,
  roundCost,
  roundResults,
  type RoundStudy,
  trainRound,
} from './round.js';
import { stage } from './stage.js';

/** What a round was decided to be. */
export interface RoundDecision {
  readonly arms: readonly Arm[];
  readonly epochs: number;
  readonly imagesPerClass: number | null;
}

/** Check of one that is read back. */
const decisionCheck: Check<RoundDecision> = objectOf<RoundDecision>({
  arms: listOf(armCheck),
  epochs: count,
  imagesPerClass: orNull(count),
});

/** Shares of the time that is left when a round is decided. */
const SHARES = { first: 0.38, second: 0.75, only: 0.75 } as const;
/** Epochs that a round should have before further arms are added. */
const FEW_EPOCHS = 3;
const MOST_EPOCHS = { first: 10, second: 30 } as const;
/** Of the measured rate: data are read, tests run and workers started too. */
const USED_RATE = 0.7;

/** What was trained. */
export interface RealStage {
  /** The last result of each arm, the best first. */
  readonly results: readonly ArmResult[];
  readonly rounds: readonly RoundDecision[];
  /** Whether every round was trained to its end. */
  readonly isWhole: boolean;
}

/** Trains the rounds; what was trained is not trained again.
 *  @throws what planning and workers throw */
export async function realStage(context: AdviceContext, cheap: CheapStage): Promise<RealStage> {
  const { directory, source, host } = context;
  const segments = segmentsOf(source.network).length;
  const arms = firstArms(segments, promisingCuts(cheap));
  const first = await stage(directory, 'round-1', decisionCheck, () => decideFirst(context, arms));
  host.say(`round 1: ${first.arms.length} ways for ${epochsText(first.epochs)}`);
  const screened = await train(context, 'round-1', first);
  if (!screened.isWhole) {
    return { results: screened.results, rounds: [first], isWhole: false };
  }
  const second = await stage(directory, 'round-2', decisionCheck, () =>
    decideSecond(context, screened.results, screened.studies),
  );
  if (second.epochs <= first.epochs) {
    return { results: screened.results, rounds: [first], isWhole: true };
  }
  host.say(`round 2: ${second.arms.length} ways for ${epochsText(second.epochs)}`);
  const longer = await train(context, 'round-2', second);
  const isAgain = ({ arm }: ArmResult): boolean =>
    longer.results.some((each) => armKey(each.arm) === armKey(arm));
  // Trained for longer counts; the others of the first round are kept where the second was cut off.
  const rest = longer.isWhole ? [] : screened.results.filter((each) => !isAgain(each));
  return {
    results: ranked([...longer.results, ...rest]),
    rounds: [first, second],
    isWhole: longer.isWhole,
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
  const seconds = secondsOf(context, studies);
  const time = SHARES.first * context.host.left();
  // From the front as many as have time for some epochs.
  let taken = arms.length;
  const secondsOfFirst = (count: number): number =>
    seconds((arm) => arms.slice(0, count).includes(arm));
  while (taken > LEAST_ARMS && FEW_EPOCHS * secondsOfFirst(taken) > time) taken--;
  // With so little of it, all the time goes to one round.
  const isOnly = FEW_EPOCHS * secondsOfFirst(taken) > time;
  const share = isOnly ? SHARES.only / SHARES.first : 1;
  const epochs = bounded((share * time) / secondsOfFirst(taken), MOST_EPOCHS.first);
  return { arms: arms.slice(0, taken), epochs, imagesPerClass: null };
}

async function decideSecond(
  context: AdviceContext,
  results: readonly ArmResult[],
  studies: readonly RoundStudy[],
): Promise<RoundDecision> {
  const arms = finalists(results, segmentsOf(context.source.network).length);
  const round: Round = { name: 'round-2', arms, epochs: 1, imagesPerClass: null };
  const planned = await planRound(context, round);
  const time = SHARES.second * context.host.left();
  const { flops } = roundCost(context, planned);
  const rate = trainedRate(studies, results) ?? ASSUMED_RATE;
  return {
    arms,
    epochs: bounded((time * rate) / flops, MOST_EPOCHS.second),
    imagesPerClass: null,
  };
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

/** The two best, and the best of each rival that everybody knows. */
export function finalists(results: readonly ArmResult[], segments: number): readonly Arm[] {
  const best = (family: string): readonly ArmResult[] =>
    results.filter(({ arm }) => familyOf(arm, segments) === family).slice(0, 1);
  const chosen = [
    ...best('last layer only'),
    ...results.slice(0, 2),
    ...best('fine-tune everything'),
    ...best('scratch'),
  ];
  return [...new Map(chosen.map(({ arm }) => [armKey(arm), arm])).values()];
}

function bounded(epochs: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(epochs)));
}

/** Seconds of the arms of a planned round. */
function secondsOf(
  context: AdviceContext,
  studies: readonly RoundStudy[],
): (wanted: (arm: Arm) => boolean) => number {
  const withBase = studies.filter(({ arms }) =>
    [...arms.values()].some(({ treatment }) => treatment === 'base'),
  );
  const { first } = roundCost(context, withBase);
  const measured = first === null ? null : context.host.rate(first.plan, first.gang);
  const rate = USED_RATE * (measured ?? ASSUMED_RATE);
  return (wanted) => roundCost(context, studies, wanted).flops / rate;
}

/** Where it cannot be measured: FLOPs a second of two cores. */
const ASSUMED_RATE = 5e10;
