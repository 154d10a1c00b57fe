// What to say of a network that was trained again.
import type { TrainingNoise } from '../results/training-noise.js';
import {
  type AccuracyChange,
  accuracyChange,
  type Difference,
  type EndedRun,
  type EnvironmentDifference,
  environmentDifferences,
  firstDifference,
  isOtherArithmetic,
  selfContradiction,
} from './compare-runs.js';

/** How a network came out.
 *  - `equal`: every number is the recorded one, to the bit.
 *  - `expected`: other arithmetic was used, and the accuracy changed no more than chance makes it.
 *  - `differs`: the same arithmetic gave other numbers, or the accuracy changed by more than chance
 *    explains or by an amount of which nothing tells, or the record contradicts itself.
 *  - `not-trained`: it could not be trained again. */
export type ReproductionVerdict = 'equal' | 'expected' | 'differs' | 'not-trained';

/** A network trained again beside what was recorded. */
export interface Reproduction {
  readonly name: string;
  readonly verdict: ReproductionVerdict;
  /** Why it was not trained; null if it was. */
  readonly message: string | null;
  /** In what run.json contradicts the metrics beside it; null if it does not. */
  readonly contradiction: Difference | null;
  /** Null if there is none. */
  readonly firstDifference: Difference | null;
  readonly accuracy: AccuracyChange | null;
  readonly environment: readonly EnvironmentDifference[];
  /** Networks that it copies and that were trained again too, since their weights were not there or
   *  were not those that were trained. */
  readonly trainedToo: readonly string[];
}

/** A network that could not be trained again. */
export function notTrained(name: string, message: string): Reproduction {
  return {
    ...{ name, verdict: 'not-trained', message, contradiction: null, firstDifference: null },
    ...{ accuracy: null, environment: [], trainedToo: [] },
  };
}

/** Compares a network with what was recorded of it.
 *  @param noise of training again, as the study shows it; null if it does not */
export function judge(
  recorded: EndedRun,
  again: EndedRun,
  noise: TrainingNoise | null,
  trainedToo: readonly string[],
): Reproduction {
  const { name, executor } = recorded.record;
  const contradiction = selfContradiction(recorded);
  const first = firstDifference(recorded, again);
  const accuracy = accuracyChange(recorded, again, noise);
  const environment =
    executor === null || again.record.executor === null
      ? []
      : environmentDifferences(executor, again.record.executor);
  const isExpected =
    isOtherArithmetic(environment) &&
    recorded.record.state === again.record.state &&
    accuracy !== null &&
    accuracy.expectedPt !== null &&
    Math.abs(accuracy.differencePt) <= accuracy.expectedPt;
  const verdict = first === null ? 'equal' : isExpected ? 'expected' : 'differs';
  return {
    ...{ name, verdict: contradiction === null ? verdict : 'differs', message: null },
    ...{ contradiction, firstDifference: first, accuracy, environment, trainedToo },
  };
}
