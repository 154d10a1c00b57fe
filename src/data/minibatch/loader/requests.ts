// The order in which a training run asks for minibatches. Known beforehand, so loader threads need
// not be told.

/** What the order depends on. */
export interface RequestPlan {
  /** First iteration that is still to be trained. */
  readonly from: number;
  readonly iterations: number;
  /** A pass over the validation images after every so many iterations, and after the last. */
  readonly testEvery: number;
  /** Minibatches of such a pass. */
  readonly testMinibatches: number;
}

/** One minibatch: its iteration (train) or its place in the pass (test). */
export interface Request {
  readonly part: 'train' | 'test';
  readonly index: number;
}

/** True if a test follows when `done` iterations are done. */
export function isTestDue(
  { iterations, testEvery }: Pick<RequestPlan, 'iterations' | 'testEvery'>,
  done: number,
): boolean {
  return done % testEvery === 0 || done === iterations;
}

/** All requests of a run, in order. */
export function* requests(plan: RequestPlan): Generator<Request, void, undefined> {
  for (let t = plan.from; t < plan.iterations; t++) {
    yield { part: 'train', index: t };
    if (!isTestDue(plan, t + 1)) continue;
    for (let index = 0; index < plan.testMinibatches; index++) yield { part: 'test', index };
  }
}
