// How the learning rate goes over a run, beside falling in steps: Caffe's `lr_policy` and the
// cosine.

/** Policy -> its settings; rates are those of an iteration t of T, from 0. */
export interface RatePolicyMap {
  /** lr gamma^t. */
  readonly exp: { readonly gamma: number };
  /** lr (1 + gamma t)^-power. */
  readonly inv: { readonly gamma: number; readonly power: number };
  /** lr (1 - t/T)^power. */
  readonly poly: { readonly power: number };
  /** lr / (1 + exp(-gamma (t - stepSize))). */
  readonly sigmoid: { readonly gamma: number; readonly stepSize: number };
  /** end + (lr - end) (1 + cos(pi t/T)) / 2 (Loshchilov and Hutter 2017, without restarts). */
  readonly cosine: { readonly end: number };
}

/** Name of a policy. */
export type RatePolicyName = keyof RatePolicyMap;

/** A policy with its settings. */
export type RatePolicy = {
  readonly [K in RatePolicyName]: { readonly kind: K } & RatePolicyMap[K];
}[RatePolicyName];

/** What all policies know. */
interface Place {
  readonly learningRate: number;
  readonly iteration: number;
  readonly iterations: number;
}

const rates: {
  readonly [K in RatePolicyName]: (settings: RatePolicyMap[K], place: Place) => number;
} = {
  exp: ({ gamma }, { learningRate, iteration }) => learningRate * gamma ** iteration,
  inv: ({ gamma, power }, { learningRate, iteration }) =>
    learningRate * (1 + gamma * iteration) ** -power,
  poly: ({ power }, { learningRate, iteration, iterations }) =>
    learningRate * (1 - iteration / iterations) ** power,
  sigmoid: ({ gamma, stepSize }, { learningRate, iteration }) =>
    learningRate / (1 + Math.exp(-gamma * (iteration - stepSize))),
  cosine: ({ end }, { learningRate, iteration, iterations }) =>
    end + ((learningRate - end) * (1 + Math.cos((Math.PI * iteration) / iterations))) / 2,
};

/** The rate that a policy gives an iteration. */
export function policyRate(policy: RatePolicy, place: Place): number {
  const rate = rates[policy.kind] as (settings: RatePolicy, place: Place) => number;
  return rate(policy, place);
}

const stretches: {
  readonly [K in RatePolicyName]: (settings: RatePolicyMap[K], times: number) => RatePolicyMap[K];
} = {
  exp: ({ gamma }, times) => ({ gamma: gamma ** (1 / times) }),
  inv: ({ gamma, power }, times) => ({ gamma: gamma / times, power }),
  poly: (settings) => settings,
  sigmoid: ({ gamma, stepSize }, times) => ({ gamma: gamma / times, stepSize: stepSize * times }),
  cosine: (settings) => settings,
};

/** The policy whose rate at iteration t, of `times` as many, is this one's at t / times. */
export function stretchedPolicy(policy: RatePolicy, times: number): RatePolicy {
  const stretch = stretches[policy.kind] as (settings: object, times: number) => object;
  return { ...policy, ...stretch(policy, times) };
}
