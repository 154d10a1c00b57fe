// What is known of a source before anything is trained: how its images are prepared, what its
// frozen features are worth, what a last layer on them reaches.
import { orNull } from '../base/checks.js';
import type { AdviceContext, DataContext } from './advice-context.js';
import { type CheapStage, cheapCheck, cheapStage, probedPerClass } from './cheap-stage.js';
import {
  type PreprocessingChoice,
  preprocessingChoiceCheck,
  tryConventions,
} from './choose-preprocessing.js';
import { parsePreprocessing } from './preprocessing.js';
import { probeArm } from './probe-arm.js';
import { type ArmResult, armResultCheck } from './round.js';
import { stage } from './stage.js';

/** A source that was looked at. */
export interface LookedAt {
  readonly context: AdviceContext;
  readonly preprocessing: PreprocessingChoice;
  readonly cheap: CheapStage;
  /** The last layer by logistic regression; null where there is none. */
  readonly probe: ArmResult | null;
}

/** Looks at a source, or reads what was found.
 *  @param preprocess as `--preprocess` says   @throws what the workers throw; the reason of the
 *  stop */
export async function lookAt(context: DataContext, preprocess?: string): Promise<LookedAt> {
  const { directory, source } = context;
  const preprocessing = await stage(directory, 'preprocessing', preprocessingChoiceCheck, () => {
    if (preprocess !== undefined) {
      const chosen = parsePreprocessing(preprocess, source.network.input.channels);
      return { chosen, from: 'the user' as const, tried: [] };
    }
    if (source.stated === null) return tryConventions(context);
    const { how, from } = source.stated;
    return { chosen: how, from, tried: [] };
  });
  const whole: AdviceContext = { ...context, preprocessing: preprocessing.chosen };
  const cheap = await stage(directory, 'cheap-stage', cheapCheck, () =>
    cheapStage(whole, probedPerClass(whole)),
  );
  const probe = await stage(directory, 'probe-arm', orNull(armResultCheck), () => probeArm(whole));
  return { context: whole, preprocessing, cheap, probe };
}
