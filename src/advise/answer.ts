// From what was trained to an answer: the chosen way and its rivals on the final test, the curve,
// the words.
import { segmentsOf } from '../net/cuts.js';
import { factsOf } from '../net/facts.js';
import type { Advice, ModelFacts } from './advice.js';
import type { AdviceContext } from './advice-context.js';
import { familyOf } from './arms.js';
import { comparedArms, shareOf } from './compare-arms.js';
import { curvePoints, extrapolate } from './curve.js';
import { judge, type Judgement, judgementCheck } from './judged.js';
import type { LookedAt } from './looked-at.js';
import { finalists, type RealStage } from './real-stage.js';
import { type ArmResult, ranked } from './round.js';
import type { SourceNetwork } from './source.js';
import { stage } from './stage.js';
import { answerOf, type Facts, outcomeOf, remarksOf } from './verdict.js';

/** A source that was looked at and trained. */
export interface TrainedSource extends LookedAt {
  readonly trained: RealStage;
}

/** All that a source's arms have reached on the images to choose by, the best first. */
export function resultsOf({ trained }: TrainedSource): readonly ArmResult[] {
  return ranked([...trained.results, ...(trained.probe === null ? [] : [trained.probe])]);
}

/** The advice on one source, and the answers of its arms to the images of the final test.
 *  @throws what the workers throw */
export async function answer(
  found: TrainedSource,
): Promise<{ readonly advice: Advice; readonly judged: Judgement }> {
  const { source, data, seed, host } = found.context;
  const { isWhole, rounds } = found.trained;
  const results = resultsOf(found);
  const segments = segmentsOf(source.network).length;
  const judged = await judgement(found.context, chosenFirst(results, segments), isWhole);
  const { labels } = judged;
  const [chosen] = judged.arms;
  const last = rounds.at(-1);
  const points =
    chosen === undefined || last === undefined || !isWhole || chosen.arm.treatment === 'base'
      ? []
      : await curvePoints(found.context, chosen.arm, last, chosen.seconds);
  const all = Math.floor(data.train / data.classes.length);
  const whole = { imagesPerClass: all, answers: chosen?.answers ?? [] };
  const curve = points.length === 0 ? [] : [...points, whole];
  const { classes, train, selection, test, guessing, together } = data;
  const facts: Facts = {
    model: modelFacts(source, classes.length),
    data: { classes, train, selection, test, guessing, together, seed },
    preprocessing: found.preprocessing,
    cheap: found.cheap,
    arms: comparedArms(found.context, judged),
    trained: results.map(({ arm, accuracy, seconds }) => ({
      ...{ arm, family: familyOf(arm, segments), selectionAccuracy: accuracy },
      trainSeconds: seconds,
    })),
    curve: curve.map(({ imagesPerClass, answers: own }) => ({
      ...{ imagesPerClass, ...shareOf(own, labels) },
    })),
    extrapolation: extrapolate(points, whole, labels, seed),
    epochs: last?.epochs ?? null,
    isWhole: isWhole && !host.stop.aborted,
    notes: source.notes,
  };
  const { notes, ...kept } = facts;
  const advice: Advice = {
    schema: 'selffer.advice/1',
    outcome: outcomeOf(facts),
    answer: answerOf(facts),
    remarks: [...remarksOf(facts), ...notes],
    ...kept,
  };
  return { advice, judged };
}

/** What an advice says of a source. @param classes of the images */
export function modelFacts(source: SourceNetwork, classes: number): ModelFacts {
  const { given, file, hash, network } = source;
  return {
    ...{ given, file, sha256: hash, classes: source.classes },
    cuts: segmentsOf(network).length - 1,
    parameters: [...factsOf(network, classes).values()].reduce(
      (sum, each) => sum + each.parameters,
      0,
    ),
  };
}

/** The best arm on the images to choose by, then the rivals. */
function chosenFirst(results: readonly ArmResult[], segments: number): readonly ArmResult[] {
  const arms = finalists(results, segments);
  return results.filter(({ arm }) => arms.includes(arm));
}

/** The final test of some arms of a source. One that was cut off is made again once more is known;
 *  a whole one is made once. @throws what the workers throw */
export async function judgement(
  context: AdviceContext,
  results: readonly ArmResult[],
  isWhole: boolean,
): Promise<Judgement> {
  if (!isWhole) return judge(context, results, false);
  return stage(context.directory, 'judgement', judgementCheck, () => {
    context.host.say(`final test of ${results.length} ${results.length === 1 ? 'way' : 'ways'}`);
    return judge(context, results, true);
  });
}
