// Which arm is best, from few images: an arm that got lucky on them is not better. What an arm gets
// right is drawn towards what its cut and its way of training get elsewhere.
import { type Arm, armKey } from './arms.js';
import type { ArmResult } from './round.js';

/** One arm's accuracy in a round. */
interface Observation {
  readonly row: string;
  readonly column: string;
  readonly round: number;
  readonly accuracy: number;
}

/** Where effects are estimated from k observations, their sum is divided by k + this. */
const RIDGE = 0.5;
const STEPS = 50;
/** Observations beyond the effects that the scatter needs. */
const LEAST_FREE = 3;

/** The results with their scores: f + w (a - f), for accuracy a and what an additive model of all
 *  results expects, f = round + (treatment and rate) + cut, its effects shrunk. w = 1 - v / s^2,
 *  at least 0: v = mean a (1 - a) / images is what the images alone scatter, s^2 the mean square
 *  of a - f by its degrees of freedom. With many images w tends to 1, as it does where arms differ
 *  in what the model does not have; with too few results it is 1.
 *  @param results of the last round   @param earlier of shorter ones
 *  @param images to choose by
 *  @source empirical Bayes as Efron & Morris 1975, Journal of the American Statistical Association
 *  70:311, towards a fitted model */
export function scored(
  results: readonly ArmResult[],
  earlier: readonly ArmResult[],
  images: number,
): readonly ArmResult[] {
  const observations = [
    ...results.map((each) => observationOf(each, 1)),
    ...earlier.map((each) => observationOf(each, 0)),
  ];
  const expected = additiveFit(observations);
  const weight = ownWeight(observations, expected, images);
  return results.map((each, at) => {
    const fit = expected[at] as number;
    return { ...each, score: fit + weight * (each.accuracy - fit) };
  });
}

function observationOf({ arm, accuracy }: ArmResult, round: number): Observation {
  return { row: wayOf(arm), column: String(arm.n), round, accuracy };
}

function wayOf(arm: Arm): string {
  return arm.treatment === 'probe' ? 'probe' : armKey({ ...arm, n: 0 });
}

function ownWeight(
  observations: readonly Observation[],
  expected: readonly number[],
  images: number,
): number {
  const number = (of: (each: Observation) => string | number): number =>
    new Set(observations.map(of)).size;
  const effects = number(({ row }) => row) + number(({ column }) => column);
  const free = observations.length - effects - number(({ round }) => round) + 2;
  if (free < LEAST_FREE) return 1;
  let [squares, scatter] = [0, 0];
  for (const [at, { accuracy }] of observations.entries()) {
    squares += (accuracy - (expected[at] as number)) ** 2;
    scatter += (accuracy * (1 - accuracy)) / images / observations.length;
  }
  return squares === 0 ? 1 : Math.max(0, 1 - scatter / (squares / free));
}

/** round + row + column of each, by fitting one after the other to what the others leave. */
function additiveFit(observations: readonly Observation[]): readonly number[] {
  const kinds = [
    { of: ({ round }: Observation) => String(round), ridge: 0 },
    { of: ({ row }: Observation) => row, ridge: RIDGE },
    { of: ({ column }: Observation) => column, ridge: RIDGE },
  ].map((kind) => ({ ...kind, effects: new Map<string, number>() }));
  const fitted = (each: Observation): number =>
    kinds.reduce((sum, { of, effects }) => sum + (effects.get(of(each)) ?? 0), 0);
  for (let step = 0; step < STEPS; step++) {
    for (const { of, ridge, effects } of kinds) {
      const left = new Map<string, { sum: number; count: number }>();
      for (const each of observations) {
        const key = of(each);
        const { sum, count } = left.get(key) ?? { sum: 0, count: 0 };
        const rest = each.accuracy - fitted(each) + (effects.get(key) ?? 0);
        left.set(key, { sum: sum + rest, count: count + 1 });
      }
      for (const [key, { sum, count }] of left) effects.set(key, sum / (count + ridge));
    }
  }
  return observations.map(fitted);
}
